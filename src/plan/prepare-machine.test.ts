import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MachineSeen } from '../core/machine.ts';
import { READY } from './ready-machine.ts';
import { ALL_PROGRAMS, NEEDED_PROGRAMS, needsOf, prepareCommands, type Wants } from './prepare-machine.ts';

const nothing = { engines: [], disks: false, rootless: false, ownDocker: false };
const stateOf = (id: string, change: Partial<MachineSeen>): string | undefined =>
  needsOf({ ...READY, ...change }).find((need) => need.id === id)?.state;
const argvs = (change: Partial<MachineSeen>): readonly string[] => prepareCommands({ ...READY, ...change }).map(({ argv }) => argv.join(' '));

test('a machine that has everything needs nothing', () => {
  assert.deepEqual(
    needsOf(READY).filter(({ state }) => state !== 'fine'),
    [],
  );
  assert.deepEqual(prepareCommands(READY), []);
});

test('what is missing is asked of apt at once, after what an interrupted installation left', () => {
  const programs = NEEDED_PROGRAMS.filter((name) => name !== 'bwrap' && name !== 'nft');
  const apt = 'env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3';
  assert.deepEqual(argvs({ programs, timeServices: [] }), [
    `${apt} update`,
    `${apt} install --fix-broken --no-install-recommends -- bubblewrap nftables systemd-timesyncd`,
    'systemctl enable --now systemd-timesyncd.service',
  ]);
  assert.deepEqual(argvs({ halfInstalled: ' bubblewrap  sandbox' }), [
    'env DEBIAN_FRONTEND=noninteractive dpkg --configure -a',
    `${apt} update`,
    `${apt} install --fix-broken --no-install-recommends --`,
  ]);
});

test('the engine of containers is asked for with the rest, and room for its image', () => {
  const apt = 'env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3';
  assert.deepEqual(
    prepareCommands(READY, { ...nothing, engines: ['any'] }).map(({ argv }) => argv.join(' ')),
    [`${apt} update`, `${apt} install --fix-broken --no-install-recommends -- docker.io`],
  );
  const needs = (freeBytes: number) => needsOf({ ...READY, freeBytes }, false, { ...nothing, engines: ['any'] });
  assert.equal(needs(2e10).find(({ id }) => id === 'engine')?.state, 'lacking');
  assert.equal(needs(4e9).find(({ id }) => id === 'disk')?.state, 'blocked');
  assert.equal(needs(6e9).find(({ id }) => id === 'disk')?.state, 'fine');
});

test('what makes a disk of a tenant’s own is asked for where somebody has one', () => {
  const disks = { ...nothing, disks: true };
  const [, install] = prepareCommands(READY, disks);
  assert.match(install?.argv.join(' ') ?? '', / -- e2fsprogs mount$/);
  assert.equal(needsOf(READY, false, disks).find(({ id }) => id === 'programs')?.seen, 'missing: e2fsprogs, mount');
  assert.deepEqual(prepareCommands({ ...READY, programs: ALL_PROGRAMS }, disks), []);
});

test('where a tenant has a disk of its own, there must be loop devices', () => {
  const without = { ...READY, loops: false };
  const loops = needsOf(without, false, { ...nothing, disks: true }).find(({ id }) => id === 'loops');
  assert.deepEqual([loops?.state, loops?.seen], ['blocked', 'no /dev/loop-control']);
  assert.equal(
    needsOf(without).find(({ id }) => id === 'loops'),
    undefined,
  );
});

test('a rootless Podman is brought what it needs besides itself, and the runtime that works with the control groups there', () => {
  const rootless = { ...nothing, engines: ['podman'] as const, rootless: true };
  const packages = (seen: MachineSeen): string => prepareCommands(seen, rootless)[1]?.argv.join(' ').split(' -- ')[1] ?? '';
  assert.equal(packages(READY), 'crun uidmap podman');
  assert.equal(packages({ ...READY, controlGroups: { ...READY.controlGroups, version: 'v1' } }), 'runc uidmap podman');
});

test('a Docker of a tenant’s own is brought as the host’s is, once, and need not answer', () => {
  const own = { ...nothing, ownDocker: true };
  const packages = (wants: Wants): string => prepareCommands(READY, wants)[1]?.argv.join(' ').split(' -- ')[1] ?? '';
  assert.equal(packages(own), 'containerd docker.io runc');
  assert.equal(packages({ ...own, engines: ['docker'] }), 'containerd docker.io runc');
  assert.equal(
    needsOf({ ...READY, programs: ALL_PROGRAMS, engines: [] }, false, own).find(({ id }) => id === 'engine'),
    undefined,
  );
});

test('what nothing can be brought for is said, with what to do', () => {
  const blocked: readonly (readonly [string, Partial<MachineSeen>])[] = [
    ['root', { root: false }],
    ['system', { system: { ids: ['alpine'], version: '3', name: 'Alpine' } }],
    ['machine', { architecture: 'riscv64' }],
    ['systemd', { init: { other: 'init' } }],
    ['systemd', { init: { systemd: 252, state: 'offline' } }],
    ['systemd', { init: { systemd: 241, state: 'running' } }],
    ['control-groups', { controlGroups: { version: 'v2', controllers: ['cpu', 'pids'] } }],
    ['namespaces', { namespaces: false }],
    ['firewall', { nftables: { answers: false, dropForwarded: [] } }],
    ['time', { clock: { aheadMs: -60_000, errorMs: 20 } }],
    ['disk', { freeBytes: 1e9 }],
  ];
  for (const [id, change] of blocked) assert.equal(stateOf(id, change), 'blocked', id);
  for (const need of blocked.flatMap(([, change]) => needsOf({ ...READY, ...change }))) if (need.state === 'blocked') assert.notEqual(need.seen, '');
});

test('what is for people to weigh is no reason to refuse', () => {
  assert.equal(stateOf('firewall', { nftables: { answers: true, dropForwarded: ['ip filter FORWARD'] } }), 'note');
  assert.equal(stateOf('open', { listeners: ['0.0.0.0:22 sshd', '0.0.0.0:3306 mariadbd'] }), 'note');
  assert.equal(stateOf('memory', { memoryBytes: 1e9 }), 'note');
});

test('a clock is not called wrong for what the connection takes', () => {
  assert.equal(stateOf('time', { clock: { aheadMs: 2500, errorMs: 900 } }), 'fine');
});

test('without apt, missing programs are the operator\u2019s to install', () => {
  const change = { system: { ids: ['fedora'], version: '42', name: 'Fedora' }, programs: [] };
  assert.equal(stateOf('programs', change), 'blocked');
  assert.deepEqual(argvs(change), []);
});
