import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Blueprint } from '../../core/blueprint.ts';
import { container } from '../container/container.ts';
import { convergeDisk } from './disk.ts';
import type { OsUserObserved } from './observer.ts';
import { osUser } from './os-user.ts';
import { AWAIT_DETACHED } from './programs.ts';
import { rebuildCommands } from './rebuild.ts';
import { NOTHING_YET, sampleBlueprint, sampleLayout } from './sample.ts';

const MIB = 1 << 20;
const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '1' };
const layout = sampleLayout('bh1a2b', '/var/lib/b', install);
const plain = sampleBlueprint('acme', 20_000, layout);
const bounded = (mebibytes: number): Blueprint => ({ ...plain, limits: { ...plain.limits, diskBytes: mebibytes * MIB } });
const { root } = plain.paths;
const image = '/var/lib/b/disks/acme.ext4';
const staged = '/var/lib/b/disks/.acme.new';
const directory = (uid: number, mode: number) => ({ kind: 'directory' as const, uid, gid: uid, mode });

/** A tenant whose disk of 200 MiB is mounted. */
const standing: OsUserObserved = {
  ...NOTHING_YET,
  user: { uid: 12_001, gid: 12_001, mark: 'bulkhead /var/lib/b acme' },
  entries: {
    '/var/lib/b/disks': directory(0, 0o700),
    [root]: directory(12_001, 0o700),
    ...Object.fromEntries(['home', 'state', 'config', 'workspace', 'tmp'].map((name) => [`${root}/${name}`, directory(12_001, 0o700)])),
  },
  disk: {
    image: { bytes: 200 * MIB, fileSystemBytes: 200 * MIB },
    mount: { device: '/dev/loop3', bytes: 200 * MIB, ours: true },
    empty: false,
    growsInUse: true,
  },
};
/** The same before it is mounted. */
const unmounted: OsUserObserved = {
  ...standing,
  entries: { '/var/lib/b/disks': directory(0, 0o700), [root]: directory(0, 0o700) },
  disk: { image: { bytes: 200 * MIB, fileSystemBytes: 200 * MIB }, mount: null, empty: true, growsInUse: true },
};
const lines = (blueprint: Blueprint, observed: OsUserObserved): readonly string[] =>
  convergeDisk(blueprint, layout, observed).map(({ argv }) => argv.join(' ').replace(AWAIT_DETACHED, 'AWAIT'));
const MOUNT = `mount -t ext4 -o loop,nosuid,nodev,noatime,discard,errors=remount-ro -- ${image} ${root}`;

test('a disk is made aside, put in place whole, and mounted before anything lies in the tree', () => {
  assert.deepEqual(lines(bounded(200), NOTHING_YET), [
    'install -d -m 0700 -- /var/lib/b/disks',
    `install -m 0600 -- /dev/null ${staged}`,
    `truncate -s 209715200 -- ${staged}`,
    `mkfs.ext4 -q -F -b 4096 -i 8192 -m 0 -E root_owner=12001:12001 -- ${staged}`,
    `debugfs -w -R rmdir lost+found ${staged}`,
    `mv -T -n -- ${staged} ${image}`,
    `install -d -m 0700 -- ${root}`,
    MOUNT,
  ]);
  const all = osUser.converge(bounded(200), layout, NOTHING_YET).map(({ argv }) => argv.join(' '));
  const at = all.indexOf(MOUNT);
  assert.match(all[at + 1] ?? '', /chmod 0700 -- \/var\/lib\/b\/tenants\/acme$/);
  assert.match(all[at + 2] ?? '', /--reuid 12001 .* mkdir -p -m 0700 -- .*\/acme\/workspace /s);
  assert.ok(all.findIndex((line) => line.startsWith('useradd')) < at);
  assert.deepEqual(lines(plain, NOTHING_YET), []);
});

test('what a killed run has left is made anew only up to the rename', () => {
  const halfMade = { ...NOTHING_YET, entries: { ...unmounted.entries, [root]: null, [staged]: { ...directory(0, 0o600), kind: 'other' as const } } };
  assert.deepEqual(lines(bounded(200), halfMade).slice(0, 2), [`rm -f -- ${staged}`, `install -m 0600 -- /dev/null ${staged}`]);
  assert.deepEqual(lines(bounded(200), { ...unmounted, entries: { ...unmounted.entries, [root]: null } }), [`install -d -m 0700 -- ${root}`, MOUNT]);
  assert.deepEqual(lines(bounded(200), unmounted), [MOUNT]);
  assert.deepEqual(lines(bounded(200), standing), []);
});

test('it grows while it is mounted, from wherever growing was interrupted', () => {
  const seen = (file: number, device: number, system: number): OsUserObserved => ({
    ...standing,
    disk: {
      image: { bytes: file * MIB, fileSystemBytes: system * MIB },
      mount: { device: '/dev/loop3', bytes: device * MIB, ours: true },
      empty: false,
      growsInUse: true,
    },
    boundary: { pid: 7, joins: [] },
  });
  const [truncate, capacity, resize] = [`truncate -s 419430400 -- ${image}`, 'losetup --set-capacity /dev/loop3', 'resize2fs /dev/loop3'];
  assert.deepEqual(lines(bounded(400), seen(200, 200, 200)), [truncate, capacity, resize]);
  assert.deepEqual(lines(bounded(400), seen(400, 200, 200)), [truncate, capacity, resize]);
  assert.deepEqual(lines(bounded(400), seen(400, 400, 200)), [truncate, capacity, resize]);
  assert.deepEqual(lines(bounded(400), seen(400, 400, 396)), [], 'a last group that is too small for its tables is left out');
});

test('while nothing runs in it, and where it may not grow in use, it grows unmounted', () => {
  const apart = [
    `rmdir -- ${root}`,
    `perl -e AWAIT ${image}`,
    `truncate -s 419430400 -- ${image}`,
    `e2fsck -f -p ${image}`,
    `resize2fs ${image}`,
    `install -d -m 0700 -- ${root}`,
    MOUNT,
  ];
  assert.deepEqual(lines(bounded(400), unmounted), apart);
  assert.deepEqual(lines(bounded(400), { ...unmounted, entries: { ...unmounted.entries, [root]: null } }), apart.slice(1));
  assert.deepEqual(lines(bounded(400), standing), [`umount -- ${root}`, ...apart]);
  const weak = { ...standing, boundary: { pid: 7, joins: [] }, disk: { ...standing.disk, growsInUse: false } };
  assert.throws(() => lines(bounded(400), weak), /root may not grow a file system in use here/);
  assert.deepEqual(lines(bounded(200), weak), []);
});

test('what would need data to move is refused, and says what to type', () => {
  const refused = (blueprint: Blueprint, observed: OsUserObserved, message: RegExp): void =>
    assert.throws(() => osUser.converge(blueprint, layout, observed), message);
  refused(bounded(150), standing, /its disk has 200 MiB, and a disk is not made smaller/);
  refused(plain, standing, /on a disk of 200 MiB, and limits\.disk is not in its manifest any more/);
  const grown = { ...standing, disk: NOTHING_YET.disk };
  refused(bounded(200), grown, /acme was made without limits\.disk, and data is not moved by itself/);
  refused(bounded(200), { ...unmounted, boundary: { pid: 7, joins: [] } }, /its disk was unmounted from .* while its gateway runs/);
  const beside = { ...unmounted, entries: { ...unmounted.entries, [root]: directory(12_001, 0o700) }, disk: { ...unmounted.disk, empty: false } };
  refused(bounded(200), beside, /acme is not on its disk, which has to be mounted there/);
  assert.ok(osUser.remove(bounded(150), layout, standing).length > 0, 'none of it keeps a tenant from being removed');
});

test('nothing else is taken for the disk: not another mount, not a directory with something in it', () => {
  const other = { ...standing, disk: { ...standing.disk, mount: { device: '/dev/sdb1', bytes: 1, ours: false } } };
  for (const act of [osUser.converge, osUser.remove])
    assert.throws(() => act(bounded(200), layout, other), /something else is mounted at .* \(\/dev\/sdb1\)/);
  const full = { ...unmounted, disk: { ...unmounted.disk, empty: false } };
  for (const act of [osUser.converge, osUser.remove]) assert.throws(() => act(bounded(200), layout, full), /is not this tenant's own directory/);
});

test('no file that the tenant has open grows beyond its disk: its log is one of the host’s', () => {
  assert.ok(osUser.service(bounded(200), layout, standing).argv.includes('--fsize=209715200'));
  assert.ok(!osUser.service(plain, layout, standing).argv.some((word) => word.startsWith('--fsize')));
});

test('a tree is there when the tenant owns it: before its disk is mounted it is not', () => {
  assert.equal(osUser.hasTree(bounded(200), standing), true);
  assert.equal(osUser.hasTree(bounded(200), unmounted), false);
});

test('removal unmounts before it deletes, and the image goes after the directory that it vouches for', () => {
  const files = osUser
    .remove(plain, layout, standing)
    .map(({ argv }) => argv.join(' ').replace(AWAIT_DETACHED, 'AWAIT'))
    .filter((line) => line.includes('acme') && !line.includes('-acme'));
  assert.deepEqual(files, [`umount -- ${root}`, `rm -rf --one-file-system -- ${root}`, `perl -e AWAIT ${image}`, `rm -f -- ${image}`]);
});

test('after a reboot the disk is mounted before the gateway starts, on both rungs', () => {
  const mounted = (commands: readonly { readonly argv: readonly string[]; readonly okExits?: readonly number[] }[]): unknown =>
    commands.filter(({ argv }) => argv[0]?.endsWith('mount')).map(({ argv, okExits }) => [argv.join(' '), okExits]);
  const again = [
    [`umount -- ${root}`, [0, 32]],
    [MOUNT, undefined],
  ];
  assert.deepEqual(mounted(rebuildCommands(bounded(200), layout, standing)), again);
  assert.deepEqual(mounted(rebuildCommands(plain, layout, standing)), []);

  const base = { ...standing, systemd: true };
  const docker = { engine: 'docker' as const, base, image: 'sha256:0', imageThere: true, container: null, network: null };
  const kept = container.converge(bounded(200), layout, docker).find(({ argv }) => argv.at(-1)?.endsWith('/rebuild'));
  assert.match(kept?.stdin ?? '', /^0  install .*\n0%2C32  umount .*\n0  mount .*\n0  perl .*\n0 \S+ tee .*\.built\n$/);
  const { rebuild } = container.service(bounded(200), layout, docker);
  assert.equal(rebuild?.at(-1), kept?.argv.at(-1), 'its unit runs what was kept');
  assert.ok(
    !container
      .converge(plain, layout, { ...docker, base: { ...base, disk: NOTHING_YET.disk } })
      .some(({ argv }) => argv.at(-1)?.endsWith('/rebuild')),
  );
});
