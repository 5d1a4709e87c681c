/**
 * Runs on the tenant's host as whoever runs Bulkhead: the tenant's processes and the sockets of its network, from /proc. Environments are not read.
 * Decides nothing. Source: proc(5).
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface EvidenceProcessesRequest {
  /** All processes of this user; absent where tenants share one. */
  readonly uid?: number;
  /** And these with all that they started. */
  readonly pids: readonly number[];
}

export interface EvidenceProcess {
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  /** Clock ticks since boot. */
  readonly startTicks: string;
  readonly program: string;
  readonly argv: readonly string[];
}

export interface EvidenceProcesses {
  readonly processes: readonly EvidenceProcess[];
  /** Lines of /proc/<pid>/net/{tcp,tcp6,udp,udp6,unix} of one process of the tenant, whose network is that of all. */
  readonly sockets: Readonly<Record<string, readonly string[]>>;
}

const MOST_PROCESSES = 2000;
const MOST_LINES = 2000;

export async function main(request: EvidenceProcessesRequest): Promise<EvidenceProcesses> {
  const all = readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap((name) => look(Number(name)));
  const own = new Set(request.pids);
  // A child has a higher pid than its parent until pids begin anew, so it is gone through until nothing is added.
  for (let before = -1; before !== own.size;) {
    before = own.size;
    for (const { pid, parent, uid } of all) if (own.has(parent) || uid === request.uid) own.add(pid);
  }
  const processes = all.filter(({ pid }) => own.has(pid)).slice(0, MOST_PROCESSES);
  const [first] = processes.filter(({ uid }) => uid === request.uid).concat(processes);
  return { processes, sockets: first === undefined ? {} : socketsOf(first.pid) };
}

/** Empty when it has ended meanwhile. */
function look(pid: number): readonly EvidenceProcess[] {
  const stat = read(`/proc/${pid}/stat`);
  const uid = Number(/^Uid:\s+\d+\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]);
  // The name in parentheses may hold anything, also parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [, parent = ''] = fields;
  const startTicks = fields[19] ?? '';
  if (!/^\d+$/.test(parent) || !Number.isInteger(uid)) return [];
  const argv = read(`/proc/${pid}/cmdline`).slice(0, 4096).split('\0').slice(0, 100);
  return [{ pid, parent: Number(parent), uid, startTicks, program: link(`/proc/${pid}/exe`), argv: argv.filter((word) => word !== '') }];
}

function socketsOf(pid: number): EvidenceProcesses['sockets'] {
  const names = ['tcp', 'tcp6', 'udp', 'udp6', 'unix'];
  return Object.fromEntries(names.map((name) => [name, read(`/proc/${pid}/net/${name}`).split('\n').slice(0, MOST_LINES)]));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // ended meanwhile, or not ours to see
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path).slice(0, 4096);
  } catch {
    return '';
  }
}
