/** Runs on the tenant's host (Node on standard input, as root): everything of one tenant's boundary that the kernel knows. Decides nothing. */
import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { promisify } from 'node:util';
import { type IdRange, idRangesIn } from '../../core/subordinate-ids.ts';
import { diskAt, type DiskSeen } from './disk-observer.ts';
import type { Boundary } from './locator.ts';

export interface OsUserRequest {
  readonly user: string;
  readonly link: string;
  readonly namespace: string;
  readonly instance: string;
  readonly tenant: string;
  /** Paths to look at without following them. */
  readonly entries: readonly string[];
  /** Root-owned files to read whole. */
  readonly files: readonly string[];
  /** Control group files to read, one value each. */
  readonly limits: readonly string[];
  /** The tenant's tree, and the image of its disk. */
  readonly tree: string;
  readonly image: string;
  readonly firewallDir: string;
  /** One file per instance: the uplinks that forward because of it. */
  readonly uplinksDir: string;
  /** Where to look for an id for a user that does not exist yet. */
  readonly uids: { readonly first: number; readonly lowest: number; readonly highest: number };
  /** Where ranges of subordinate ids are allotted: `slots` of `count` ids each, from `first`. */
  readonly subordinates: { readonly first: number; readonly slots: number; readonly count: number };
  /** Root-owned file that pins the image of sandboxes. */
  readonly sandboxImage: string;
}

export interface Entry {
  readonly kind: 'directory' | 'symlink' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface Interface {
  readonly index: number;
  readonly peer: number | null;
  readonly kind: string;
  readonly up: boolean;
  readonly addresses: readonly string[];
}

/** All but what runs in it: see `locator.ts`. */
export interface BoundarySeen {
  readonly arch: string;
  readonly systemd: boolean;
  /** Whether the kernel speaks IPv6 at all. */
  readonly ipv6: boolean;
  /** 2: unified; 1: one hierarchy per controller; 0: none that limits memory. */
  readonly cgroups: 0 | 1 | 2;
  readonly swapLimit: boolean;
  readonly user: { readonly uid: number; readonly gid: number; readonly mark: string } | null;
  /** The user's, else one among `uids` that neither a user nor a group has. */
  readonly uid: number;
  /** Of /etc/subuid and /etc/subgid: the user's own range, one that nobody has, and whose range meets its own. */
  readonly subordinates: {
    readonly own: { readonly first: number; readonly count: number } | null;
    readonly free: number;
    readonly clash: string | null;
  };
  readonly sandboxImage: string | null;
  readonly entries: Readonly<Record<string, Entry | null>>;
  readonly files: Readonly<Record<string, string | null>>;
  readonly limits: Readonly<Record<string, string | null>>;
  readonly disk: DiskSeen;
  readonly namespace: 'missing' | 'broken' | 'there';
  readonly link: Interface | null;
  readonly inside: {
    readonly eth0: Interface | null;
    readonly loopbackUp: boolean;
    readonly gateway: string | null;
    readonly ipv6Disabled: string | null;
  } | null;
  /** `ipv4/forwarding` → value, of the host's end of the link. */
  readonly sysctl: Readonly<Record<string, string | null>>;
  readonly uplinks: readonly { readonly name: string; readonly forwarding: string }[];
  /** Instance → the uplinks that it noted, one a line. */
  readonly uplinkNotes: Readonly<Record<string, string>>;
  readonly neighbours: readonly string[];
  readonly resolvers: readonly string[];
  readonly firewall: { readonly listing: string | null; readonly tenants: readonly string[] };
}

const LINK_SYSCTLS = [
  'ipv6/disable_ipv6',
  'ipv4/rp_filter',
  'ipv4/accept_redirects',
  'ipv4/send_redirects',
  'ipv4/route_localnet',
  'ipv4/arp_ignore',
  'ipv4/forwarding',
];
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const CGROUP = '/sys/fs/cgroup';

/** What the rung works on: the boundary, and what runs in it. */
export interface OsUserObserved extends BoundarySeen {
  readonly boundary: Boundary | null;
}

export async function main(request: OsUserRequest): Promise<BoundarySeen> {
  const namespace = namespaceState(request.namespace);
  const cgroups = existsSync(`${CGROUP}/cgroup.controllers`) ? 2 : existsSync(`${CGROUP}/memory/memory.limit_in_bytes`) ? 1 : 0;
  // Side by side: each is a program that is started, and together they are most of the look.
  const [user, links, within, ways, near, table] = await Promise.all([
    userNamed(request.user),
    interfaces([]),
    namespace === 'there' ? inside(request.namespace) : null,
    uplinks(),
    routes(['scope', 'link']),
    listing(request.instance),
  ]);
  const uid = user?.uid ?? (await freeUid(request.uids));
  return {
    arch: process.arch,
    systemd: existsSync('/run/systemd/system'),
    ipv6: existsSync('/proc/sys/net/ipv6'),
    cgroups,
    swapLimit: cgroups === 2 ? true : existsSync(`${CGROUP}/memory/memory.memsw.limit_in_bytes`),
    user,
    uid,
    subordinates: subordinates(request, uid),
    sandboxImage: read(request.sandboxImage)?.trim() ?? null,
    entries: Object.fromEntries(request.entries.map((path) => [path, entry(path)])),
    files: Object.fromEntries(request.files.map((path) => [path, read(path)])),
    limits: Object.fromEntries(request.limits.map((path) => [path, read(path)?.trim() ?? null])),
    disk: diskAt(request.tree, request.image),
    namespace,
    link: links.get(request.link) ?? null,
    inside: within,
    sysctl: Object.fromEntries(LINK_SYSCTLS.map((name) => [name, linkSysctl(request.link, name)])),
    uplinks: ways,
    uplinkNotes: notes(request.uplinksDir),
    neighbours: near.map((route) => route.dst).filter((dst) => dst.includes('/')),
    resolvers: resolvers(),
    firewall: { listing: table, tenants: firewallTenants(request.firewallDir) },
  };
}

/** Runs a program; an exit status that is not expected throws. */
async function run(program: string, args: readonly string[], absent?: number): Promise<string | null> {
  const running = promisify(execFile)(program, args, { encoding: 'utf8', env: { PATH, LC_ALL: 'C' }, timeout: 20_000, maxBuffer: 32 << 20 });
  running.child.stdin?.end();
  try {
    return (await running).stdout;
  } catch (error) {
    if (absent !== undefined && (error as { code?: unknown }).code === absent) return null;
    throw error;
  }
}

function code(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (code(error) === 'ENOENT' || code(error) === 'ENODEV') return null;
    throw error;
  }
}

function entry(path: string): Entry | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const kind = found.isDirectory() ? 'directory' : found.isSymbolicLink() ? 'symlink' : 'other';
  return { kind, mode: found.mode & 0o7777, uid: found.uid, gid: found.gid };
}

/** getent ends with 2 when there is no such key (getent(1)). */
async function userNamed(name: string): Promise<BoundarySeen['user']> {
  const line = (await run('getent', ['passwd', name], 2))?.trim().split(':');
  if (line === undefined) return null;
  return { uid: Number(line[2]), gid: Number(line[3]), mark: line[4] ?? '' };
}

/** More than a host has port blocks: a tenant that must give way to a taken id does not land on the one its neighbour starts from. */
const UID_STRIDE = 149;

async function freeUid({ first, lowest, highest }: OsUserRequest['uids']): Promise<number> {
  for (let step = 0; step < 400; step += 1) {
    const uid = lowest + ((first - lowest + step * UID_STRIDE) % (highest - lowest + 1));
    const holders = await Promise.all(['passwd', 'group'].map((kind) => run('getent', [kind, String(uid)], 2)));
    if (holders.every((holder) => holder === null)) return uid;
  }
  throw new Error(`no free user id from ${lowest} to ${highest}`);
}

/** The slot follows from the user's id, so that tenants planned at once pick different ones. subuid(5). */
function subordinates({ user, subordinates: { first, slots, count } }: OsUserRequest, uid: number): BoundarySeen['subordinates'] {
  const files = ['/etc/subuid', '/etc/subgid'].map((path) => idRangesIn(read(path) ?? ''));
  const ranges = files.flat();
  const meet = (at: number, by: number): IdRange | undefined =>
    ranges.find(({ holder, ...range }) => holder !== user && range.first < at + by && at < range.first + range.count);
  const [mine, its] = files.map((file) => file.find(({ holder }) => holder === user));
  const own = mine !== undefined && its !== undefined && mine.first === its.first && mine.count === its.count ? mine : null;
  const free = Array.from({ length: slots }, (_, step) => first + ((uid + step) % slots) * count).find((at) => meet(at, count) === undefined);
  if (free === undefined) throw new Error('no free range of subordinate ids');
  const clash = own === null ? undefined : meet(own.first, own.count)?.holder;
  return { own: own === null ? null : { first: own.first, count: own.count }, free, clash: clash ?? null };
}

/** A name under /run/netns on which no namespace is mounted is what a killed `ip netns add` leaves. */
function namespaceState(name: string): BoundarySeen['namespace'] {
  const path = `/run/netns/${name}`;
  if (!existsSync(path)) return 'missing';
  return statfsSync(path).type === 0x6e736673 ? 'there' : 'broken';
}

async function interfaces(within: readonly string[]): Promise<Map<string, Interface>> {
  const text = (await run('ip', [...within, '-j', '-d', 'addr', 'show'])) ?? '[]';
  const found = JSON.parse(text) as {
    ifname?: string;
    ifindex: number;
    link_index?: number;
    flags: string[];
    linkinfo?: { info_kind?: string };
    addr_info?: { family: string; local: string; prefixlen: number }[];
  }[];
  return new Map(
    found.flatMap((one) => {
      if (one.ifname === undefined) return [];
      const addresses = (one.addr_info ?? []).map((address) => `${address.local}/${address.prefixlen}`);
      return [
        [
          one.ifname,
          { index: one.ifindex, peer: one.link_index ?? null, kind: one.linkinfo?.info_kind ?? '', up: one.flags.includes('UP'), addresses },
        ],
      ];
    }),
  );
}

async function inside(name: string): Promise<BoundarySeen['inside']> {
  const sysctl = '/proc/sys/net/ipv6/conf/default/disable_ipv6';
  const [found, ways, ipv6] = await Promise.all([
    interfaces(['-n', name]),
    run('ip', ['-n', name, '-j', '-4', 'route', 'show', 'default']),
    existsSync(sysctl) ? run('nsenter', [`--net=/run/netns/${name}`, 'cat', sysctl]) : null,
  ]);
  const gateways = JSON.parse(ways || '[]') as { gateway?: string }[];
  const ipv6Disabled = ipv6?.trim() ?? null;
  return { eth0: found.get('eth0') ?? null, loopbackUp: found.get('lo')?.up === true, gateway: gateways[0]?.gateway ?? null, ipv6Disabled };
}

function linkSysctl(link: string, name: string): string | null {
  const [family, key] = name.split('/');
  return read(`/proc/sys/net/${family}/conf/${link}/${key}`)?.trim() ?? null;
}

async function routes(selector: readonly string[]): Promise<{ dst: string; dev: string }[]> {
  return JSON.parse((await run('ip', ['-j', '-4', 'route', 'show', ...selector])) || '[]') as { dst: string; dev: string }[];
}

async function uplinks(): Promise<{ name: string; forwarding: string }[]> {
  const names = [...new Set((await routes(['default'])).map((route) => route.dev))].toSorted();
  return names.map((name) => ({ name, forwarding: readFileSync(`/proc/sys/net/ipv4/conf/${name}/forwarding`, 'utf8').trim() }));
}

/** A resolver on the host's loopback (systemd-resolved, dnsmasq) cannot be reached from another network namespace. */
function resolvers(): string[] {
  const named = (path: string): string[] => [...(read(path) ?? '').matchAll(/^nameserver\s+([0-9.]+)\s*$/gm)].map((match) => match[1] ?? '');
  const local = named('/etc/resolv.conf');
  const all = local.some((address) => address.startsWith('127.')) ? [...local, ...named('/run/systemd/resolve/resolv.conf')] : local;
  return [...new Set(all.filter((address) => !address.startsWith('127.') && address !== '0.0.0.0'))].slice(0, 3);
}

/** Stateless listing of our table, or null when the list of tables does not name it. */
async function listing(table: string): Promise<string | null> {
  const tables = ((await run('nft', ['list', 'tables'])) ?? '').split('\n');
  return tables.includes(`table inet ${table}`) ? await run('nft', ['-s', 'list', 'table', 'inet', table]) : null;
}

function notes(directory: string): Record<string, string> {
  if (!existsSync(directory)) return {};
  return Object.fromEntries(readdirSync(directory).map((name) => [name, read(`${directory}/${name}`) ?? '']));
}

function firewallTenants(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith('.nft'))
    .map((name) => name.slice(0, -4))
    .toSorted();
}
