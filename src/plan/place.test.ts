import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { trustBetween, type TrustMap } from '../core/trust.ts';
import { TRUSTS } from '../core/words.ts';
import type { Proposal, Room } from '../core/place.ts';
import { proposePlaces, type PlaceInput, type PlaceTenant } from './place.ts';

const GIB = 2 ** 30;
const roomOf = (memoryGib: number, diskGib: number): Room => ({ memoryBytes: memoryGib * GIB, diskBytes: diskGib * GIB });
const IDS = Array.from({ length: 9 }, (_, at) => `t${at}`);
const HOSTS = ['local', 'edge-1', 'edge-2', 'edge-3', 'edge-4'];

const inputs: fc.Arbitrary<PlaceInput> = fc.record({
  tenants: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...IDS),
      host: fc.constantFrom(...HOSTS),
      rung: fc.constantFrom('profile', 'os-user', 'host'),
      needBytes: fc.integer({ min: 1, max: 8 }).map((number) => number * (GIB / 2)),
      diskBytes: fc.integer({ min: 0, max: 3 }).map((number) => number * 10 * GIB),
    }),
    { selector: ({ id }) => id },
  ),
  hosts: fc
    .array(fc.option(fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 6 })), { freq: 8 }), {
      minLength: HOSTS.length,
      maxLength: HOSTS.length,
    })
    .chain((rooms) => fc.integer({ min: 1, max: HOSTS.length }).map((count) => rooms.slice(0, count)))
    .map((rooms) =>
      rooms.map((room, at) => ({ id: HOSTS[at] ?? '', isControl: at === 0, ...(room === null ? {} : { room: roomOf(room[0], room[1] * 10) }) })),
    ),
  trust: fc.record({
    default: fc.constantFrom(...TRUSTS),
    relations: fc.array(fc.record({ between: fc.subarray(IDS, { minLength: 2 }), trust: fc.constantFrom(...TRUSTS) }), { maxLength: 3 }),
  }),
});

const placed = (proposals: readonly Proposal[]): ReadonlyMap<string, readonly string[]> => {
  const by = Map.groupBy(
    proposals.filter(({ to }) => to !== undefined),
    ({ to = '' }) => to,
  );
  return new Map([...by].map(([host, of]) => [host, of.map(({ tenant }) => tenant)]));
};

test('nobody is put with an adversary, beside one that is to be alone, or where memory or disk do not reach; every tenant is told of once', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const proposals = proposePlaces(input);
      assert.deepEqual(
        proposals.map(({ tenant }) => tenant),
        input.tenants.map(({ id }) => id).toSorted(),
      );
      const of = new Map(input.tenants.map((tenant) => [tenant.id, tenant]));
      for (const [host, here] of placed(proposals)) {
        const room = input.hosts.find(({ id }) => id === host)?.room ?? assert.fail(`${host} could not be asked`);
        const all = (bytes: (tenant: PlaceTenant) => number): number => here.reduce((sum, id) => sum + bytes(of.get(id) ?? assert.fail(id)), 0);
        assert.ok(all(({ needBytes }) => needBytes) <= room.memoryBytes);
        assert.ok(all(({ diskBytes }) => diskBytes) <= room.diskBytes);
        assert.ok(here.length === 1 || here.every((id) => of.get(id)?.rung !== 'host'));
        for (const left of here) for (const right of here) assert.ok(left === right || trustBetween(input.trust, left, right) !== 'adversarial');
      }
      for (const { action, from, to } of proposals) {
        assert.equal(action === 'stay', to === from);
        assert.equal(action === 'move', to !== undefined && to !== from);
      }
    }),
    { numRuns: 2000 },
  );
});

test('the same question has the same answer in whatever order it is asked, and who has followed it is asked to move no more', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const proposals = proposePlaces(input);
      assert.deepEqual(proposePlaces({ ...input, tenants: input.tenants.toReversed(), hosts: input.hosts.toReversed() }), proposals);
      const to = new Map(proposals.map((proposal) => [proposal.tenant, proposal.to ?? proposal.from]));
      const followed = input.tenants.map((tenant) => ({ ...tenant, host: to.get(tenant.id) ?? tenant.host }));
      const again = proposePlaces({ ...input, tenants: followed });
      assert.deepEqual(
        again.filter(({ action }) => action === 'move'),
        [],
      );
    }),
    { numRuns: 2000 },
  );
});

const CLIENTS: TrustMap = { default: 'clients', relations: [] };
const host = (id: string, roomGib: number): PlaceInput['hosts'][number] => ({ id, room: roomOf(roomGib, 40), isControl: id === 'local' });
const tenant = (id: string, at: string, gib = 2, rung: 'os-user' | 'host' = 'os-user'): PlaceTenant => ({
  id,
  host: at,
  rung,
  needBytes: gib * GIB,
  diskBytes: 0,
});

test('who fits stays, the largest first; the rest goes to the fullest machine that has room', () => {
  const proposals = proposePlaces({
    tenants: [tenant('acme', 'edge-1'), tenant('globex', 'edge-1', 3), tenant('initech', 'edge-2')],
    hosts: [host('local', 16), host('edge-1', 4), host('edge-2', 8)],
    trust: CLIENTS,
  });
  assert.deepEqual(
    proposals.map(({ tenant: name, action, to }) => [name, action, to]),
    [
      ['acme', 'move', 'edge-2'],
      ['globex', 'stay', 'edge-1'],
      ['initech', 'stay', 'edge-2'],
    ],
  );
  assert.equal(proposals[0]?.why, 'edge-1: 1 GiB of memory are free, 2 GiB are needed; edge-2 keeps 2 GiB for it and has 4 GiB left');
});

test('disks of one machine do not promise more than it has, and who has none promised is not held up by them', () => {
  const proposals = proposePlaces({
    tenants: [
      { ...tenant('acme', 'edge-1'), diskBytes: 30 * GIB },
      { ...tenant('globex', 'edge-1'), diskBytes: 20 * GIB },
      tenant('initech', 'edge-1'),
      { ...tenant('umbrella', 'edge-1'), diskBytes: 50 * GIB },
    ],
    hosts: [host('edge-1', 16), host('edge-2', 4)],
    trust: CLIENTS,
  });
  assert.deepEqual(
    proposals.map(({ tenant: name, action, to }) => [name, action, to]),
    [
      ['acme', 'stay', 'edge-1'],
      ['globex', 'move', 'edge-2'],
      ['initech', 'stay', 'edge-1'],
      ['umbrella', 'nowhere', undefined],
    ],
  );
  assert.match(proposals[1]?.why ?? '', /^edge-1: 10 GiB of disk are not promised yet, 20 GiB are needed; edge-2 keeps/);
});

test('who is to be alone gets an empty machine, the one that administers the others last, and without one is told why', () => {
  const hosts = [host('local', 16), host('edge-1', 8), host('edge-2', 8)];
  const tenants = [tenant('acme', 'local', 2, 'host'), tenant('globex', 'edge-1'), tenant('initech', 'edge-1', 2, 'host')];
  assert.deepEqual(
    proposePlaces({ tenants, hosts, trust: CLIENTS }).map(({ tenant: name, to }) => [name, to]),
    [
      ['acme', 'edge-2'],
      ['globex', 'edge-1'],
      ['initech', 'local'],
    ],
  );
  const [lost] = proposePlaces({
    tenants: [tenant('acme', 'edge-1', 2, 'host'), tenant('globex', 'edge-1')],
    hosts: [host('edge-1', 8)],
    trust: CLIENTS,
  });
  assert.deepEqual([lost?.action, lost?.why], ['nowhere', 'no host can take it (edge-1: globex is there, and it is to be alone)']);
});

test('a host that could not be asked gets nobody, and who is there is unknown', () => {
  const silent = { id: 'edge-1', isControl: false };
  const proposals = proposePlaces({
    tenants: [tenant('acme', 'edge-1'), tenant('globex', 'local', 9)],
    hosts: [host('local', 8), silent],
    trust: CLIENTS,
  });
  assert.deepEqual(
    proposals.map(({ action }) => action),
    ['unknown', 'nowhere'],
  );
});
