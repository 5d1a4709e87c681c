/** A manifest's text as `plan` sees it: parsed, laid out, rendered. */
import { blockOf } from '../../src/openclaw/ports.ts';
import { desiredFacts } from '../../src/blueprint/desired-facts.ts';
import { makeBlueprints } from '../../src/blueprint/blueprints.ts';
import type { Facts } from '../../src/core/facts.ts';
import type { PresetName } from '../../src/core/fleet.ts';
import { parseManifest } from '../../src/manifest/parse.ts';
import { resolveSecrets } from '../../src/apply/secret-values.ts';
import { SAMPLE_LAYOUT } from '../support/sample.ts';

export interface DeclaredFleet {
  /** YAML lines of each tenant beside its boundary and the policy of both. */
  readonly acme?: readonly string[];
  readonly globex?: readonly string[];
  readonly policy?: PresetName;
  readonly trust?: 'team' | 'clients';
  readonly env?: Readonly<Record<string, string>>;
}

/** Two tenants on one machine, 120 ports apart unless they say otherwise. */
export function declaredFleet({ acme = [], globex = [], policy = 'support', trust = 'clients', env = {} }: DeclaredFleet): Facts {
  const tenant = (name: string, lines: readonly string[]): readonly string[] => [
    `  ${name}:`,
    `    boundary: { owner: "owner@${name}.test", data: tickets, members: [] }`,
    `    policy: ${policy}`,
    ...lines.map((line) => `    ${line}`),
  ];
  const text = [
    'fleet: seeded',
    `trust: ${trust}`,
    'hosts: { local: { admins: [{ name: ops, how: root }] } }',
    'tenants:',
    ...tenant('acme', acme),
    ...tenant('globex', globex),
    'namedRisks:',
    '  - { item: host-admins, tenants: [acme, globex], risk: ops reads everything, owner: s@example.test, until: 2027-03-01 }',
  ].join('\n');
  const parsed = parseManifest(text, 'bulkhead.yaml', '0'.repeat(64));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  const { fleet } = parsed;
  const leases = new Map(fleet.tenants.map(({ id, port }, at) => [id, blockOf(port ?? 20_000 + 120 * at)]));
  const blueprints = makeBlueprints(fleet, () => SAMPLE_LAYOUT, leases);
  const { provided, masker } = resolveSecrets(blueprints, env);
  return desiredFacts({ fleet, blueprints, provided, masker, takenAt: '2026-11-24T00:00:00.000Z' });
}
