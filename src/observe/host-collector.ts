/**
 * Runs on a host as whoever runs Bulkhead (Node on standard input): what the kernel says of gateways, listeners and mounts. Reads /proc only,
 * follows nothing that a tenant wrote, decides nothing. Source: proc(5), Documentation/filesystems/proc.rst (3.5 mountinfo).
 */
import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { GATEWAY_NAME, isGatewayCommand } from '../openclaw/discovery.ts';
import { makeMasker, type Masked, type Masker, type MaskingRules } from '../openclaw/masking.ts';
import { splitEnviron, tellVariables } from './variables.ts';
import { backingsOf, mountsBelow, mountsIn, type BackingsSeen, type Mounts } from './mounts.ts';
import { attempt, type Seen } from './seen.ts';

export interface HostRequest {
  readonly tenants: readonly {
    readonly tenant: string;
    /** Boundary process: the gateway itself, or pid 1 of its pid namespace. */
    readonly pid?: number;
    readonly port: number;
    /** Real paths whose backing is wanted. */
    readonly paths: readonly string[];
  }[];
  /** Names of environment variables that may be told. */
  readonly names: readonly string[];
  /** Random key of this run, hex, and what may be told of the other variables; without it none is read. */
  readonly masking?: { readonly key: string; readonly rules: MaskingRules };
}

/** Links of tenants carry an instance's name, `bh…`: what they lead to is each tenant's own. */
function ownAddresses(): readonly string[] {
  const links = Object.entries(networkInterfaces()).filter(([name]) => !/^bh[0-9a-f]{0,4}-?/.test(name));
  const own = links.flatMap(([, list = []]) => list.filter(({ internal, scopeid }) => !internal && (scopeid ?? 0) === 0));
  return [...new Set(own.map(({ address }) => address))].slice(0, MOST_ADDRESSES);
}

type Namespaces = Record<string, string>;

export interface ProcessSeen {
  readonly pid: number;
  readonly startTicks: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly umask?: string;
  readonly userIds?: readonly { readonly first: number; readonly count: number }[];
  readonly noNewPrivs: boolean;
  readonly capabilities: string;
  readonly seccomp: number;
  readonly namespaces: Namespaces;
  readonly environment: Record<string, string>;
  readonly variables: Record<string, string | Masked>;
}
export interface ListenerSeen {
  readonly address: string;
  readonly port: number;
  readonly holders: readonly { readonly pid: number; readonly uid: number; readonly namespaces: Namespaces }[];
}
export interface HostCollected {
  readonly bootId: string;
  /** Of its interfaces, its loopback and addresses that hold on one link only left out. */
  readonly addresses: readonly string[];
  readonly namespaces: Namespaces;
  readonly tenants: Record<
    string,
    { readonly process: Seen<ProcessSeen | null>; readonly listener: Seen<ListenerSeen | null>; readonly backings: Seen<BackingsSeen> }
  >;
}

const MOST_ADDRESSES = 16;
const MOST_DESCRIPTORS = 500_000;
const NAMESPACES = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];

export async function main(request: HostRequest): Promise<HostCollected> {
  const names = new Set(request.names);
  const masker = request.masking === undefined ? undefined : makeMasker(request.masking.key, request.masking.rules);
  const listening = attempt(() => listeners(new Set(request.tenants.map(({ port }) => port))));
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .toSorted((left, right) => left - right);
  const host = attempt(() => mountsOf('self'));
  const looked = request.tenants.map(({ tenant, pid, port, paths }) => {
    const found = attempt(() => (pid === undefined ? undefined : gatewayOf(pid, pids)));
    const seen = found.ok ? attempt(() => (found.value === undefined ? null : lookAtProcess(found.value, names, masker))) : found;
    const backings = attempt(() => {
      if (!host.ok) throw new Error(host.why);
      const gateway = found.ok && found.value !== undefined ? mountsOf(String(found.value)) : host.value;
      // What the host mounts into its tree reaches the gateway at its next start.
      return { ...mountsBelow(host.value, paths), ...mountsBelow(gateway, paths), ...backingsOf(gateway, paths) };
    });
    return [tenant, { process: seen, listener: listening.ok ? listenerOn(listening.value, port) : listening, backings }] as const;
  });
  const bootId = readText('/proc/sys/kernel/random/boot_id', 100).trim();
  return { bootId, addresses: ownAddresses(), namespaces: namespacesOf('self'), tenants: Object.fromEntries(looked) };
}

function mountsOf(pid: string): Mounts {
  return mountsIn(readText(`/proc/${pid}/mountinfo`, 4 << 20));
}

function readText(path: string, most: number): string {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(64 << 10);
    const parts: Buffer[] = [];
    let length = 0;
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      length += read;
      if (length > most) throw new Error(`${path} has more than ${most} bytes`);
      parts.push(Buffer.from(buffer.subarray(0, read)));
    }
    return Buffer.concat(parts).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** The boundary process itself when it is a gateway, otherwise the oldest gateway in its pid namespace; undefined when there is none. */
function gatewayOf(boundary: number, pids: readonly number[]): number | undefined {
  if (isGateway(boundary)) return boundary;
  const inside = readlinkSync(`/proc/${boundary}/ns/pid`);
  if (inside === readlinkSync('/proc/self/ns/pid')) return undefined;
  return pids.find((pid) => isIn(pid, inside) && isGateway(pid));
}

/** A gateway names itself; until it has, its command line says so (that of bubblewrap holds the same words further on). Within its own boundary a tenant may call anything so: it stays inside. */
function isGateway(pid: number): boolean {
  try {
    if (readText(`/proc/${pid}/comm`, 4096).startsWith(GATEWAY_NAME)) return true;
    const [program = '', ...words] = readText(`/proc/${pid}/cmdline`, 1 << 20).split('\0');
    // Node itself, not a wrapper around it: bwrap, perl and the init of a container carry the same words further along.
    return /(?:^|\/)node$/.test(program) && isGatewayCommand(words.slice(0, 2));
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

function isIn(pid: number, namespace: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`) === namespace;
  } catch (error) {
    if (isGone(error) || isForbidden(error)) return false;
    throw error;
  }
}

function lookAtProcess(pid: number, names: ReadonlySet<string>, masker: Masker | undefined): ProcessSeen {
  const startTicks = startOf(pid);
  const status = new Map(
    readText(`/proc/${pid}/status`, 64 << 10)
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const numbers = (name: string): number[] =>
    (status.get(name) ?? '')
      .split(/\s+/)
      .filter((text) => text !== '')
      .map(Number);
  const [, uid] = numbers('Uid');
  const [, gid] = numbers('Gid');
  const capabilities = status.get('CapEff');
  if (uid === undefined || gid === undefined || capabilities === undefined) throw new Error(`/proc/${pid}/status is not as expected`);
  const umask = status.get('Umask');
  const variables = masker === undefined ? {} : tellVariables(splitEnviron(readText(`/proc/${pid}/environ`, 1 << 20)), names, masker);
  const environment = Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const seen = {
    pid,
    startTicks,
    uid,
    gid,
    groups: numbers('Groups'),
    noNewPrivs: status.get('NoNewPrivs') === '1',
    capabilities,
    seccomp: numbers('Seccomp')[0] ?? 0,
    namespaces: namespacesOf(pid),
    environment,
    variables,
  };
  const userIds = userIdsOf(pid);
  if (startOf(pid) !== startTicks) throw new Error(`process ${pid} ended while it was looked at`);
  return { ...seen, ...(umask === undefined ? {} : { umask }), ...(userIds === undefined ? {} : { userIds }) };
}

/** Lines of `INSIDE HERE COUNT`, in the numbers of whoever reads; undefined where all of them are mapped to themselves. user_namespaces(7). */
function userIdsOf(pid: number): ProcessSeen['userIds'] {
  const ranges = readText(`/proc/${pid}/uid_map`, 65_536)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().split(/\s+/).map(Number));
  if (ranges.some(([inside, here, count = 0]) => inside === here && count >= 0xffffffff)) return undefined;
  return ranges.map(([, first = 0, count = 0]) => ({ first, count }));
}

/** Field 22; the name in field 2 may hold spaces and parentheses. */
function startOf(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`, 4096);
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  if (start === undefined) throw new Error(`/proc/${pid}/stat is not as expected`);
  return start;
}

function namespacesOf(pid: number | 'self'): Namespaces {
  return Object.fromEntries(NAMESPACES.map((name) => [name, /\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/ns/${name}`))?.[1] ?? '']));
}

interface Socket {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

function listeners(ports: ReadonlySet<number>): {
  readonly sockets: readonly Socket[];
  readonly holders: ReadonlyMap<string, ListenerSeen['holders']>;
  readonly hidden: boolean;
} {
  const sockets = ['tcp', 'tcp6'].flatMap((table) => socketsIn(table)).filter(({ port }) => ports.has(port));
  return { sockets, ...holdersOf(new Set(sockets.map(({ inode }) => inode))) };
}

function socketsIn(table: string): readonly Socket[] {
  let text;
  try {
    text = readText(`/proc/self/net/${table}`, 64 << 20);
  } catch (error) {
    if (table === 'tcp6' && isGone(error)) return [];
    throw error;
  }
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      return state === '0A' ? [{ address: readable(address), port: Number.parseInt(port, 16), inode }] : [];
    });
}

function readable(hex: string): string {
  if (hex.length === 8) return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
  if (/^0+$/.test(hex)) return '::';
  return hex === '00000000000000000000000001000000' ? '::1' : hex;
}

function holdersOf(inodes: ReadonlySet<string>): { readonly holders: ReadonlyMap<string, ListenerSeen['holders']>; readonly hidden: boolean } {
  const holders = new Map<string, ListenerSeen['holders'][number][]>();
  let hidden = false;
  let descriptors = 0;
  for (const pid of inodes.size === 0
    ? []
    : readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)) {
    try {
      const held = new Set<string>();
      for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
        descriptors += 1;
        if (descriptors > MOST_DESCRIPTORS) throw new Error(`there are more than ${MOST_DESCRIPTORS} open files; who listens was not found`);
        const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${descriptor}`))?.[1];
        if (inode !== undefined && inodes.has(inode)) held.add(inode);
      }
      if (held.size === 0) continue;
      const uid = Number(/^Uid:\s+\d+\s+(\d+)/m.exec(readText(`/proc/${pid}/status`, 64 << 10))?.[1]);
      for (const inode of held) holders.set(inode, [...(holders.get(inode) ?? []), { pid, uid, namespaces: namespacesOf(pid) }]);
    } catch (error) {
      if (isForbidden(error)) hidden = true;
      else if (!isGone(error)) throw error;
    }
  }
  return { holders, hidden };
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isGone(error)) return '';
    throw error;
  }
}

/** What answers on 127.0.0.1: the listener bound to it, else the one bound to every address. */
function listenerOn({ sockets, holders, hidden }: ReturnType<typeof listeners>, port: number): Seen<ListenerSeen | null> {
  const here = ['127.0.0.1', '0.0.0.0', '::'].flatMap((address) => sockets.filter((socket) => socket.port === port && socket.address === address));
  const [first] = here;
  if (first === undefined) return { ok: true, value: null };
  const same = here.filter(({ address }) => address === first.address);
  const held = same.flatMap(({ inode }) => holders.get(inode) ?? []);
  if (held.length === 0)
    return { ok: false, why: `who listens on ${first.address}:${port} cannot be seen${hidden ? ': processes of other users are hidden' : ''}` };
  return { ok: true, value: { address: first.address, port, holders: held } };
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}
