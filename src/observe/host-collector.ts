/**
 * Runs on a host as whoever runs Bulkhead (Node on standard input): what the kernel says of gateways, listeners and mounts. Reads /proc only,
 * follows nothing that a tenant wrote, decides nothing. Source: proc(5), Documentation/filesystems/proc.rst (3.5 mountinfo).
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { makeMasker, type MaskingRules } from '../openclaw/masking.ts';
import { commandOf, isGateway, lookAtProcess, startOf, type ProcessSeen } from './gateway-process.ts';
import { backingsOf, mountsBelow, mountsIn, type BackingsSeen, type Mounts } from './mounts.ts';
import { isGone, readText } from './read-text.ts';
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

export interface ListenerSeen {
  readonly address: string;
  readonly port: number;
  readonly holders: readonly { readonly pid: number; readonly uid: number; readonly namespaces: Namespaces }[];
}
/** The sandbox as this kernel knows it; `files`: the process that opens files for it, in the container's mounts. */
export interface GvisorSeen {
  readonly pid: number;
  readonly startTicks: string;
  readonly net: string;
  readonly files: number;
}
export interface HostCollected {
  readonly bootId: string;
  /** Of its interfaces, its loopback and addresses that hold on one link only left out. */
  readonly addresses: readonly string[];
  readonly namespaces: Namespaces;
  readonly tenants: Record<
    string,
    {
      readonly process: Seen<ProcessSeen | null>;
      readonly listener: Seen<ListenerSeen | null>;
      readonly backings: Seen<BackingsSeen>;
      /** Where its boundary process is a gVisor, whose processes this kernel does not know. */
      readonly sandbox?: GvisorSeen;
    }
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
    const sandbox = attempt(() => (pid === undefined ? undefined : sandboxOf(pid, pids)));
    const found = sandbox.ok ? attempt(() => sandbox.value?.files ?? (pid === undefined ? undefined : gatewayOf(pid, pids))) : sandbox;
    const seen = found.ok
      ? attempt(() =>
          found.value === undefined || (sandbox.ok && sandbox.value !== undefined)
            ? null
            : lookAtProcess(found.value, { names, masker, namespacesOf }),
        )
      : found;
    const backings = attempt(() => {
      if (!host.ok) throw new Error(host.why);
      const gateway = found.ok && found.value !== undefined ? mountsOf(String(found.value)) : host.value;
      // What the host mounts into its tree reaches the gateway at its next start.
      return { ...mountsBelow(host.value, paths), ...mountsBelow(gateway, paths), ...backingsOf(gateway, paths) };
    });
    const listener = listening.ok ? listenerOn(listening.value, port) : listening;
    const within = sandbox.ok && sandbox.value !== undefined ? { sandbox: sandbox.value } : {};
    return [tenant, { process: seen, listener, backings, ...within }] as const;
  });
  const bootId = readText('/proc/sys/kernel/random/boot_id', 100).trim();
  return { bootId, addresses: ownAddresses(), namespaces: namespacesOf('self'), tenants: Object.fromEntries(looked) };
}

function mountsOf(pid: string): Mounts {
  return mountsIn(readText(`/proc/${pid}/mountinfo`, 4 << 20));
}

/**
 * A gVisor and the process that opens its files, both root's children of one parent; undefined where the boundary process is something else. The pid is
 * the engine's word: no tenant can name a process of its own in its place.
 */
function sandboxOf(pid: number, pids: readonly number[]): GvisorSeen | undefined {
  const [program, ...words] = commandOf(pid);
  if (program !== 'runsc-sandbox') return undefined;
  const id = words.findLast((word) => word !== '') ?? '';
  const parent = parentOf(pid);
  const files = pids.find((other) => {
    try {
      const [name, ...rest] = commandOf(other);
      return name === 'runsc-gofer' && rest.some((word) => word.endsWith(`/${id}`)) && parentOf(other) === parent && isRoots(other);
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  });
  if (files === undefined) throw new Error(`what opens files for the sandbox ${pid} was not found`);
  return { pid, startTicks: startOf(pid), net: namespacesOf(pid)['net'] ?? '', files };
}

function isRoots(pid: number): boolean {
  return /^Uid:\t0\t0\t0\t0$/m.test(readText(`/proc/${pid}/status`, 64 << 10));
}

function parentOf(pid: number): string {
  return /^PPid:\t(\d+)$/m.exec(readText(`/proc/${pid}/status`, 64 << 10))?.[1] ?? '';
}

/** The boundary process itself when it is a gateway, otherwise the oldest gateway in its pid namespace; undefined when there is none. */
function gatewayOf(boundary: number, pids: readonly number[]): number | undefined {
  if (isGateway(boundary)) return boundary;
  const inside = readlinkSync(`/proc/${boundary}/ns/pid`);
  if (inside === readlinkSync('/proc/self/ns/pid')) return undefined;
  return pids.find((pid) => isIn(pid, inside) && isGateway(pid));
}

function isIn(pid: number, namespace: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`) === namespace;
  } catch (error) {
    if (isGone(error) || isForbidden(error)) return false;
    throw error;
  }
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

function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}
