import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Blueprint } from '../../core/blueprint.ts';
import { BulkheadError } from '../../core/error.ts';
import type { OsUserObserved } from './observer.ts';
import { osUser } from './os-user.ts';
import { NOTHING_YET, sampleBlueprint, sampleLayout } from './sample.ts';

const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '2026.9.6' };
const layout = sampleLayout('bh1a2b', '/var/lib/b', install);
const plain = sampleBlueprint('acme', 20_000, layout);
const sandboxed: Blueprint = { ...plain, sandbox: 'all' };
const ID = `sha256:${'a'.repeat(64)}`;
const FIRST = 0x7000_0000;
const STORE = '/var/lib/b/engines/acme';
const root = { kind: 'other', mode: 0o755, uid: 0, gid: 0 } as const;
const store = { kind: 'directory', mode: 0o710, uid: FIRST, gid: FIRST } as const;
const installed = Object.fromEntries(
  ['/usr/sbin/dockerd', '/usr/bin/containerd', '/usr/sbin/runc', '/usr/bin/docker', '/usr/bin/docker-init'].map((path) => [path, root]),
);
const built: OsUserObserved = {
  ...NOTHING_YET,
  user: { uid: 12_001, gid: 12_001, mark: 'bulkhead /var/lib/b acme' },
  subordinates: { own: { first: FIRST, count: 65_536 }, free: FIRST + 65_536, clash: null },
  sandboxImage: ID,
  entries: { ...installed, [STORE]: store, '/var/lib/b/engines': { kind: 'directory', mode: 0o711, uid: 0, gid: 0 } },
};
const linesOf = (blueprint: Blueprint, observed: OsUserObserved): readonly string[] =>
  osUser
    .converge(blueprint, layout, observed)
    .map(({ argv }) => argv.join(' '))
    .filter((line) => /engines|subuids|sandbox-skills|devices/.test(line));

test('ids and a store of the engine’s own come with the sandbox', () => {
  const lines = linesOf(sandboxed, NOTHING_YET);
  const range = `${FIRST}-${FIRST + 65_535}`;
  assert.match(
    lines[0] ?? '',
    /setpriv --reuid 12001 [^]* mkdir -p -m 0700 -- \/var\/lib\/b\/tenants\/acme\/workspace\/\.openclaw\/sandbox-skills\/skills$/,
  );
  assert.deepEqual(lines.slice(1, -1), [
    `usermod --add-subuids ${range} --add-subgids ${range} -- bh1a2b-acme`,
    'install -d -m 0711 -- /var/lib/b/engines',
    `install -d -o ${FIRST} -g ${FIRST} -m 0710 -- ${STORE}`,
  ]);
  assert.match(lines.at(-1) ?? '', /^mkdir -p .*\/sys\/fs\/cgroup\/devices\/bh1a2b\/bh1a2b-acme$/);
  assert.deepEqual(linesOf(plain, NOTHING_YET), [], 'and not without it');
});

test('they go when the manifest no longer asks for them', () => {
  assert.deepEqual(linesOf(plain, built), [
    `rm -rf --one-file-system -- ${STORE}`,
    `usermod --del-subuids ${FIRST}-${FIRST + 65_535} --del-subgids ${FIRST}-${FIRST + 65_535} -- bh1a2b-acme`,
  ]);
});

test('a store and ids that are somebody else’s are refused', () => {
  const refused = (change: Partial<OsUserObserved>, says: RegExp): void =>
    assert.throws(
      () => osUser.converge(sandboxed, layout, { ...built, ...change }),
      (error: unknown) => error instanceof BulkheadError && says.test(error.message),
    );
  refused({ entries: { ...built.entries, [STORE]: { ...store, uid: 1000 } } }, /engines\/acme is not the store/);
  refused({ entries: { ...built.entries, [STORE]: { ...store, kind: 'symlink' } } }, /engines\/acme is not the store/);
  refused({ subordinates: { ...built.subordinates, clash: 'ops' } }, /subordinate ids of bh1a2b-acme are also ops’s/);
});

test('the engine sees the tenant’s root directory, its own store and the image that is pinned, and nothing of the host besides', () => {
  const { argv } = osUser.service(sandboxed, layout, built);
  const added = osUser.service(plain, layout, built).argv;
  const binds = argv.flatMap((word, at) => (/^--(?:ro-)?bind/.test(word) ? [`${word} ${argv[at + 1]} ${argv[at + 2]}`] : []));
  const before = new Set(added.flatMap((word, at) => (/^--(?:ro-)?bind/.test(word) ? [`${word} ${added[at + 1]} ${added[at + 2]}`] : [])));
  assert.deepEqual(
    binds.filter((bind) => !before.has(bind)),
    [`--bind ${STORE} /var/lib/docker`, `--ro-bind /var/lib/b/sandbox-images/${'a'.repeat(64)}.tar /run/sandbox-image.tar`],
  );
  const engine = argv.slice(argv.indexOf('prlimit'));
  assert.deepEqual(engine.slice(0, 8), ['prlimit', '--core=1', '--nofile=8192', '--', 'setpriv', '--reuid', String(FIRST), '--regid']);
  for (const word of ['--no-new-privs', '--group=12001', '--host=unix:///run/engine/docker.sock', '--iptables=false', '--bridge=none'])
    assert.ok(engine.includes(word), word);
  const gateway = argv.slice(argv.lastIndexOf('prlimit'));
  assert.deepEqual(gateway, added.slice(added.indexOf('prlimit')), 'the gateway is started as without it');
});

test('without image or engine the service says what is missing', () => {
  const refused = (change: Partial<OsUserObserved>, says: RegExp): void =>
    assert.throws(
      () => osUser.service(sandboxed, layout, { ...built, ...change }),
      (error: unknown) => error instanceof BulkheadError && says.test(error.message),
    );
  refused({ sandboxImage: null }, /no image of sandboxes is pinned/);
  refused({ sandboxImage: '../../etc/shadow' }, /no image of sandboxes is pinned/);
  refused({ entries: {} }, /sandbox: all needs dockerd, containerd, runc, docker, docker-init/);
});
