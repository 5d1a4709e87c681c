/** Two tenants of a manifest with two machines, through the product's own parser and blueprints to desired facts. */
import { resolveSecrets } from '../../src/apply/secret-values.ts';
import { makeBlueprints } from '../../src/blueprint/blueprints.ts';
import { desiredFacts } from '../../src/blueprint/desired-facts.ts';
import type { Facts } from '../../src/core/facts.ts';
import { parseManifest } from '../../src/manifest/parse.ts';
import { SAMPLE_LAYOUT } from '../support/sample.ts';

export interface DeclaredMachines {
  readonly trust?: 'clients' | 'adversarial';
  /** Host and further lines of each tenant, in YAML's flow style, e.g. `host: edge-1, isolation: host`. */
  readonly acme?: string;
  readonly globex?: string;
  /** Administrators of edge-2, and members of acme. */
  readonly admin?: string;
  readonly member?: string;
}

export function declaredMachines(wish: DeclaredMachines): Facts {
  const { trust = 'adversarial', acme = 'host: edge-1', globex = 'host: edge-2', admin = 'olga@host.test', member = 'team@acme.test' } = wish;
  const text = `fleet: two
trust: ${trust}
hosts:
  edge-1: { ssh: root@edge-1.example.net, admins: [{ name: ops@host.test, how: root }] }
  edge-2: { ssh: root@edge-2.example.net, admins: [{ name: ${admin}, how: root }] }
tenants:
  acme: { boundary: { owner: owner@acme.test, data: tickets, members: [${member}] }, policy: support, ${acme} }
  globex: { boundary: { owner: owner@globex.test, data: tickets, members: [team@globex.test] }, policy: support, ${globex} }
`;
  const parsed = parseManifest(text, 'bulkhead.yaml', '0'.repeat(64));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  const leases = new Map(parsed.fleet.tenants.map(({ id }, at) => [id, { first: 20_000 + at * 120, last: 20_119 + at * 120 }]));
  const blueprints = makeBlueprints(parsed.fleet, () => SAMPLE_LAYOUT, leases);
  return desiredFacts({ fleet: parsed.fleet, blueprints, ...resolveSecrets(blueprints, {}), takenAt: '2026-11-24T00:00:00.000Z' });
}
