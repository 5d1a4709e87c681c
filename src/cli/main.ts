/** The program: turns argv into one command, and its result into an exit status. */
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { run } from '@stricli/core';
import { EXIT_CODES } from '../core/error.ts';
import { app } from './app.ts';
import type { CliContext } from './context.ts';

/** Runs one command line (without node and script). Resolves to the exit status; see EXIT_CODES. */
export async function main(argv: readonly string[]): Promise<number> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // A reader that went away (`bulkhead … | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT_CODES.bug));
  const context = contextOf(controller.signal);
  const stricliProcess = context.process as { exitCode?: number | string | null };
  await run(app, argv, context);
  const framework = Number(stricliProcess.exitCode ?? 0);
  return framework === 0 ? context.exitCode : exitOfFramework(framework);
}

/** Stricli's own statuses: -5 unknown command and -4 invalid argument are usage errors; the rest are ours to answer for. */
function exitOfFramework(status: number): number {
  return status === -5 || status === -4 ? EXIT_CODES.usage : EXIT_CODES.bug;
}

function contextOf(signal: AbortSignal): CliContext {
  const env = process.env;
  const terminal = process.stdout.isTTY === true;
  return {
    process: { stdout: process.stdout, stderr: process.stderr },
    print: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    cwd: process.cwd(),
    env,
    uid: process.getuid?.() ?? -1,
    user: userInfo().username,
    pid: process.pid,
    color: terminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    width: process.stdout.columns ?? 100,
    interactive: process.stdin.isTTY === true,
    ask: async (question) => {
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await reader.question(question, { signal });
      } finally {
        reader.close();
      }
    },
    now: () => new Date(),
    signal,
    exitCode: 0,
  };
}
