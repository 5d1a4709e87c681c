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
  return await runWith(contextOf(controller.signal), argv);
}

async function runWith(context: CliContext, argv: readonly string[]): Promise<number> {
  // Stricli leaves its own status in the process it was given.
  const stricliProcess: { exitCode?: unknown } & typeof context.process = context.process;
  await run(app, argv, context);
  const framework = Number(stricliProcess.exitCode ?? 0);
  return framework === 0 ? context.exitCode : exitOfFramework(framework);
}

async function invoke(context: CliContext, argv: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }> {
  let output = '';
  const inner: CliContext = {
    ...context,
    process: { stdout: context.process.stdout, stderr: context.process.stderr },
    print: (text) => {
      output += text;
    },
    invoke: (further) => invoke(inner, further),
  };
  const exitCode = await runWith(inner, argv);
  return { exitCode, output };
}

/** Stricli's own statuses: -5 unknown command and -4 invalid argument are usage errors; the rest are ours to answer for. */
function exitOfFramework(status: number): number {
  return status === -5 || status === -4 ? EXIT_CODES.usage : EXIT_CODES.bug;
}

function contextOf(signal: AbortSignal): CliContext {
  const env = process.env;
  const terminal = process.stdout.isTTY === true;
  const context: CliContext = {
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
    invoke: (argv) => invoke(context, argv),
    exitCode: 0,
  };
  return context;
}
