/** Attempts on processes. Environments are searched for one path and forgotten; signal 0 does nothing; a trace ends as it begins. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Action, Answer } from '../actions.ts';
import { codeOf } from './code.ts';
import { readStart } from './files.ts';

/** Looks through every visible process for the gateway that uses `stateDir`, and for a way to its files through /proc/pid/root. */
export function processes(action: Extract<Action, { kind: 'processes' }>): Answer {
  const refusals = new Set<string>();
  for (const pid of pids()) {
    try {
      if (uses(pid, action.stateDir)) return { ok: true, got: `environment of process ${pid} ${startTicks(pid)}` };
    } catch (error) {
      refusals.add(codeOf(error));
    }
    if (action.canary === '') continue;
    try {
      return { ok: true, got: `${readStart(`/proc/${pid}/root${action.canary}`)} through /proc/${pid}/root` };
    } catch (error) {
      refusals.add(codeOf(error));
    }
  }
  if (action.pid === undefined) return { ok: false, code: 'ABSENT' };
  try {
    closeSync(openSync(`/proc/${action.pid}/environ`, constants.O_RDONLY));
    return { ok: true, got: `opened /proc/${action.pid}/environ` };
  } catch (error) {
    return { ok: false, code: codeOf(error) };
  }
}

function startTicks(pid: string): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** Looks through every visible command line for one word. */
export function cmdline({ marker }: Extract<Action, { kind: 'cmdline' }>): Answer {
  for (const pid of pids()) {
    try {
      if (readStart(`/proc/${pid}/cmdline`, 16_384).split('\0').includes(marker)) return { ok: true, got: `command line of process ${pid}` };
    } catch {
      /* Closed or gone: not found this way. */
    }
  }
  return { ok: false, code: 'ABSENT' };
}

type OnProcess = Extract<Action, { kind: 'signal' | 'inspect' | 'trace' }>;

/** Does something to the process that uses `stateDir`; where its environment is closed to us, to the pid that we were told. */
export function onProcess(action: OnProcess): Answer {
  const pid = userOf(action.stateDir) ?? action.pid;
  if (pid === undefined) return { ok: false, code: 'ABSENT' };
  switch (action.kind) {
    case 'signal':
      process.kill(pid, 0);
      return { ok: true, got: `process ${pid} takes a signal` };
    case 'inspect':
      return inspect(pid);
    case 'trace':
      return trace(pid);
  }
}

/** Traces a child of our own: whether tracing is possible here at all. The tracer makes it, since Yama lets nobody but an ancestor (ptrace_scope 1). */
export function traceChild(): Answer {
  return trace('child');
}

function userOf(stateDir: string): number | undefined {
  for (const pid of pids()) {
    try {
      if (uses(pid, stateDir)) return Number(pid);
    } catch {
      /* Closed or gone: not found this way. */
    }
  }
  return undefined;
}

function uses(pid: string, stateDir: string): boolean {
  return `\0${readStart(`/proc/${pid}/environ`, 131_072)}`.includes(`\0OPENCLAW_STATE_DIR=${stateDir}\0`);
}

function pids(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .slice(0, 4096);
}

/** Opens what lets a process be read or entered, and closes it; reads nothing of it. */
function inspect(pid: number): Answer {
  const opened: string[] = [];
  const refusals = new Set<string>();
  for (const name of ['maps', 'mem', 'fd', 'cwd', 'root', 'environ']) {
    const path = `/proc/${pid}/${name}`;
    try {
      if (name === 'fd') readdirSync(path);
      else if (name === 'cwd' || name === 'root') readlinkSync(path);
      else closeSync(openSync(path, constants.O_RDONLY));
      opened.push(name);
    } catch (error) {
      refusals.add(codeOf(error));
    }
  }
  return opened.length > 0 ? { ok: true, got: `${opened.join(', ')} of process ${pid} can be opened` } : { ok: false, code: [...refusals].join(',') };
}

/** Number of the system call ptrace. Source: the kernel's syscall tables. */
const PTRACE: Readonly<Record<string, number>> = { x64: 101, arm64: 117 };
const PTRACE_SEIZE = 0x4206;

/** Seizes and lets go: a seized process is not stopped, and is free when the tracer ends. Node has no such call; every Debian has Perl. */
function trace(pid: number | 'child'): Answer {
  const number = PTRACE[process.arch];
  if (process.platform !== 'linux' || number === undefined)
    return { ok: false, code: `ERROR no ptrace known for ${process.platform} ${process.arch}` };
  const program = `my $pid = ${pid === 'child' ? 'fork' : pid}; exit 1 if !defined $pid; if ($pid == 0) { sleep 20; exit }
my $r = syscall(${number}, ${PTRACE_SEIZE}, $pid, 0, 0); print $r == -1 ? 'errno ' . ($! + 0) : 'seized'; ${pid === 'child' ? 'kill 9, $pid' : ''}`;
  const { stdout, error } = spawnSync('perl', ['-e', program], { encoding: 'utf8', timeout: 5000, stdio: ['ignore', 'pipe', 'ignore'] });
  if (error !== undefined) return { ok: false, code: `ERROR perl: ${codeOf(error)}` };
  if (stdout === 'seized') return { ok: true, got: `process ${pid} was traced` };
  return { ok: false, code: { 'errno 1': 'EPERM', 'errno 3': 'ESRCH' }[stdout] ?? `ERROR ptrace: ${stdout}` };
}
