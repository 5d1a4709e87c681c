/** What /proc says about processes: who still runs, who is pid 1 of a boundary, who holds a port. Reads only. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** A process that cannot be confused with a later one of the same number: start time is in clock ticks since boot. */
export interface ProcessId {
  readonly pid: number;
  readonly startTicks: string;
}

interface Stat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly startTicks: string;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // gone meanwhile, or another user's: both mean "not ours to see"
  }
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Fields of proc(5) /proc/PID/stat; the command name may hold spaces and brackets, so it is cut at the last one. */
export function readStat(pid: number): Stat | undefined {
  const text = readText(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields ?? [];
  const startTicks = fields?.[19];
  if (state === undefined || startTicks === undefined) return undefined;
  return { state, parent: Number(parent), group: Number(group), startTicks };
}

export function identify(pid: number): ProcessId | undefined {
  const stat = readStat(pid);
  return stat === undefined ? undefined : { pid, startTicks: stat.startTicks };
}

/** Whether it runs still; a zombie does not. */
export function isRunning(id: ProcessId): boolean {
  const stat = readStat(id.pid);
  return stat !== undefined && stat.startTicks === id.startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

/** Pids of a process from our namespace inwards (proc(5) NSpid). */
function namespacePids(pid: number): readonly number[] {
  const line = /^NSpid:\s*(.*)$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1];
  return line === undefined ? [] : line.split(/\s+/).map(Number);
}

/** Processes of our own user with these words in a row in their argv. */
export function findArguments(words: readonly string[]): number[] {
  const wanted = `\0${words.join('\0')}\0`;
  return pids().filter((pid) => readText(`/proc/${pid}/cmdline`)?.includes(wanted) === true && ownerOf(pid) === process.geteuid?.());
}

function ownerOf(pid: number): number | undefined {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return undefined; // it has just ended
  }
}

/** Children by parent, oldest first. One pass over /proc: `task/PID/children` depends on a kernel option. */
function childTable(): Map<number, number[]> {
  const table = new Map<number, { pid: number; ticks: number }[]>();
  for (const pid of pids()) {
    const stat = readStat(pid);
    if (stat === undefined || stat.state === 'Z') continue;
    const siblings = table.get(stat.parent) ?? [];
    siblings.push({ pid, ticks: Number(stat.startTicks) });
    table.set(stat.parent, siblings);
  }
  const sorted = new Map<number, number[]>();
  for (const [parent, list] of table)
    sorted.set(
      parent,
      list.sort((a, b) => a.ticks - b.ticks || a.pid - b.pid).map((child) => child.pid),
    );
  return sorted;
}

/** A boundary with a pid namespace of its own: its pid 1 (host pid) and the gateway, the first child of that. */
export interface BoundaryPids {
  readonly first: number;
  readonly gateway: number;
}

/**
 * Looks at most `depth` generations below `top` for pid 1 of a namespace one level deeper than `top`'s own. Undefined until that has a child:
 * before then its root is still the host's, and whoever entered it would stay there.
 */
export function findBoundary(top: number, depth: number): BoundaryPids | undefined {
  const children = childTable();
  const level = namespacePids(top).length;
  let generation = children.get(top) ?? [];
  for (let step = 0; step < depth && generation.length > 0; step += 1) {
    for (const pid of generation) {
      const inner = namespacePids(pid);
      if (inner.length !== level + 1 || inner.at(-1) !== 1) continue;
      const gateway = children.get(pid)?.[0];
      return gateway === undefined ? undefined : { first: pid, gateway };
    }
    generation = generation.flatMap((pid) => children.get(pid) ?? []);
  }
  return undefined;
}

/** Processes left by a supervisor that died before it could note them. */
export interface Orphans {
  readonly tops: readonly number[];
  readonly forwarders: readonly number[];
}

/**
 * Session leaders of our own pid namespace that have the service's log as stdout (a top) or only as stderr (a forwarder). The
 * log is opened by the supervisor alone, and is compared by device and inode.
 */
export function findOrphans(logFile: string): Orphans {
  const tops: number[] = [];
  const forwarders: number[] = [];
  const log = statOf(logFile);
  if (log === undefined) return { tops, forwarders };
  for (const pid of pids()) {
    const stat = readStat(pid);
    if (stat === undefined || stat.group !== pid || stat.state === 'Z' || namespacePids(pid).length !== namespacePids(process.pid).length) continue;
    if (statOf(`/proc/${pid}/fd/1`) === log) tops.push(pid);
    else if (statOf(`/proc/${pid}/fd/2`) === log) forwarders.push(pid);
  }
  return { tops, forwarders };
}

function statOf(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return `${stat.dev}:${stat.ino}`;
  } catch {
    return undefined; // no such file, or a process that has just ended
  }
}

/** Who listens on an IPv4 TCP port, e.g. `pid 812 (nginx)`; the name is reduced to plain letters, it may be hostile. */
export function portHolder(port: number): string {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inode = (readText('/proc/net/tcp') ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find((fields) => fields[1]?.endsWith(`:${hex}`) === true && fields[3] === '0A')?.[9];
  if (inode === undefined) return 'an unknown process';
  for (const pid of pids()) {
    if (!holdsSocket(pid, inode)) continue;
    const name = (readText(`/proc/${pid}/comm`) ?? '?').replaceAll(/[^\w.:+-]/g, '');
    return `pid ${pid} (${name})`;
  }
  return 'an unknown process';
}

function holdsSocket(pid: number, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
  } catch {
    return false; // ended, or not ours
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
