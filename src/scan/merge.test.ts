import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFINED } from '../checks/testing/clean-os-facts.ts';
import { known, unknown } from '../core/facts.ts';
import { mergeSightings, type LookedAt } from './merge.ts';
import { standingOf, type Surroundings } from './rung.ts';
import type { ContainerSeen, Sighting } from './sighting.ts';

const resolved = { home: '/h', stateDir: '/h/.openclaw', configPath: '/h/c', workspace: '/h/w', profileByEnvironmentAlone: false };

function at(
  kind: Sighting['kind'],
  where: string,
  over: { state?: string; config?: string; uid?: number; names?: string[]; container?: ContainerSeen } = {},
): LookedAt {
  const { state = 's1', config = 'c1', uid = 1001, names = [], container } = over;
  const sighting: Sighting = {
    kind,
    where,
    names,
    runsAs: { uid, gid: uid, groups: [] },
    launch: unknown('not asked here'),
    variables: unknown('not asked here'),
    ...(container === undefined ? {} : { container }),
  };
  return { sighting, looked: known({ resolved, state, config, text: unknown('x') }, 'x') };
}

const shown = (all: readonly LookedAt[]): readonly (readonly string[])[] =>
  mergeSightings(all).map(({ main, others }) => [main.sighting.where, ...others.map(({ where }) => where)]);

test('a directory and a unit are the process that uses their state', () => {
  assert.deepEqual(shown([at('directory', 'dir'), at('user-unit', 'unit'), at('process', 'pid')]), [['pid', 'unit', 'dir']]);
});

test('two processes are two gateways, also with one state or one config', () => {
  assert.equal(shown([at('process', 'one'), at('process', 'two')]).length, 2);
  assert.equal(shown([at('process', 'one'), at('process', 'two', { state: 's2' })]).length, 2);
});

test('a unit of another user, or with another config, is a gateway of its own', () => {
  assert.equal(shown([at('process', 'pid'), at('unit', 'unit', { uid: 1002 })]).length, 2);
  assert.equal(shown([at('process', 'pid'), at('unit', 'unit', { config: 'c2' })]).length, 2);
});

test('names are valid ids and nobody else’s', () => {
  const ids = mergeSightings(
    ['Ä Shop_1', 'a-shop-1', '', 'x'.repeat(60)].map((name, index) => at('unit', `u${index}`, { state: `s${index}`, names: [name] })),
  ).map(({ id }) => id);
  assert.deepEqual(ids, ['shop-1', 'a-shop-1', 'h', 'x'.repeat(40)]);
  assert.deepEqual(
    mergeSightings([1, 2].map((n) => at('unit', `u${n}`, { state: `s${n}`, names: ['acme'] }))).map(({ id }) => id),
    ['acme', 'acme-2'],
  );
});

const fact: ContainerSeen['fact'] = { ...CONFINED, name: 'c', image: 'i' };
const standing = (all: readonly LookedAt[], over: Partial<Surroundings> = {}): readonly string[] => {
  const gateways = mergeSightings(all);
  return gateways.map((gateway) => standingOf(gateway, { all: gateways, namespaces: {}, groups: [], sawAll: true, ...over }).rung);
};

test('the rung is what a gateway has, not what somebody calls it', () => {
  const other = at('process', 'other', { state: 's9', uid: 1009 });
  assert.deepEqual(standing([at('process', 'a'), at('process', 'b', { state: 's2' }), other]), ['profile', 'profile', 'os-user']);
  assert.deepEqual(standing([at('process', 'a', { uid: 0 }), other]), ['profile', 'os-user']);
  assert.deepEqual(standing([at('process', 'alone')]), ['host']);
  assert.deepEqual(standing([at('process', 'alone')], { sawAll: false }), ['os-user'], 'who was out of sight may be there too');
});

test('a group that is as good as root is no boundary', () => {
  const groups = [{ name: 'docker', gid: 900, members: [] }];
  const one = at('process', 'a');
  const inGroup: LookedAt = { ...one, sighting: { ...one.sighting, runsAs: { uid: 1001, gid: 1001, groups: [900] } } };
  assert.deepEqual(standing([inGroup, at('process', 'b', { state: 's2', uid: 1002 })], { groups }), ['profile', 'os-user']);
});

test('a container counts as one unless something opens it', () => {
  const holes: readonly Partial<ContainerSeen['fact']>[] = [
    {},
    { privileged: true },
    { hostNamespaces: ['pid'] },
    { mounts: [{ source: '/', target: '/host', writable: true }] },
    { capAdd: ['SYS_ADMIN'] },
  ];
  const containers = holes.map((hole, index) =>
    at('container', `c${index}`, { state: `s${index}`, uid: 1001 + index, container: { id: '', running: true, fact: { ...fact, ...hole } } }),
  );
  assert.deepEqual(standing(containers), ['container', 'profile', 'os-user', 'os-user', 'os-user']);
});
