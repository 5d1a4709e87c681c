import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Blueprint } from '../../core/blueprint.ts';
import { NOTHING_YET, sampleBlueprint, sampleLayout } from '../os-user/sample.ts';
import { container } from './container.ts';
import type { ContainerObserved } from './observe.ts';
import type { IdRange } from '../../core/subordinate-ids.ts';

const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '2026.9.6' };
const layout = sampleLayout('bh1a2b', '/var/lib/b', install);
const acme: Blueprint = { ...sampleBlueprint('acme', 20_000, layout), rung: 'container' };
const image = `sha256:${'a'.repeat(64)}`;
const nothing: ContainerObserved = { engine: 'docker', base: NOTHING_YET, image, imageThere: true, container: null, network: null };
const LABELS = '--label org.bulkhead.mark=bulkhead /var/lib/b acme --label org.bulkhead.instance=bh1a2b --label org.bulkhead.tenant=acme';

const words = (argv: readonly string[]): string => argv.map((word) => (word.includes('\n') ? 'PROGRAM' : word)).join(' ');
const run = (observed: ContainerObserved, blueprint = acme): string => {
  const line = words(container.service(blueprint, layout, observed).argv);
  return line.slice(line.indexOf(' run ') + 1);
};

test('Docker’s network comes last, after the rules that hold it back', () => {
  const lines = container.converge(acme, layout, nothing).map(({ argv }) => words(argv));
  assert.equal(
    lines.at(-1),
    `docker network create --driver bridge --subnet 10.213.187.132/30 --gateway 10.213.187.133 --opt com.docker.network.bridge.name=bh1a2b-acme ${LABELS} bh1a2b-acme`,
  );
  assert.ok(lines.findIndex((line) => line.endsWith('/firewall bh1a2b')) > 0);
  assert.ok(lines.every((line) => !line.startsWith('ip ')));
});

test('Podman is given the namespace and the link of the rung os-user, up after the rules', () => {
  const lines = container.converge(acme, layout, { ...nothing, engine: 'podman' }).map(({ argv }) => words(argv));
  const at = (part: string): number => lines.findIndex((line) => line.includes(part));
  assert.ok(
    at('ip netns add bh1a2b-acme') >= 0 && at('ip netns add') < at('firewall bh1a2b') && at('firewall bh1a2b') < at('ip link set bh1a2b-acme up'),
  );
  assert.ok(lines.every((line) => !line.startsWith('podman')));
});

test('the container has what is named here and nothing else', () => {
  const line = run(nothing);
  assert.equal(
    line.slice(0, line.indexOf(' PATH=')),
    `run --rm --pull=never --name bh1a2b-acme --hostname acme ${LABELS} --user 12001:12001 --read-only --cap-drop=ALL --security-opt=no-new-privileges ` +
      '--cgroupns=private --ipc=private --memory=1073741824 --memory-swap=1073741824 --cpus=1.5 --pids-limit=256 --ulimit=core=1:1 --ulimit=nofile=8192:8192 --ulimit=nproc=4096:4096 ' +
      '--shm-size=268435456 --tmpfs /tmp:rw,nosuid,nodev,exec,size=536870912,mode=1777 --tmpfs /var/tmp:rw,nosuid,nodev,exec,size=67108864,mode=1777 ' +
      '--tmpfs /run:rw,nosuid,nodev,exec,size=1048576,mode=0755 --network bh1a2b-acme --ip 10.213.187.134 --dns 10.9.9.53 ' +
      '--mount type=bind,source=/var/lib/b/tenants/acme,target=/var/lib/b/tenants/acme --mount type=bind,source=/var/lib/b/secrets/acme,target=/var/lib/b/secrets/acme,readonly ' +
      ['passwd', 'group', 'hosts', 'hostname', 'resolv.conf', 'nsswitch.conf']
        .map((name) => `--mount type=bind,source=/var/lib/b/boundary/bh1a2b-acme/${name},target=/etc/${name},readonly `)
        .join('') +
      `--log-driver=none ${image} /usr/bin/tini -- env -i --chdir=/var/lib/b/tenants/acme/workspace HOME=/var/lib/b/tenants/acme/home USER=bh1a2b-acme LOGNAME=bh1a2b-acme SHELL=/bin/sh LANG=C.UTF-8`,
  );
  assert.match(line, / \/opt\/oc\/bin\/node \/opt\/oc\/openclaw\.mjs gateway run$/);
  assert.match(run({ ...nothing, engine: 'podman' }), / --network ns:\/run\/netns\/bh1a2b-acme .* --read-only-tmpfs=false sha256:/);
});

test('who may not ask for names, and who has nobody to ask, asks nobody', () => {
  assert.match(run(nothing, { ...acme, sealed: true }), / --dns 127\.0\.0\.1 /);
  assert.match(run({ ...nothing, base: { ...NOTHING_YET, resolvers: [] } }), / --dns 127\.0\.0\.1 /);
});

test('a path with a comma stays one path', () => {
  const odd = { ...acme, paths: { ...acme.paths, root: '/var/lib/b,c/"acme' } };
  assert.ok(run(nothing, odd).includes('--mount type=bind,"source=/var/lib/b,c/""acme","target=/var/lib/b,c/""acme" '));
});

test('without an image, or in an engine that lacks it, the service is refused with the command that makes one', () => {
  assert.throws(() => container.service(acme, layout, { ...nothing, image: null }), {
    code: 'apply',
    message: 'acme on local: no image is pinned',
    hint: 'bulkhead image build --engine docker',
  });
  assert.throws(() => container.service(acme, layout, { ...nothing, imageThere: false }), {
    message: `acme on local: docker does not have the pinned image ${image}`,
  });
});

test('what carries our name without our mark is refused; what carries it goes, running or not', () => {
  const seen = { id: 'c0ffee', pid: 4242, joins: [], runtime: 'runc' };
  const foreign: ContainerObserved = { ...nothing, container: { ...seen, mark: 'bulkhead /srv/other acme' } };
  for (const verb of ['converge', 'remove'] as const) assert.throws(() => container[verb](acme, layout, foreign), { code: 'apply' });
  const ours: ContainerObserved = { ...nothing, container: { ...seen, mark: 'bulkhead /var/lib/b acme' } };
  assert.deepEqual(container.remove(acme, layout, ours)[0]?.argv, ['docker', 'container', 'rm', '--force', 'c0ffee']);
  const bridge = { index: 7, peer: null, kind: 'bridge', up: true, addresses: [] };
  assert.throws(() => container.converge(acme, layout, { ...nothing, base: { ...NOTHING_YET, link: bridge } }), { code: 'apply' });
});

test('a running container is told by the id under which its engine knows it', () => {
  const base = { ...NOTHING_YET, user: { uid: 12_001, gid: 12_001, mark: 'bulkhead /var/lib/b acme' }, boundary: { pid: 4242, joins: [] } };
  const seen = { id: 'c0ffee', pid: 4242, joins: [], runtime: 'runc', mark: 'bulkhead /var/lib/b acme' };
  const { pid, container: id, address } = container.details({ ...nothing, base, container: seen });
  assert.deepEqual([pid, id, address], [4242, 'c0ffee', '10.213.187.134']);
  assert.equal(container.details({ ...nothing, base: { ...base, boundary: null }, container: { ...seen, pid: 0 } }).container, undefined);
});

const rootless = {
  image,
  imageThere: true,
  place: '/run/bulkhead/bh1a2b',
  programs: ['newuidmap', 'newgidmap', 'runc', 'crun'],
  ranges: { users: [], groups: [] },
};
const own: Blueprint = { ...acme, engine: 'podman', rootless: true };
const unprivileged: ContainerObserved = { ...nothing, engine: 'podman', rootless };

test('a rootless engine is given one id of each kind, and its limits by us', () => {
  const lines = container.converge(own, layout, unprivileged).map(({ argv }) => words(argv));
  const at = (part: string): number => lines.findIndex((line) => line.includes(part));
  assert.ok(at('useradd') < at('perl -e PROGRAM /etc/subuid bh1a2b-acme 12001 bh1a2b-acme:2147430113:1'));
  assert.ok(at('perl -e PROGRAM /etc/subgid bh1a2b-acme 12001 bh1a2b-acme:2147430113:1') > 0);
  assert.ok(at('tee /sys/fs/cgroup/memory/bh1a2b/bh1a2b-acme/memory.limit_in_bytes') > 0);
  assert.ok(at('firewall bh1a2b') < at('ip link set bh1a2b-acme up'));
});

test('whatever more stands beside its name is taken away, and an id that is another’s is refused', () => {
  const seen = (users: readonly IdRange[]): ContainerObserved => ({ ...unprivileged, rootless: { ...rootless, ranges: { users, groups: [] } } });
  const wanted = { holder: 'bh1a2b-acme', first: 2_147_430_113, count: 1 };
  const lines = container
    .converge(own, layout, seen([wanted, { holder: 'bh1a2b-acme', first: 0, count: 10 }, { holder: 'bh1a2b-globex', first: 12_001, count: 1 }]))
    .map(({ argv }) => words(argv));
  assert.deepEqual(
    lines.filter((line) => line.includes('/etc/subuid')),
    ['perl -e PROGRAM /etc/subuid bh1a2b-acme 12001 bh1a2b-acme:2147430113:1'],
  );
  for (const first of [12_001, 2_147_430_113])
    assert.throws(() => container.converge(own, layout, seen([{ holder: 'ops', first, count: 1 }])), { code: 'apply', hint: /^look at it with/ });
  const built = { ...NOTHING_YET, user: { uid: 12_001, gid: 12_001, mark: 'bulkhead /var/lib/b acme' } };
  const gone = container.remove(own, layout, { ...seen([wanted]), base: built }).map(({ argv }) => words(argv));
  assert.deepEqual(gone.slice(-2), ['perl -e PROGRAM /etc/subuid bh1a2b-acme 12001', 'userdel -- bh1a2b-acme']);
});

test('its container has what a rootful one has, in the tenant’s namespaces and the image that is root’s directory', () => {
  const line = words(container.service(own, layout, unprivileged).argv);
  assert.equal(
    line.slice(line.indexOf('nsenter'), line.indexOf(' --label')),
    'nsenter --net=/run/netns/bh1a2b-acme -- unshare --pid --fork --kill-child --mount-proc --mount --propagation slave -- ' +
      '/usr/bin/perl -e PROGRAM /run/bulkhead/bh1a2b 12001 12001 prlimit --core=1 --nofile=8192 -- ' +
      'setpriv --reuid 12001 --regid 12001 --clear-groups --inh-caps=-all --ambient-caps=-all --pdeathsig KILL -- /usr/bin/perl -e PROGRAM /run/bulkhead/bh1a2b/container.pid ' +
      'env -i --chdir=/ PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/run/bulkhead/bh1a2b XDG_RUNTIME_DIR=/run/bulkhead/bh1a2b ' +
      'CONTAINERS_CONF=/dev/null CONTAINERS_STORAGE_CONF=/dev/null STORAGE_DRIVER=vfs podman --log-level=error --root=/run/bulkhead/bh1a2b/storage ' +
      '--runroot=/run/bulkhead/bh1a2b/run --cgroup-manager=cgroupfs --events-backend=none --runtime=runc ' +
      'run --rm --name bh1a2b-acme --hostname acme',
  );
  for (const part of [
    ' --uidmap 0:1:1 --uidmap 12001:0:1 --gidmap 0:1:1 --gidmap 12001:0:1 --user 12001:12001 --read-only --cap-drop=ALL --security-opt=no-new-privileges ',
    ' --network host --tmpfs /sys:ro,nosuid,nodev,noexec,size=65536,mode=0711 --tmpfs /var/lib/b/tenants:ro,',
    ` --pidfile=/run/bulkhead/bh1a2b/container.pid --rootfs /var/lib/b/container-roots/${'a'.repeat(64)} /usr/bin/tini -- env -i `,
  ])
    assert.ok(line.includes(part), part);
  assert.ok(!/--memory|--pids-limit|--cgroups/.test(line), 'its service limits it');
  const unified = container.service(own, layout, { ...unprivileged, base: { ...NOTHING_YET, cgroups: 2 } });
  assert.match(words(unified.argv), / --runtime=crun run .* --cgroups=disabled /);
});

test('a rootless engine that lacks a program or the image is refused with what to do', () => {
  const without = (change: Partial<typeof rootless>): ContainerObserved => ({ ...unprivileged, rootless: { ...rootless, ...change } });
  assert.throws(() => container.converge(own, layout, without({ programs: ['runc'] })), { code: 'apply', hint: 'apt-get install uidmap' });
  assert.throws(() => container.converge(own, layout, without({ programs: ['newuidmap', 'newgidmap'] })), { hint: 'apt-get install runc' });
  assert.throws(() => container.service(own, layout, { ...unprivileged, imageThere: false }), { hint: 'bulkhead image build --rootless' });
});

test('a running rootless engine is asked where it runs, and removed only once it is stopped', () => {
  const user = { uid: 12_001, gid: 12_001, mark: 'bulkhead /var/lib/b acme' };
  const up = { ...unprivileged, base: { ...NOTHING_YET, user, boundary: { pid: 4300, joins: [], outer: 4242 } } };
  const { pid, container: id, askEngine } = container.details(up);
  assert.deepEqual([pid, id, words(askEngine?.argv ?? []).slice(0, 47)], [4300, undefined, 'nsenter -t 4242 --net --pid --mount -- prlimit ']);
  assert.match(
    words(container.enter(own, layout, up, { title: 'x', argv: ['true'] }).argv),
    / -t 4300 --net --ipc --uts --pid --cgroup --mount --user -- /,
  );
  assert.throws(() => container.remove(own, layout, up), { code: 'apply', hint: 'bulkhead stop acme' });
});
