/** Starts a service's process and signals processes; everything started is the leader of a session of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Service } from '../../core/host.ts';
import { openLog } from './log.ts';
import { readStat } from './process.ts';

/** Exact environment, empty input, output appended to the log. Throws when the log or the program's argv is refused. */
export function startDetached({ argv: [program, ...args], logFile, workingDirectory, environment }: Service): ChildProcess {
  const log = openLog(logFile);
  try {
    return spawn(program, args, { stdio: ['ignore', log, log], detached: true, cwd: workingDirectory, env: { ...environment } });
  } finally {
    closeSync(log);
  }
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ended meanwhile, which is what was wanted
  }
}

/** Signals a process we started as a session leader, and what it left in its group. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  const stat = readStat(pid);
  if (stat !== undefined && stat.group !== pid) return kill(pid, signal);
  kill(-pid, signal);
}
