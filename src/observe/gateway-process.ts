/** A gateway among processes, and what its kernel says of it. Travels with the collectors. Source: proc(5). */
import type { ProcessFact } from '../core/facts.ts';
import { GATEWAY_NAME, isGatewayCommand } from '../openclaw/discovery.ts';
import type { Masked, Masker } from '../openclaw/masking.ts';
import { isGone, readText } from './read-text.ts';
import { splitEnviron, tellVariables } from './variables.ts';

export interface ProcessSeen extends Omit<ProcessFact, 'kernel'> {
  readonly variables: Record<string, string | Masked>;
}

/** A gateway names itself; until it has, its command line says so (that of bubblewrap holds the same words further on). Within its own boundary a tenant may call anything so: it stays inside. */
export function isGateway(pid: number): boolean {
  try {
    if (readText(`/proc/${pid}/comm`, 4096).startsWith(GATEWAY_NAME)) return true;
    const [program = '', ...words] = commandOf(pid);
    // Node itself, not a wrapper around it: bwrap, perl and the init of a container carry the same words further along.
    return /(?:^|\/)node$/.test(program) && isGatewayCommand(words.slice(0, 2));
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

export function commandOf(pid: number): readonly string[] {
  return readText(`/proc/${pid}/cmdline`, 1 << 20).split('\0');
}

interface Look {
  /** Of variables that may be told. */
  readonly names: ReadonlySet<string>;
  /** Without it no variable is read. */
  readonly masker: Masker | undefined;
  namespacesOf(pid: number): Readonly<Record<string, string>>;
}

/** Throws where it ended meanwhile. */
export function lookAtProcess(pid: number, { names, masker, namespacesOf }: Look): ProcessSeen {
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
export function startOf(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`, 4096);
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  if (start === undefined) throw new Error(`/proc/${pid}/stat is not as expected`);
  return start;
}
