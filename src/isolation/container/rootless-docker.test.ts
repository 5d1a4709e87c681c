/** What a container of the tenant's own Docker is started with, and the runtime that leaves it in the tenant's network. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Blueprint } from '../../core/blueprint.ts';
import { NOTHING_YET, sampleBlueprint, sampleLayout } from '../os-user/sample.ts';
import { container } from './container.ts';
import type { ContainerObserved } from './observe.ts';
import { RUNC_HERE } from './rootless-docker.ts';

const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '2026.9.6' };
const layout = sampleLayout('bh1a2b', '/var/lib/b', install);
const acme: Blueprint = { ...sampleBlueprint('acme', 20_000, layout), rung: 'container', engine: 'docker', rootless: true };
const image = `sha256:${'a'.repeat(64)}`;
const ROOT = `/var/lib/b/container-roots/${'a'.repeat(64)}`;
const FIRST = 0x7000_0000;
const rootless = {
  image,
  imageThere: true,
  place: '/run/bulkhead/bh1a2b',
  programs: ['dockerd', 'containerd', 'runc', 'bwrap'],
  ranges: { users: [], groups: [] },
};
const nothing: ContainerObserved = { engine: 'docker', base: NOTHING_YET, image, imageThere: true, container: null, network: null, rootless };
const words = (argv: readonly string[]): string => argv.map((word) => (word.includes('\n') ? 'PROGRAM' : word)).join(' ');

test('it has ids that are no user’s, the link and the limits of the rung os-user, and nothing that an engine of the host keeps', () => {
  const lines = container.converge(acme, layout, nothing).map(({ argv }) => words(argv));
  for (const kind of ['uid', 'gid']) assert.ok(lines.includes(`perl -e PROGRAM /etc/sub${kind} bh1a2b-acme 12001 bh1a2b-acme:${FIRST}:65536`));
  assert.ok(lines.some((line) => /^mkdir .*\/sys\/fs\/cgroup\/devices\/bh1a2b\/bh1a2b-acme$/.test(line)));
  const at = (part: string): number => lines.findIndex((line) => line.includes(part));
  assert.ok(at('firewall bh1a2b') > at('ip netns add') && at('firewall bh1a2b') < at('ip link set bh1a2b-acme up'));
  assert.ok(lines.every((line) => !/^docker|engines/.test(line)));
});

test('ids that meet another’s are refused, and so is a host that lacks a program', () => {
  for (const first of [12_001, FIRST + 65_535])
    assert.throws(
      () =>
        container.converge(acme, layout, {
          ...nothing,
          rootless: { ...rootless, ranges: { users: [{ holder: 'ops', first, count: 1 }], groups: [] } },
        }),
      { code: 'apply', message: /\/etc\/subuid gives ops the ids \d+-\d+, among them this tenant’s/ },
    );
  assert.throws(() => container.converge(acme, layout, { ...nothing, rootless: { ...rootless, programs: ['runc', 'containerd', 'bwrap'] } }), {
    message: 'acme on local: rootless Docker needs dockerd, which is not installed',
    hint: 'apt-get install docker.io',
  });
  assert.throws(() => container.service(acme, layout, { ...nothing, imageThere: false }), { hint: 'bulkhead image build --rootless' });
});

test('a host of a kind on which it was never run is refused by name', () => {
  const on = (host: Partial<typeof NOTHING_YET>) => () => container.converge(acme, layout, { ...nothing, base: { ...NOTHING_YET, ...host } });
  const message = 'acme on local: rootless Docker was not tried on a host of control groups v2 yet';
  assert.throws(on({ cgroups: 2 }), { code: 'apply', message, hint: 'engine: podman' });
  on({ systemd: true })();
});

test('the engine is in a root like that of an os-user tenant, with the image besides; only its own root may ask it', () => {
  const { argv, gainsPrivileges } = container.service(acme, layout, nothing);
  const line = words(argv);
  assert.equal(gainsPrivileges, undefined);
  assert.match(line, / nsenter --net=\/run\/netns\/bh1a2b-acme -- bwrap --unshare-pid /);
  assert.ok(line.includes(`--ro-bind ${ROOT} ${ROOT} --ro-bind /var/lib/b/boundary/bh1a2b-acme /var/lib/b/boundary/bh1a2b-acme --remount-ro / `));
  assert.ok(
    line.includes(`PROGRAM 12001 12001 ${FIRST} 65536 1 ${FIRST} 7 -t tmpfs -o nosuid,nodev,uid=${FIRST},gid=${FIRST},mode=0710,size=64m tmpfs`),
  );
  for (const part of [
    ' dockerd --rootless --host=unix:///run/engine/docker.sock --group=0 --data-root=/var/lib/docker ',
    ' --storage-driver=vfs --add-runtime=runc-here=/run/engine/runtime --default-runtime=runc-here ',
    `setpriv --reuid ${FIRST} --regid ${FIRST} --clear-groups --no-new-privs --bounding-set=-all `,
  ])
    assert.ok(line.includes(part), part);
  assert.ok(!line.includes('--reuid 12001'), 'nothing outside of the container is the tenant’s user');
});

test('its container has what a rootful one has, and the image by mounts', () => {
  const line = words(container.service(acme, layout, nothing).argv);
  const run = line.slice(line.indexOf(' docker run ') + 1);
  for (const part of [
    'docker run --rm --pull=never --name bh1a2b-acme --hostname acme --label ',
    ' --user 12001:12001 --read-only --cap-drop=ALL --security-opt=no-new-privileges --cgroupns=private --ipc=private --ulimit=core=1:1 ',
    ' --network none --tmpfs /sys:ro,nosuid,nodev,noexec,size=65536,mode=0711 --tmpfs /var/lib/b/tenants:ro,',
    ' --mount type=bind,source=/sys/fs/cgroup/memory,target=/sys/fs/cgroup/memory,readonly ',
    ' --mount type=bind,source=/var/lib/b/secrets/acme,target=/var/lib/b/secrets/acme,readonly ',
    ` --log-driver=none ${['/usr', '/etc', '/var', '/opt/oc'].map((path) => `--mount type=bind,source=${ROOT}${path},target=${path},readonly `).join('')}` +
      'localhost/bulkhead/links /usr/bin/tini -- env -i ',
  ])
    assert.ok(run.includes(part), part);
  assert.ok(!/--memory|--pids-limit|docker\.sock,/.test(run), 'its service limits it, and it has no socket');
});

test('a running one is asked as its engine’s root, and entered with its user namespace', () => {
  const user = { uid: 12_001, gid: 12_001, mark: 'bulkhead /var/lib/b acme' };
  const up = { ...nothing, base: { ...NOTHING_YET, user, boundary: { pid: 4300, joins: [], outer: 4242 } } };
  const { askEngine } = container.details(up);
  assert.equal(askEngine?.engine, 'docker');
  assert.match(words(askEngine?.argv ?? []), new RegExp(`^nsenter -t 4242 --mount -- prlimit .* --reuid ${FIRST} .* PROGRAM \\d+ [0-9a-f]+ docker$`));
  const entered = words(container.enter(acme, layout, up, { title: 'x', argv: ['true'] }).argv);
  assert.match(entered, / -t 4300 --net --ipc --uts --pid --cgroup --mount --user -- /);
  assert.throws(() => container.remove(acme, layout, up), { code: 'apply', hint: 'bulkhead stop acme' });
});

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-runtime-'));
after(() => rmSync(folder, { recursive: true }));
/** As Docker 20.10 writes it, shortened. */
const CONFIG = `{"process":{"args":["say",",{\\"type\\":\\"network\\"}"]},"hooks":{"prestart":[{"path":"/proc/17/exe","args":["libnetwork-setkey","-exec-root=/run/engine/exec","f2ed","dbe6"]}]},"linux":{"sysctl":{"net.ipv4.ip_unprivileged_port_start":"0"},"namespaces":[{"type":"mount"},{"type":"network"},{"type":"uts"}]}}\n`;

/** As containerd calls it, with a runc that says how it was called. */
function runtime(config: string) {
  const log = join(folder, 'log.json');
  writeFileSync(join(folder, 'config.json'), config);
  writeFileSync(log, '');
  writeFileSync(join(folder, 'runc'), '#!/bin/sh\necho "runc $*"\n', { mode: 0o755 });
  writeFileSync(join(folder, 'runtime'), RUNC_HERE, { mode: 0o755 });
  const { status, stdout } = spawnSync(join(folder, 'runtime'), ['--log', log, 'create', '--bundle', folder, 'x'], {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    encoding: 'utf8',
  });
  return { status, stdout, log: readFileSync(log, 'utf8'), config: readFileSync(join(folder, 'config.json'), 'utf8') };
}

test('the runtime takes the network of a container’s own out of its config, and nothing else', () => {
  const { status, stdout, config } = runtime(CONFIG);
  assert.deepEqual([status, stdout.startsWith('runc --log ')], [0, true]);
  assert.equal(config, '{"process":{"args":["say",",{\\"type\\":\\"network\\"}"]},"linux":{"namespaces":[{"type":"mount"},{"type":"uts"}]}}\n');
});

test('a config of another shape starts nothing, and containerd is told why', () => {
  for (const [from, to, what] of [
    ['{"type":"network"}', '{"type":"network","path":"/run/x"}', 'its own network'],
    ['libnetwork-setkey', 'libnetwork-other', 'a hook'],
    ['"sysctl"', '"settings"', 'a setting'],
  ] as const) {
    const { status, stdout, log } = runtime(CONFIG.replace(from, to));
    assert.notEqual(status, 0);
    assert.equal(stdout, '');
    assert.equal(log, `{"level":"error","msg":"this Docker gives a container ${what} in another way than 20.10 does"}\n`);
  }
});
