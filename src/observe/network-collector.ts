/**
 * Runs on a host as whoever runs Bulkhead (Node on standard input): listening sockets per network namespace, the ephemeral ports, and files
 * of the operator that the manifest names. Follows nothing that a tenant could have made, decides nothing. Source: proc(5), ip-sysctl.rst.
 */
import { createHmac } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isGone, readOpened, readText } from './read-text.ts';
import { attempt, type Seen } from './seen.ts';

export interface NetworkRequest {
  /** Random key of this run, hex. */
  readonly key: string;
  /** A process in each network namespace that is wanted beside the host's own. */
  readonly pids: readonly number[];
  readonly proxyFiles: readonly string[];
  /** Environment files of API clients: which variables hold keys and which hold addresses, each a list set apart by `;`. */
  readonly envFiles: readonly string[];
  readonly keyNames: readonly string[];
  readonly urlNames: readonly string[];
  /** Files that hold nothing but a key. */
  readonly keyFiles: readonly string[];
}

interface SocketSeen {
  readonly namespace: string;
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  readonly pids: readonly number[];
}
interface EnvSeen {
  readonly keys: readonly { readonly name: string; readonly digest: string }[];
  readonly urls: readonly { readonly name: string; readonly url: string }[];
}
export interface NetworkCollected {
  readonly sockets: Seen<readonly SocketSeen[]>;
  readonly portRange: Seen<{
    readonly first: number;
    readonly last: number;
    readonly reserved: readonly { readonly first: number; readonly last: number }[];
  }>;
  readonly proxies: Seen<readonly { readonly path: string; readonly text: string }[]>;
  readonly envFiles: Readonly<Record<string, Seen<EnvSeen>>>;
  readonly keyFiles: Readonly<Record<string, Seen<string>>>;
}

const MOST_SOCKETS = 20_000;
const MOST_DESCRIPTORS = 500_000;
const MOST_TABLE_BYTES = 64 << 20;
const MOST_FILE_BYTES = 256 << 10;

export async function main(request: NetworkRequest): Promise<NetworkCollected> {
  const key = Buffer.from(request.key, 'hex');
  const digest = (text: string): string => createHmac('sha256', key).update(text.trim()).digest('hex');
  return {
    sockets: attempt(() => sockets(request.pids)),
    portRange: attempt(portRange),
    proxies: attempt(() => request.proxyFiles.map((path) => ({ path, text: readOwned(path) }))),
    envFiles: Object.fromEntries(request.envFiles.map((path) => [path, attempt(() => readEnvironment(readOwned(path), request, digest))])),
    keyFiles: Object.fromEntries(request.keyFiles.map((path) => [path, attempt(() => digest(readOwned(path)))])),
  };
}

function sockets(pids: readonly number[]): readonly SocketSeen[] {
  const found = new Map<string, { readonly namespace: string; readonly address: string; readonly port: number; readonly uid: number }>();
  const looked = new Set<string>();
  for (const pid of ['self', ...pids]) {
    try {
      const namespace = /\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[1] ?? '';
      if (looked.has(namespace)) continue;
      looked.add(namespace);
      for (const table of ['tcp', 'tcp6'])
        for (const { inode, ...socket } of listening(`/proc/${pid}/net/${table}`)) found.set(inode, { namespace, ...socket });
    } catch (error) {
      // A gateway that ended meanwhile; the host itself is always there.
      if (pid === 'self' || !isGone(error)) throw error;
    }
    if (found.size > MOST_SOCKETS) throw new Error(`there are more than ${MOST_SOCKETS} listening sockets`);
  }
  const holders = holdersOf(found);
  return [...found].map(([inode, socket]) => ({ ...socket, pids: holders.get(inode) ?? [] }));
}

function listening(path: string): readonly { address: string; port: number; uid: number; inode: string }[] {
  let text;
  try {
    text = readText(path, MOST_TABLE_BYTES);
  } catch (error) {
    if (path.endsWith('tcp6') && isGone(error)) return [];
    throw error;
  }
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , uid, , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      return state === '0A' ? [{ address: readable(address), port: Number.parseInt(port, 16), uid: Number(uid), inode }] : [];
    });
}

/** The kernel prints each 32 bits in the machine's own byte order; only little-endian ones run OpenClaw. */
function readable(hex: string): string {
  if (hex.length === 8) return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
  if (/^0+$/.test(hex)) return '::';
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [6, 4, 2, 0].map((at) => word.slice(at, at + 2)));
  const mapped = bytes.slice(0, 12).join('') === `${'00'.repeat(10)}FFFF`;
  if (mapped)
    return bytes
      .slice(12)
      .map((byte) => Number.parseInt(byte, 16))
      .join('.');
  if (bytes.join('') === `${'00'.repeat(15)}01`) return '::1';
  return Array.from({ length: 8 }, (_, at) => `${bytes[2 * at] ?? ''}${bytes[2 * at + 1] ?? ''}`.toLowerCase().replace(/^0{1,3}/, '')).join(':');
}

/** Processes of other users are hidden from whoever is not root: the socket's own uid is always told. */
function holdersOf(inodes: ReadonlyMap<string, unknown>): ReadonlyMap<string, number[]> {
  const holders = new Map<string, number[]>();
  let descriptors = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
        descriptors += 1;
        if (descriptors > MOST_DESCRIPTORS) return holders;
        const inode = /^socket:\[(\d+)\]$/.exec(linkText(`/proc/${pid}/fd/${descriptor}`))?.[1];
        if (inode !== undefined && inodes.has(inode)) holders.set(inode, [...(holders.get(inode) ?? []), Number(pid)].slice(0, 20));
      }
    } catch (error) {
      if (!isGone(error) && !isForbidden(error)) throw error;
    }
  }
  return holders;
}

function linkText(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isGone(error)) return '';
    throw error;
  }
}

function portRange(): { first: number; last: number; reserved: { first: number; last: number }[] } {
  const read = (name: string): string => readText(`/proc/sys/net/ipv4/${name}`, 1 << 20).trim();
  const [first, last] = read('ip_local_port_range').split(/\s+/).map(Number);
  if (first === undefined || last === undefined) throw new Error('net.ipv4.ip_local_port_range holds no range');
  const reserved = read('ip_local_reserved_ports')
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [from = 0, to = from] = part.split('-').map(Number);
      return { first: from, last: to };
    });
  return { first, last, reserved };
}

/** `NAME=value`, `export NAME="value"`; lines of other variables are not looked at. */
function readEnvironment(text: string, { keyNames, urlNames }: NetworkRequest, digest: (text: string) => string): EnvSeen {
  const values = text.split('\n').flatMap((line) => {
    const [, name = '', value = ''] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const plain = /^(["'])(.*)\1$/.exec(value)?.[2] ?? value.replace(/\s+#.*$/, '');
    return plain.split(';').flatMap((part) => (part.trim() === '' ? [] : [{ name, value: part.trim() }]));
  });
  const keys = values.filter(({ name }) => keyNames.includes(name)).slice(0, 500);
  const urls = values.filter(({ name }) => urlNames.includes(name)).slice(0, 500);
  if (keys.length + urls.length === 0) throw new Error(`it sets none of ${[...keyNames, ...urlNames].join(', ')}`);
  return {
    keys: keys.map(({ name, value }) => ({ name, digest: digest(value) })),
    urls: urls.map(({ name, value }) => ({
      name,
      url: value
        .replace(/\/\/[^/?#]*@/, '//')
        .replace(/[?#].*$/, '')
        .slice(0, 2000),
    })),
  };
}

/** A file that nobody but root and we could have put there: every directory and link on the way is checked, and the file once it is open. */
function readOwned(path: string): string {
  assertOwned(path, 0);
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const found = fstatSync(descriptor);
  if (!found.isFile() || !isOurs(found.uid)) {
    closeSync(descriptor);
    throw new Error(`${path} is no plain file of root`);
  }
  return readOpened(descriptor, path, MOST_FILE_BYTES);
}

function assertOwned(path: string, links: number): void {
  for (let at = path; ; at = dirname(at)) {
    const found = lstatSync(at);
    if (!isOurs(found.uid)) throw new Error(`${at} belongs to uid ${found.uid}; it is not followed`);
    const writable = (found.mode & 0o022) !== 0 && (found.mode & 0o1000) === 0 && !found.isSymbolicLink();
    if (writable) throw new Error(`others may write to ${at}; it is not followed`);
    if (found.isSymbolicLink()) {
      if (links > 20) throw new Error(`${path} is a chain of links`);
      assertOwned(resolve(dirname(at), readlinkSync(at)), links + 1);
    }
    if (at === '/') return;
  }
}

function isOurs(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}
