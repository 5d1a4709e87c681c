/** Facts that a manifest declares, by the product's own road: text, fleet, blueprints, desired facts. */
import { desiredFacts } from '../../src/blueprint/desired-facts.ts';
import { makeBlueprints } from '../../src/blueprint/blueprints.ts';
import { resolveSecrets } from '../../src/apply/secret-values.ts';
import type { Facts } from '../../src/core/facts.ts';
import { parseManifest } from '../../src/manifest/parse.ts';
import { SAMPLE_LAYOUT } from '../support/sample.ts';

/** Two tenants; each is given as further lines of its entry, two blanks less deep than they are written in the manifest. */
export function declared(acme: string, globex: string, env: Readonly<Record<string, string>> = {}): Facts {
  const parsed = parseManifest(manifest(acme, globex), 'bulkhead.yaml', '');
  if (!parsed.ok) throw new Error(`the seeded manifest is wrong: ${parsed.problems.map(({ message }) => message).join('; ')}`);
  const { fleet } = parsed;
  const leases = new Map(fleet.tenants.map(({ id }, at) => [id, { first: 20_000 + at * 120, last: 20_119 + at * 120 }]));
  const blueprints = makeBlueprints(fleet, () => SAMPLE_LAYOUT, leases);
  const { provided, masker } = resolveSecrets(blueprints, env);
  return desiredFacts({ fleet, blueprints, provided, masker, takenAt: '2026-11-24T00:00:00.000Z' });
}

function manifest(acme: string, globex: string): string {
  const tenant = (name: string, more: string): string =>
    [
      `  ${name}:`,
      `    boundary: { owner: owner@${name}.test, data: tickets, members: [] }`,
      '    policy: support',
      ...more.split('\n').map((line) => `    ${line}`),
    ].join('\n');
  return `fleet: f
trust: clients
hosts: { local: { admins: [{ name: ops, how: root }] } }
tenants:
${tenant('acme', acme)}
${tenant('globex', globex)}
namedRisks:
  - { item: host-admins, tenants: [acme, globex], risk: ops reads everything, owner: security@example.test, until: 2027-03-01 }
`;
}
