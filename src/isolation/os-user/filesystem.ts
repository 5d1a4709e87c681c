/** What a tenant sees: an empty root into which only what is named here is bound, by bubblewrap. An allow-list, not a mask. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { addressesOf, boundaryDir, gidOf, uidOf, userOf } from './names.ts';
import { engineBinds } from './engine.ts';
import { visibleLimits } from './limits.ts';
import type { OsUserObserved } from './observer.ts';
import { directory } from './tree.ts';

/** From the host's /etc: nothing about accounts, keys or the host's own services. */
const ETC = [
  'ssl/certs',
  'ssl/openssl.cnf',
  'ca-certificates',
  'pki',
  'alternatives',
  'fonts',
  'chromium',
  'chromium.d',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'timezone',
  'mime.types',
  'protocols',
  'services',
  'gai.conf',
  'os-release',
  'terminfo',
];
const LINKS = ['bin', 'sbin', 'lib', 'lib64'];
const MIB = 1 << 20;

/** Root-owned files that stand in for the host's /etc, by name. */
export function madeUpEtc(blueprint: Blueprint, observed: OsUserObserved): Readonly<Record<string, string>> {
  const { name } = userOf(blueprint);
  const uid = uidOf(observed);
  const gid = gidOf(observed);
  const { tenant, paths } = blueprint;
  return {
    passwd: `root:x:0:0::/root:/usr/sbin/nologin\nnobody:x:65534:65534::/:/usr/sbin/nologin\n${name}:x:${uid}:${gid}::${paths.home}:/bin/sh\n`,
    group: `root:x:0:\nnogroup:x:65534:\n${name}:x:${gid}:\n`,
    hosts: `127.0.0.1 localhost ${tenant}\n::1 localhost\n${addressesOf(observed).host} host.bh\n`,
    hostname: `${tenant}\n`,
    'resolv.conf': `${observed.resolvers.map((address) => `nameserver ${address}\n`).join('')}options timeout:2 attempts:2\n`,
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  };
}

export const ETC_NAMES: readonly string[] = ['passwd', 'group', 'hosts', 'hostname', 'resolv.conf', 'nsswitch.conf'];

export function convergeEtc(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const dir = boundaryDir(blueprint, layout);
  const commands: Command[] = observed.entries[dir]?.mode === 0o755 ? [] : [directory(dir, 0o755)];
  for (const [name, text] of Object.entries(madeUpEtc(blueprint, observed))) {
    const path = `${dir}/${name}`;
    const there = observed.files[path] === text;
    if (!there) commands.push({ title: `write ${path}`, argv: ['tee', path], stdin: text });
    // Readable inside whatever the umask of whoever applied.
    if (!there || observed.entries[path]?.mode !== 0o644) commands.push({ title: `make ${path} readable`, argv: ['chmod', '0644', '--', path] });
  }
  return commands;
}

/** bwrap's arguments up to and including `--`; `engine`: those that bind what an engine of its own needs. */
export function boundaryArgv(
  blueprint: Blueprint,
  layout: Layout,
  observed: OsUserObserved,
  engine: readonly string[] = engineBinds(blueprint, layout, observed),
): readonly string[] {
  const { paths, install, tenant } = blueprint;
  const limits = visibleLimits(blueprint, layout, observed);
  const tmpfs = (path: string, mode: string, bytes: number): readonly string[] => ['--perms', mode, '--size', String(bytes), '--tmpfs', path];
  const etc = boundaryDir(blueprint, layout);
  return [
    'bwrap',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup',
    '--die-with-parent',
    '--hostname',
    tenant,
    ...passagesTo(['/usr', '/etc/ssl', '/var']),
    '--ro-bind',
    '/usr',
    '/usr',
    ...LINKS.flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...tmpfs('/dev/shm', '1777', 256 * MIB),
    // Charged to the tenant's own memory limit.
    ...tmpfs('/tmp', '1777', 512 * MIB),
    ...tmpfs('/var/tmp', '1777', 64 * MIB),
    // An engine keeps its sockets and what runs there; nobody of the tenant can write to it.
    ...tmpfs('/run', '0755', engine.length === 0 ? MIB : 16 * MIB),
    // After the tmpfs mounts: a state directory below /tmp must not be hidden by them.
    ...passagesTo(['/sys/fs/cgroup', install.root, paths.root, paths.secretsDir, ...limits.map(([, inside]) => inside)]),
    ...ETC.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    ...ETC_NAMES.flatMap((name) => ['--ro-bind', `${etc}/${name}`, `/etc/${name}`]),
    '--ro-bind',
    install.root,
    install.root,
    // At the paths they have on the host, so that a path OpenClaw reports means the same outside.
    '--bind',
    paths.root,
    paths.root,
    '--ro-bind',
    paths.secretsDir,
    paths.secretsDir,
    ...limits.flatMap(([host, inside]) => ['--ro-bind', host, inside]),
    ...engine,
    '--remount-ro',
    '/',
    '--chdir',
    '/',
    '--',
  ];
}

/** Every directory on the way, passable: bwrap would make them 0700. */
export function passagesTo(paths: readonly string[]): readonly string[] {
  const dirs = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/').filter((part) => part !== '');
    for (let count = 1; count <= parts.length; count += 1) dirs.add(`/${parts.slice(0, count).join('/')}`);
  }
  return [...dirs].flatMap((dir) => ['--perms', '0755', '--dir', dir]);
}
