/** A manifest of two tenants, through the product's own parser and blueprints to desired facts. */
import { resolveSecrets } from '../../src/apply/secret-values.ts';
import { makeBlueprints } from '../../src/blueprint/blueprints.ts';
import { desiredFacts } from '../../src/blueprint/desired-facts.ts';
import type { Facts } from '../../src/core/facts.ts';
import { parseManifest } from '../../src/manifest/parse.ts';
import { SAMPLE_LAYOUT } from '../support/sample.ts';

export interface Declared {
  /** Lines below each tenant, indented by four, and below its host. */
  readonly acme?: string;
  readonly globex?: string;
  readonly host?: string;
  readonly members?: string;
}

export function declaredHosts({ acme = '', globex = '', host = '', members = 'team@globex.test' }: Declared): Facts {
  const text = `fleet: two
trust: clients
hosts:
  local:
    admins: [{ name: ops@host.test, how: root }]
${host}
tenants:
  acme:
    boundary: { owner: owner@acme.test, data: tickets, members: [team@acme.test] }
    isolation: os-user
    policy: support
${acme}
  globex:
    boundary: { owner: owner@globex.test, data: tickets, members: [${members}] }
    isolation: os-user
    policy: support
${globex}
namedRisks:
  - { item: host-admins, tenants: [acme, globex], risk: ops reads all, owner: ops@host.test, until: "2099-01-01" }
`;
  const parsed = parseManifest(text, 'bulkhead.yaml', '0'.repeat(64));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  const leases = new Map(parsed.fleet.tenants.map(({ id }, at) => [id, { first: 20_000 + at * 120, last: 20_119 + at * 120 }]));
  const blueprints = makeBlueprints(parsed.fleet, () => SAMPLE_LAYOUT, leases);
  return desiredFacts({ fleet: parsed.fleet, blueprints, ...resolveSecrets(blueprints, {}), takenAt: '2026-11-24T00:00:00.000Z' });
}
