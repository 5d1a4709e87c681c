import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Layout, PortBlock } from '../core/blueprint.ts';
import type { Fleet, Relation, Tenant } from '../core/fleet.ts';
import { strictestTrust } from '../core/trust.ts';
import { TRUSTS } from '../core/words.ts';
import { installAt } from '../openclaw/runtime.ts';
import { makeBlueprints } from './blueprints.ts';
import { linkName, userName } from './names.ts';
import { strictestTrusts } from './trust.ts';

const layout: Layout = {
  instance: 'bh',
  stateDir: '/var/lib/bulkhead',
  runDir: '/run/bulkhead/bh',
  tenantsDir: '/var/lib/bulkhead/tenants',
  install: installAt('/opt/oc'),
};

function tenant(id: string, more: Partial<Tenant> = {}): Tenant {
  return {
    id,
    at: { line: 1, column: 1 },
    boundary: { owner: 'o', data: 'd', members: [] },
    host: 'local',
    policy: { preset: 'support', allow: [], alsoAllow: [], deny: [] },
    channels: [],
    models: [],
    apiClients: [],
    browser: false,
    limits: { memoryBytes: 2 ** 31, cpus: 1, pids: 512 },
    egress: 'open',
    allow: [],
    config: {},
    ...more,
  };
}

function fleet(tenants: readonly Tenant[], relations: readonly Relation[] = []): Fleet {
  return {
    name: 'f',
    trust: 'clients',
    relations,
    hosts: [{ id: 'local', admins: [{ name: 'ops', how: 'root' }], proxies: [] }],
    tenants,
    namedRisks: [],
    source: { path: 'b', sha256: '' },
  };
}

const leasesOf = (tenants: readonly Tenant[]): Map<string, PortBlock> =>
  new Map(tenants.map(({ id }, index) => [id, { first: 20_000 + index * 120, last: 20_119 + index * 120 }]));

test('a tenant without a rung gets the least that its strictest trust allows', () => {
  const tenants = [tenant('a'), tenant('b'), tenant('c', { isolation: 'profile' })];
  const [a, b, c] = makeBlueprints(fleet(tenants, [{ between: ['a', 'b', 'c'], trust: 'team' }]), () => layout, leasesOf(tenants));
  assert.deepEqual([a?.rung, a?.rungDeclared, b?.trust, c?.rungDeclared], ['profile', false, 'team', true]);
  const [alone] = makeBlueprints(fleet([tenant('a')]), () => layout, leasesOf(tenants));
  assert.deepEqual(
    [alone?.rung, alone?.gatewayPort, alone?.publishedPort, alone?.user],
    ['os-user', 18_789, 20_000, { name: 'bh-a', namespace: 'bh-a', link: 'bh-a' }],
  );
});

test('a sandbox is refused, with its place, on a rung that follows from the trust and has no engine for it', () => {
  const one = { ...fleet([tenant('acme', { sandbox: 'all', at: { line: 5, column: 3 } })]), trust: 'team' as const };
  const leases = new Map([['acme', { first: 20_000, last: 20_119 }]]);
  assert.throws(
    () => makeBlueprints(one, () => layout, leases),
    /:5:3: acme: sandbox: all is for isolation: os-user, and its trust gives it profile/,
  );
  const [built] = makeBlueprints({ ...one, trust: 'clients' }, () => layout, leases);
  assert.equal(built?.environment['DOCKER_HOST'], 'unix:///run/engine/docker.sock');
  const bounded = { ...one, trust: 'clients' as const, tenants: one.tenants.map((of) => ({ ...of, limits: { ...of.limits, diskBytes: 1 << 30 } })) };
  assert.throws(() => makeBlueprints(bounded, () => layout, leases), /:5:3: acme: limits\.disk does not bound what sandbox: all keeps/);
});

test('of two tenants nothing is equal that the boundary owns', () => {
  const tenants = [tenant('a', { isolation: 'profile' }), tenant('b', { isolation: 'profile' })];
  const [a, b] = makeBlueprints(fleet(tenants), () => layout, leasesOf(tenants));
  assert.ok(a !== undefined && b !== undefined);
  for (const role of Object.keys(a.paths) as (keyof typeof a.paths)[]) assert.notEqual(a.paths[role], b.paths[role], role);
  for (const name of [
    'HOME',
    'TMPDIR',
    'NODE_COMPILE_CACHE',
    'OPENCLAW_STATE_DIR',
    'OPENCLAW_CONFIG_PATH',
    'OPENCLAW_GATEWAY_PORT',
    'XDG_CACHE_HOME',
  ])
    assert.notEqual(a.environment[name], b.environment[name], name);
  assert.notEqual(a.serviceName, b.serviceName);
});

test('names fit the kernel and differ for different tenants', () => {
  const id = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 20 }), fc.constantFrom('bh', 'bh12ab'), (ids, instance) => {
      for (const [name, longest] of [
        [userName, 31],
        [linkName, 15],
      ] as const) {
        const names = ids.map((tenantId) => name(instance, tenantId));
        assert.equal(new Set(names).size, ids.length);
        for (const made of names) assert.match(made, new RegExp(`^${instance}-[a-z0-9-]{1,${longest - instance.length - 1}}$`));
      }
    }),
  );
});

test('a tenant called like the cut name of another does not get it', () => {
  const long = 'a-customer-with-a-very-long-name-indeed';
  const cut = userName('bh', long).slice('bh-'.length);
  assert.notEqual(userName('bh', cut), userName('bh', long));
});

test('strictest trusts are those of core', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const relation = fc.record({ between: fc.uniqueArray(fc.constantFrom(...ids), { minLength: 2 }), trust: fc.constantFrom(...TRUSTS) });
  fc.assert(
    fc.property(fc.constantFrom(...TRUSTS), fc.array(relation, { maxLength: 6 }), (standard, relations) => {
      const map = { default: standard, relations };
      const all = strictestTrusts(map, ids);
      for (const each of ids) assert.equal(all.get(each), strictestTrust(map, each, ids));
    }),
  );
});

test('ten thousand tenants take about as long as their number says', () => {
  const tenants = Array.from({ length: 10_000 }, (_, index) => tenant(`t${index}`));
  const everybody = [{ between: tenants.map(({ id }) => id), trust: 'team' as const }];
  assert.equal(makeBlueprints(fleet(tenants, everybody), () => layout, leasesOf(tenants)).length, 10_000);
});

test('a disk of its own needs a user of its own', () => {
  const limits = { memoryBytes: 2 ** 31, cpus: 1, pids: 512, diskBytes: 2 ** 30 };
  const build = (more: Partial<Tenant>): unknown => {
    const tenants = [tenant('a', { limits, ...more })];
    return makeBlueprints(fleet(tenants), () => layout, leasesOf(tenants))[0]?.limits.diskBytes;
  };
  assert.equal(build({}), 2 ** 30);
  assert.throws(() => build({ isolation: 'profile' }), /a: limits\.disk does not hold on the rung profile/);
});
