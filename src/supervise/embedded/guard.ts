/** Keeps rulesets loaded: checks every tick, restores on loss, says when it could not. Services with equal guards share one. */
import { spawn } from 'node:child_process';
import type { Service } from '../../core/host.ts';
import { readOwnFile } from './files.ts';

export type GuardArgv = NonNullable<Service['guard']>;

const PROGRAM_TIMEOUT_MS = 10_000;
/** Restores that may fail in a row before the services behind the ruleset are stopped. */
export const RESTORE_ATTEMPTS = 3;

export interface Guard {
  /** Looks once; restores when it must. True: the ruleset is in place. Calls during a look share its result. */
  look(): Promise<boolean>;
  readonly counts: { readonly restored: number; readonly failedInARow: number };
}

export function guardKey(argv: GuardArgv): string {
  return JSON.stringify([argv.check, argv.restore, argv.restoreStdinFile ?? '']);
}

export function makeGuard(argv: GuardArgv, log: (line: string) => void): Guard {
  const counts = { restored: 0, failedInARow: 0 };
  let looking: Promise<boolean> | undefined;
  const lookOnce = async (): Promise<boolean> => {
    if ((await runProgram(argv.check)) === 0) {
      counts.failedInARow = 0;
      return true;
    }
    const held = (await restore(argv, log)) && (await runProgram(argv.check)) === 0;
    if (held) counts.restored += 1;
    counts.failedInARow = held ? 0 : counts.failedInARow + 1;
    log(
      held
        ? `guard: the ruleset was gone, restored it (${counts.restored} times so far)`
        : `guard: the ruleset is gone and restoring it failed ${counts.failedInARow} times in a row`,
    );
    return held;
  };
  const look = (): Promise<boolean> => {
    looking ??= lookOnce().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  return { look, counts };
}

async function restore(argv: GuardArgv, log: (line: string) => void): Promise<boolean> {
  try {
    const stdin = argv.restoreStdinFile === undefined ? '' : readOwnFile(argv.restoreStdinFile, 4 * 1024 * 1024);
    return (await runProgram(argv.restore, stdin)) === 0;
  } catch (cause) {
    log(`guard: ${String(cause)}`);
    return false;
  }
}

/** Exit code; null when it could not start, was killed or took too long. */
function runProgram(argv: readonly [string, ...string[]], stdin = ''): Promise<number | null> {
  const [program, ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      timeout: PROGRAM_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    child.on('error', () => resolve(null));
    child.on('exit', (exit) => resolve(exit));
    child.stdin.on('error', () => undefined); // a program that does not read its input is no failure
    child.stdin.end(stdin);
  });
}
