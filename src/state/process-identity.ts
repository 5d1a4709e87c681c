/** Which process this is, in a way that survives the reuse of its pid. Source: proc_pid_stat(5), field 22. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Clock ticks after boot at which it started; absent where /proc is not Linux's. */
  readonly startTicks?: string;
  readonly bootId?: string;
  /** The pid namespace that `pid` counts in. */
  readonly pidNamespace?: string;
}

export type Liveness = 'alive' | 'dead' | 'unknown';

export function identify(pid: number): ProcessIdentity {
  const startTicks = startTicksOf(pid);
  const bootId = look(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pidNamespace = look(() => readlinkSync('/proc/self/ns/pid'));
  return {
    host: hostname(),
    pid,
    ...(startTicks === undefined ? {} : { startTicks }),
    ...(bootId === undefined ? {} : { bootId }),
    ...(pidNamespace === undefined ? {} : { pidNamespace }),
  };
}

/** `unknown` for a process of another machine or container: its pid means nothing here. */
export function livenessOf(other: ProcessIdentity): Liveness {
  const here = identify(process.pid);
  if (other.host !== here.host) return 'unknown';
  if (other.bootId !== here.bootId) return 'dead';
  if (other.pidNamespace !== here.pidNamespace) return 'unknown';
  if (!exists(other.pid)) return 'dead';
  return other.startTicks === startTicksOf(other.pid) ? 'alive' : 'dead';
}

function startTicksOf(pid: number): string | undefined {
  // The name in field 2 may hold spaces and parentheses: count from the last one.
  return look(
    () =>
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19],
  );
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Absent is an answer here: callers compare two looks, and "not there" differs from "there". */
function look<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
