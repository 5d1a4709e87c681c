/** The program: turns argv into one command, and its result into an exit status. */
import { constants, userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { run } from '@stricli/core';
import { BulkheadError, EXIT_CODES } from '../core/error.ts';
import { reportFailure } from './action.ts';
import { app } from './app.ts';
import type { CliContext } from './context.ts';
import { routes } from './routes.ts';

/** Runs one command line (without node and script). Resolves to the exit status; see EXIT_CODES. */
export async function main(argv: readonly string[]): Promise<number> {
  const controller = new AbortController();
  stopOnSignal(controller);
  let lost: NodeJS.ErrnoException | undefined;
  // Where nobody takes the results any more, the command stops as on Ctrl-C: what it has begun is put in order.
  process.stdout.on('error', (error) => {
    lost ??= error;
    controller.abort();
  });
  // Nobody is left to tell.
  process.stderr.on('error', () => undefined);
  const status = await runWith(contextOf(controller.signal), argv);
  // The error of the last write comes after it.
  await new Promise((resolve) => setImmediate(resolve));
  // A reader that went away (`bulkhead … | head`) is no error.
  if (lost === undefined || lost.code === 'EPIPE') return status;
  process.stderr.write(`✗ the results could not be written: ${lost.message}\n  fix: make room or name another place, then run it again\n`);
  return EXIT_CODES.host;
}

/** A second signal within this many milliseconds is the same Ctrl-C: npm passes on what the terminal has already sent to all. */
const ONE_PRESS_MS = 1000;

/** The first Ctrl-C asks to stop and lets what has begun be put in order; the next one ends the process at once. */
function stopOnSignal(controller: AbortController): void {
  let first: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    first ??= Date.now();
    controller.abort();
    if (Date.now() - first > ONE_PRESS_MS) process.exit(128 + constants.signals[signal]);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

async function runWith(context: CliContext, argv: readonly string[]): Promise<number> {
  let complaint = '';
  // Stricli leaves its own status in the process it was given, and says what is wrong with the arguments on its stderr.
  const stricliProcess: { exitCode?: unknown } & CliContext['process'] = {
    stdout: context.process.stdout,
    stderr: { write: (text) => void (complaint += text) },
  };
  const given: CliContext = { ...context, process: stricliProcess };
  await run(app, argv, given);
  const framework = Number(stricliProcess.exitCode ?? 0);
  if (framework !== 0) return reportFailure(context, complaintOf(framework, complaint.trim(), argv), wantsJson(argv));
  context.note(complaint);
  return given.exitCode;
}

/** Stricli's own statuses: -5 unknown command and -4 invalid argument are usage errors; the rest are ours to answer for. */
function complaintOf(status: number, said: string, argv: readonly string[]): Error {
  if (status !== -5 && status !== -4) return new Error(said);
  const [command = ''] = argv;
  return new BulkheadError('usage', said, `see: bulkhead ${Object.hasOwn(routes, command) ? `${command} ` : ''}--help`);
}

/** For a command line that could not be read: a flag behind `--` is an argument. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

async function invoke(
  context: CliContext,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  let output = '';
  const inner: CliContext = {
    ...context,
    signal,
    print: (text) => {
      output += text;
    },
    invoke: (further, own = signal) => invoke(inner, further, own),
  };
  const exitCode = await runWith(inner, argv);
  return { exitCode, output };
}

/** Throws BulkheadError `usage` on Ctrl-D. While it reads, the terminal sends no signal on Ctrl-C, so it is sent here. */
async function askOnTerminal(question: string, signal: AbortSignal): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await reader.question(question, { signal });
  } catch (cause) {
    process.stderr.write('\n');
    signal.throwIfAborted();
    throw new BulkheadError('usage', 'the questions were left without an answer', 'run it again, or give the answers as flags; see --help', {
      cause,
    });
  } finally {
    reader.close();
  }
}

async function readInput(most: number, signal: AbortSignal): Promise<string> {
  const kept: Buffer[] = [];
  let size = 0;
  const stop = (): void => void process.stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of process.stdin) {
      const bytes = Buffer.from(chunk as Uint8Array); // without an encoding set, a stream gives bytes
      size += bytes.length;
      if (size > most) throw new BulkheadError('usage', `standard input holds more than ${most} bytes`, 'give less');
      kept.push(bytes);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return Buffer.concat(kept).toString('utf8');
}

/** A container may run as an id that no user has. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
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
    user: userName(),
    pid: process.pid,
    terminals: { results: terminal, notes: process.stderr.isTTY === true },
    color: terminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    width: process.stdout.columns ?? 100,
    interactive: process.stdin.isTTY === true,
    ask: (question) => askOnTerminal(question, signal),
    input: (most) => readInput(most, signal),
    now: () => new Date(),
    signal,
    invoke: (argv, own = signal) => invoke(context, argv, own),
    exitCode: 0,
  };
  return context;
}
