/**
 * The standby: flock(1) that waits for the lock of the living supervisor, about 2 MB, and becomes the supervisor when that one dies, however
 * it dies. Whoever gets the lock ends the standby that it finds and starts its own, so there is one of each.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { backoffMs, type Pace } from './backoff.ts';
import { readOwnFile, writeOwnFile, type SupervisorPaths } from './files.ts';
import { openLog } from './log.ts';
import { findArguments } from './process.ts';
import { kill } from './signals.ts';

/** Shorter than `ctl up` waits for an answer. */
const LONGEST_WAIT_MS = 10_000;

export class Standby {
  readonly #paths: SupervisorPaths;
  readonly #pace: Pace;
  readonly #log: (line: string) => void;
  readonly #argv: readonly string[];
  #child: ChildProcess | undefined;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #ending = false;

  constructor(paths: SupervisorPaths, pace: Pace, log: (line: string) => void) {
    this.#paths = paths;
    this.#pace = pace;
    this.#log = log;
    this.#argv = ['--no-fork', paths.lock, process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  }

  start(): void {
    this.#endOthers();
    this.#launch();
  }

  /** Resolves when none is left: before the lock goes, or it would take over. */
  async end(): Promise<void> {
    this.#ending = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    const gone = child === undefined ? undefined : new Promise((resolve) => child.once('exit', resolve));
    child?.kill('SIGKILL');
    await gone;
    this.#endOthers();
  }

  /** An earlier supervisor's. Who waits for the lock with our own uid can be nothing else. */
  #endOthers(): void {
    for (const pid of findArguments(['--no-fork', this.#paths.lock])) if (pid !== this.#child?.pid) kill(pid, 'SIGKILL');
  }

  #launch(): void {
    const began = Date.now();
    try {
      const log = openLog(this.#paths.log);
      // Node closes the lock's own descriptor on exec: a standby that inherited it would hold the lock and wait for itself.
      const child = spawn('flock', this.#argv, {
        stdio: ['ignore', log, log],
        detached: true,
        cwd: '/',
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      });
      closeSync(log);
      child.once('error', (error) => this.#again(began, error.message));
      child.once('exit', (exit, signal) => this.#again(began, signal ?? `exit ${exit}`));
      this.#child = child;
    } catch (cause) {
      this.#again(began, String(cause));
    }
  }

  #again(began: number, reason: string): void {
    this.#child = undefined;
    if (this.#ending) return;
    this.#failures = Date.now() - began >= this.#pace.stableMs ? 1 : this.#failures + 1;
    const wait = backoffMs(this.#pace, this.#failures, Math.random());
    this.#log(`the standby ended (${reason}), starting another in ${wait} ms`);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#launch(), wait);
  }
}

/**
 * Notes this start and returns how long to wait before the work begins, in milliseconds: 0, or growing when supervisors die young one after
 * the other. `ctl up` removes the note: what an operator starts does not wait.
 */
export function waitAfterDeaths(paths: SupervisorPaths, pace: Pace): number {
  const last = readStarts(paths.starts);
  const deaths = last === undefined || Date.now() - last.at >= pace.stableMs ? 0 : last.deaths + 1;
  writeOwnFile(paths.starts, JSON.stringify({ at: Date.now(), deaths }));
  return deaths === 0 ? 0 : Math.min(LONGEST_WAIT_MS, backoffMs(pace, deaths, Math.random()));
}

function readStarts(path: string): { readonly at: number; readonly deaths: number } | undefined {
  try {
    const { at, deaths } = JSON.parse(readOwnFile(path)) as { at: unknown; deaths: unknown };
    return typeof at === 'number' && typeof deaths === 'number' ? { at, deaths } : undefined;
  } catch {
    return undefined; // none since `ctl up`, or cut short: then nothing is known of a death
  }
}
