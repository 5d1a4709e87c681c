import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observedFacts, withAccess, withAudit, withDocument } from '../checks/testing/clean-facts.ts';
import { known, type Facts, type HostFacts, type ProcessFact, type TenantFacts } from '../core/facts.ts';
import type { SocketFact } from '../core/network-facts.ts';
import { digestFacts } from './facts-digest.ts';

const MANIFEST = 'a'.repeat(64);
const digest = (facts: Facts, version = '1.0.0', manifestSha256 = MANIFEST): string => digestFacts({ facts, manifestSha256, version });
const CLEAN = digest(observedFacts());
const acme = (change: (tenant: TenantFacts) => Partial<TenantFacts>): Facts => observedFacts({}, { acme: change });
const host = (change: (host: HostFacts) => Partial<HostFacts>): Facts => {
  const facts = observedFacts();
  return { ...facts, hosts: facts.hosts.map((one) => ({ ...one, ...change(one) })) };
};
const process = (change: Partial<ProcessFact>): Facts =>
  acme((tenant) => ({
    process: tenant.process.known && tenant.process.value !== null ? known({ ...tenant.process.value, ...change }, 'test') : tenant.process,
  }));
const sockets = (change: (all: readonly SocketFact[]) => readonly SocketFact[]): Facts =>
  host((one) => ({ sockets: one.sockets.known ? known(change(one.sockets.value), 'test') : one.sockets }));

const OWN = userOf(observedFacts());
const listenerOf = (uid: number): SocketFact => ({ namespace: '1', address: '127.0.0.1', port: 40_000, uid, pids: [1] });

function userOf({ tenants: [first] }: Facts): number {
  return first?.user.known === true ? (first.user.value.uid ?? assert.fail('it has no user')) : assert.fail('its user is not known');
}

const CHANGED: Readonly<Record<string, Facts>> = {
  'a mode bit': withAccess({ '/t/acme/state': { mode: 0o755 } }),
  'a gateway that was restarted': process({ startTicks: '999999' }),
  'another process of the gateway': process({ pid: 4711 }),
  'another namespace': process({ namespaces: { net: '77' } }),
  'a new listener': sockets((all) => [...all, { namespace: '2', address: '0.0.0.0', port: 4444, uid: 0, pids: [1] }]),
  'a listener of somebody else': sockets((all) => all.map((one, at) => (at === 0 ? { ...one, uid: 4242 } : one))),
  'a listener of a tenant, on a port that the kernel chose': sockets((all) => [...all, listenerOf(OWN)]),
  'another config': acme(() => ({ configSha256: known('b'.repeat(64), 'test') })),
  'a secret that two tenants have': acme((tenant) => ({
    secrets: tenant.secrets.known
      ? known(
          tenant.secrets.value.map((one) => ({ ...one, digest: 'token-globex' })),
          'test',
        )
      : tenant.secrets,
  })),
  'a fact that can no longer be read': acme(() => ({ egress: { known: false, why: 'nft said nothing' } })),
  'another trust': observedFacts({ trust: { default: 'team', relations: [] } }),
};

for (const [what, facts] of Object.entries(CHANGED)) {
  test(`${what} makes another digest`, () => assert.notEqual(digest(facts), CLEAN));
}

test('another version and another manifest make another digest', () => {
  assert.notEqual(digest(observedFacts(), '1.0.1'), CLEAN);
  assert.notEqual(digest(observedFacts(), '1.0.0', 'b'.repeat(64)), CLEAN);
});

test('times, latencies, audits, pages, the key of the run which process holds a socket and a passing listener of nobody’s make no other digest', () => {
  const rekeyed = acme((tenant) => ({
    secrets: tenant.secrets.known
      ? known(
          tenant.secrets.value.map((one) => ({ ...one, digest: `other ${one.digest}` })),
          'test',
        )
      : tenant.secrets,
  }));
  const slower = acme((tenant) => ({ claim: tenant.claim.known ? known({ ...tenant.claim.value, latencyMs: 999 }, 'test') : tenant.claim }));
  const same: readonly Facts[] = [
    observedFacts({ takenAt: '2027-01-01T00:00:00.000Z' }),
    slower,
    rekeyed,
    withAudit({ takenAt: '2027-01-01T00:00:00.000Z' }),
    withDocument(null),
    sockets((all) => all.map((one) => ({ ...one, pids: [31337] })).toReversed()),
    sockets((all) => [...all, listenerOf(0)]),
  ];
  for (const [at, facts] of same.entries()) assert.equal(withSource(facts), withSource(observedFacts()), `case ${at}`);
});

/** The helpers above write `test` for where a fact was read. */
function withSource(facts: Facts): string {
  return digest(JSON.parse(JSON.stringify(facts).replaceAll(/"source":"[^"]*"/g, '"source":"test"')) as Facts);
}
