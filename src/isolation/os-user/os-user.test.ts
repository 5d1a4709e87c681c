import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BulkheadError } from '../../core/error.ts';
import type { CommandResult } from '../../core/command.ts';
import { localHost } from '../../hosts/local.ts';
import { requires } from '../../../test/support/requires.ts';
import { seccompFilter } from './seccomp.ts';
import { GIVE_BACK_UPLINKS, JOIN_AND_EXEC, LOAD_FIREWALL, LOAD_SECCOMP } from './programs.ts';
import type { OsUserObserved } from './observer.ts';
import { osUser } from './os-user.ts';
import { isFirewallLoaded, tableText, tenantText } from './firewall.ts';
import { uidsFor } from './names.ts';
import { NOTHING_YET, sampleBlueprint, sampleLayout } from './sample.ts';

const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '2026.9.6' };
const pick = ({ exit, stdout, stderr }: CommandResult): unknown => ({ exit, stdout, stderr });
const layout = sampleLayout('bh1a2b', '/var/lib/b', install);
const acme = sampleBlueprint('acme', 20_000, layout);
const built: OsUserObserved = { ...NOTHING_YET, user: { uid: 12_001, gid: 12_001, mark: 'bulkhead /var/lib/b acme' } };

test('everything is built in one go, the link comes up last', () => {
  const lines = osUser.converge(acme, layout, NOTHING_YET).map(({ argv }) => argv.map((word) => (word === LOAD_FIREWALL ? 'LOAD' : word)).join(' '));
  const range = '-K SYS_UID_MIN=12000 -K SYS_UID_MAX=16383 -K SYS_GID_MIN=12000 -K SYS_GID_MAX=16383';
  const tree = '/var/lib/b/tenants/.acme.new';
  const run = '/run/bulkhead/bh1a2b';
  const proc = '/proc/sys/net';
  const etc = ['passwd', 'group', 'hosts', 'hostname', 'resolv.conf', 'nsswitch.conf'].map((file) => `/var/lib/b/boundary/bh1a2b-acme/${file}`);
  assert.deepEqual(lines, [
    'install -d -m 0711 -- /var/lib/b',
    'install -d -m 0711 -- /var/lib/b/tenants',
    'install -d -m 0711 -- /var/lib/b/secrets',
    'install -d -m 0700 -- /var/lib/b/logs',
    `install -d -m 0711 -- ${run}`,
    `useradd --system ${range} --uid 12001 --user-group --no-create-home --home-dir /var/lib/b/tenants/acme/home --shell /usr/sbin/nologin --comment bulkhead /var/lib/b acme -- bh1a2b-acme`,
    'install -d -o root -g bh1a2b-acme -m 0750 -- /var/lib/b/secrets/acme',
    `install -d -m 0700 -- ${tree} ${['home', 'state', 'config', 'workspace', 'tmp', 'tmp/compile-cache', 'state/logs'].map((name) => `${tree}/${name}`).join(' ')}`,
    `chown -R -h bh1a2b-acme:bh1a2b-acme -- ${tree}`,
    `mv -T -- ${tree} /var/lib/b/tenants/acme`,
    'install -d -m 0755 -- /var/lib/b/boundary/bh1a2b-acme',
    ...etc.flatMap((path) => [`tee ${path}`, `chmod 0644 -- ${path}`]),
    `mkdir -p -m 0755 -- ${['memory', 'pids', 'cpu'].map((name) => `/sys/fs/cgroup/${name}/bh1a2b/bh1a2b-acme`).join(' ')}`,
    ...[
      'memory/bh1a2b/bh1a2b-acme/memory.limit_in_bytes',
      'pids/bh1a2b/bh1a2b-acme/pids.max',
      'cpu/bh1a2b/bh1a2b-acme/cpu.cfs_period_us',
      'cpu/bh1a2b/bh1a2b-acme/cpu.cfs_quota_us',
    ].map((file) => `tee /sys/fs/cgroup/${file}`),
    'ip netns add bh1a2b-acme',
    `nsenter --net=/run/netns/bh1a2b-acme tee ${proc}/ipv6/conf/default/disable_ipv6`,
    'ip link add bh1a2b-acme type veth peer name eth0 netns bh1a2b-acme',
    ...[
      'ipv6/conf/bh1a2b-acme/disable_ipv6',
      ...['rp_filter', 'accept_redirects', 'send_redirects', 'route_localnet', 'arp_ignore', 'forwarding'].map(
        (key) => `ipv4/conf/bh1a2b-acme/${key}`,
      ),
    ].map((key) => `tee ${proc}/${key}`),
    'ip -4 addr flush dev bh1a2b-acme',
    'ip addr replace 10.213.187.133/30 dev bh1a2b-acme',
    'ip -n bh1a2b-acme -4 addr flush dev eth0',
    'ip -n bh1a2b-acme addr replace 10.213.187.134/30 dev eth0',
    'install -d -m 0700 -- /run/bulkhead/.uplinks',
    'flock /run/bulkhead/.uplinks tee /run/bulkhead/.uplinks/bh1a2b',
    'install -d -m 0700 -- /var/lib/b/firewall',
    'install -d -m 0700 -- /var/lib/b/firewall/tenants',
    'rm -f -- /var/lib/b/firewall/loaded',
    'tee /var/lib/b/firewall/table.nft',
    'tee /var/lib/b/firewall/tenants/bh1a2b-acme.nft',
    'perl -e LOAD /var/lib/b/firewall bh1a2b',
    `tee ${proc}/ipv4/conf/eth0/forwarding`,
    'ip link set bh1a2b-acme up',
    'ip -n bh1a2b-acme link set lo up',
    'ip -n bh1a2b-acme link set eth0 up',
    'ip -n bh1a2b-acme route replace default via 10.213.187.133',
  ]);
});

test('a tenant is set elements only, and resolvers are open on port 53 alone', () => {
  const tenant = { ...acme, egress: 'open' as const, allow: [{ protocol: 'tcp' as const, address: 'host', port: 29_001 }] };
  assert.equal(
    tenantText(tenant, layout, built),
    `add element inet bh1a2b tenants { "bh1a2b-acme" }
add element inet bh1a2b source { "bh1a2b-acme" . 10.213.187.134 }
add element inet bh1a2b own { "bh1a2b-acme" . 10.213.187.133 }
add element inet bh1a2b published { 20000 }
add element inet bh1a2b operators { 20000 . 0 }
add element inet bh1a2b open { "bh1a2b-acme" }
add element inet bh1a2b allow { "bh1a2b-acme" . 10.213.187.133 . tcp . 29001, "bh1a2b-acme" . 10.9.9.53 . udp . 53, "bh1a2b-acme" . 10.9.9.53 . tcp . 53 }
`,
  );
});

test('from a tenant in quarantine nothing leaves, not even a question for a name, and no uplink forwards for it', () => {
  const sealed = { ...acme, egress: 'none' as const, allow: [], sealed: true as const };
  assert.match(tenantText({ ...sealed, sealed: undefined } as never, layout, built), /10\.9\.9\.53/, 'without it names are asked for');
  assert.doesNotMatch(tenantText(sealed, layout, built), / allow | open /);
  const uplinks = [{ name: 'eth0', forwarding: '0' }];
  const lines = osUser.converge(sealed, layout, { ...built, uplinks }).map(({ argv }) => argv.join(' '));
  assert.ok(!lines.some((line) => line.includes('/conf/eth0/forwarding')));
});

test('connected networks with public addresses are refused too, and a host without uplinks has a table', () => {
  assert.match(tableText(layout, built), /224\.0\.0\.0\/3, 192\.0\.2\.0\/24 \}/);
  assert.match(tableText(layout, { ...built, uplinks: [] }), /set uplinks \{ type ifname; \}/);
});

test('what other programs forward is dropped only from uplinks that did not forward before', () => {
  assert.match(tableText(layout, built), /iifname @uplinks oifname @tenants counter drop/);
  assert.match(tableText(layout, { ...built, uplinkNotes: { bh1a2b: 'eth0\n' } }), /iifname @uplinks ip daddr != 10\.213\.0\.0\/16 counter drop/);
});

test('an uplink is let forward where it does not, and where that is noted only now: who switched it on may go meanwhile', () => {
  const on = { ...built, uplinks: [{ name: 'eth0', forwarding: '1' }] };
  const switched = (observed: OsUserObserved): readonly string[] =>
    osUser.converge(acme, layout, observed).flatMap(({ argv }) => (argv.at(-1)?.endsWith('/eth0/forwarding') === true ? [argv.join(' ')] : []));
  const eth0 = ['tee /proc/sys/net/ipv4/conf/eth0/forwarding'];
  assert.deepEqual(switched({ ...on, uplinkNotes: { bh: 'eth0\n' } }), eth0);
  assert.deepEqual(switched({ ...on, uplinkNotes: { bh: 'eth0\n', bh1a2b: 'eth0\n' } }), []);
  assert.deepEqual(switched({ ...built, uplinkNotes: { bh1a2b: 'eth0\n' } }), eth0);
});

test('uplinks are given back when the last tenant goes', () => {
  const commands = osUser.remove(acme, layout, { ...built, user: null, uplinkNotes: { bh1a2b: 'eth0\n', bh: 'eth0\n' } });
  assert.deepEqual(
    commands.map(({ argv }) => argv.map((word) => (word === GIVE_BACK_UPLINKS ? 'GIVE BACK' : word)).join(' ')),
    ['perl -e GIVE BACK /run/bulkhead/.uplinks bh1a2b'],
  );
});

test('the system call filter is the same bytes on every build', () => {
  const open = seccompFilter('x64', { userNamespaces: true });
  assert.equal(open.number, 317);
  assert.equal(
    open.hex.slice(0, 96),
    '2000000004000000' + '150001003e0000c0' + '0600000026000500' + '2000000000000000' + '3500000100000040' + '0600000026000500',
  );
  assert.equal(open.hex.length / 16, 6 + 2 * 9 + 3 + 8 + 1);
  assert.equal(seccompFilter('x64', { userNamespaces: false }).hex.length / 16, open.hex.length / 16 + 2 + 10);
  assert.equal(seccompFilter('arm64', { userNamespaces: true }).number, 277);
  assert.throws(() => seccompFilter('s390x', { userNamespaces: true }), /no system call table/);
});

test('a program enters all namespaces and the limits, then drops every privilege and starts from an empty environment', () => {
  const up = { ...built, boundary: { pid: 4242, joins: ['/sys/fs/cgroup/memory/x/cgroup.procs'] } };
  const { argv, stdin } = osUser.enter(acme, layout, up, { title: 'ask', argv: ['id'], stdin: 'in', env: { EXTRA: '1' } });
  const { hex } = seccompFilter('x64', { userNamespaces: false });
  const env = Object.entries(acme.environment).map(([name, value]) => `${name}=${value}`);
  assert.equal(stdin, 'in');
  assert.deepEqual(argv, [
    'perl',
    '-e',
    JOIN_AND_EXEC,
    '2',
    '/sys/fs/cgroup/memory/x/cgroup.procs',
    '--',
    'nsenter',
    '-t',
    '4242',
    '--net',
    '--ipc',
    '--uts',
    '--pid',
    '--cgroup',
    '--mount',
    '--',
    'setsid',
    '--wait',
    'prlimit',
    '--core=1',
    '--nofile=8192',
    '--',
    'setpriv',
    '--reuid',
    '12001',
    '--regid',
    '12001',
    '--clear-groups',
    '--no-new-privs',
    '--bounding-set=-all',
    '--inh-caps=-all',
    '--ambient-caps=-all',
    '--pdeathsig',
    'KILL',
    '--',
    'env',
    '-i',
    '--chdir=/var/lib/b/tenants/acme/workspace',
    ...env,
    'EXTRA=1',
    '/usr/bin/perl',
    '-e',
    LOAD_SECCOMP,
    '317',
    hex,
    'id',
  ]);
});

test('nothing runs inside a boundary that is not up', () => {
  assert.throws(
    () => osUser.enter(acme, layout, built, { title: 'ask', argv: ['id'] }),
    (error) => error instanceof BulkheadError && error.code === 'apply',
  );
});

test('on a systemd host the unit owns the limits, and the boundary shows its own control group', () => {
  const systemd = { ...built, systemd: true, cgroups: 2 as const };
  assert.ok(!osUser.converge(acme, layout, systemd).some(({ argv }) => argv.some((word) => word.includes('/sys/fs/cgroup'))));
  const { argv } = osUser.service(acme, layout, systemd);
  assert.deepEqual(argv.slice(3, 6), ['--', '--', 'nsenter']);
  const at = argv.indexOf('{cgroup}');
  assert.deepEqual(argv.slice(at - 1, at + 2), ['--ro-bind', '{cgroup}', '/sys/fs/cgroup']);
});

test('with no control group to join the top process still runs what follows', { skip: requires({ programs: ['perl'] }) }, async () => {
  const { argv } = osUser.service(acme, layout, { ...built, systemd: true });
  const [program, ...head] = argv.slice(0, argv.indexOf('nsenter'));
  const command = { title: 'run a boundary', argv: [program ?? '', ...head, 'echo', 'entered'] } as const;
  assert.deepEqual(pick(await localHost().run(command, new AbortController().signal)), { exit: 0, stdout: 'entered\n', stderr: '' });
});

test('cgroup v2 has one directory and hands controllers down', () => {
  const lines = osUser
    .converge(acme, layout, { ...built, cgroups: 2 })
    .filter(({ argv }) => argv.some((word) => word.includes('/sys/fs/cgroup')))
    .map(({ argv, stdin }) => `${argv.at(-1)?.slice(15)} ${stdin?.trim() ?? ''}`);
  const dir = 'bh1a2b/bh1a2b-acme';
  assert.deepEqual(lines, [
    `${dir} `,
    'cgroup.subtree_control +memory +pids +cpu',
    'bh1a2b/cgroup.subtree_control +memory +pids +cpu',
    `${dir}/memory.max 1073741824`,
    `${dir}/memory.swap.max 0`,
    `${dir}/memory.oom.group 1`,
    `${dir}/pids.max 256`,
    `${dir}/cpu.max 150000 100000`,
  ]);
});

test('no environment value and no secret path of the tenant is missing from the service, and none is inherited', () => {
  const { argv, environment, publish } = osUser.service(acme, layout, built);
  assert.deepEqual(Object.keys(environment), ['PATH', 'LC_ALL']);
  assert.ok(argv.includes('-i'));
  assert.deepEqual(argv.slice(-4), ['/opt/oc/bin/node', '/opt/oc/openclaw.mjs', 'gateway', 'run']);
  assert.equal(publish?.port, 20_000);
  assert.ok(publish.argv.includes('{pid}'));
});

test('tenants planned at once look for their ids at different numbers, in two instances with the same ports too', () => {
  const firsts = ['bh', 'bh0001', 'bh1a2b', 'bhffff'].flatMap((instance) => {
    const one = sampleLayout(instance, '/var/lib/b', install);
    return [20_000, 20_120, 20_240].map((port) => uidsFor(sampleBlueprint('acme', port, one), one));
  });
  assert.equal(new Set(firsts.map(({ first }) => first)).size, firsts.length);
  for (const { first, lowest, highest } of firsts) assert.ok(first >= lowest && first <= highest);
});

test('egress is filtered only while the kernel holds the table as it was loaded, with the tenant in it', () => {
  const run = '/run/bulkhead/bh1a2b/firewall';
  const link = { index: 2, peer: 3, kind: 'veth', up: true, addresses: [] };
  const loaded: OsUserObserved = {
    ...built,
    link,
    files: { [`${run}/loaded`]: 'table', [`${run}/tenants/bh1a2b-acme.nft`]: 'rules' },
    firewall: { listing: 'table', tenants: ['bh1a2b-acme'] },
  };
  assert.equal(isFirewallLoaded(loaded), true);
  assert.equal(isFirewallLoaded({ ...loaded, firewall: { listing: null, tenants: [] } }), false);
  assert.equal(isFirewallLoaded({ ...loaded, firewall: { listing: 'table, changed', tenants: [] } }), false);
  assert.equal(isFirewallLoaded({ ...loaded, files: { [`${run}/loaded`]: 'table', [`${run}/tenants/bh1a2b-acme.nft`]: null } }), false);
  assert.equal(isFirewallLoaded({ ...loaded, link: null }), false);
});
