/** One child process: bounded output, a deadline, and a whole process group to kill. */
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Command, CommandResult } from '../core/command.ts';
import { cannotStart } from './cannot-start.ts';
import { inputOf } from './input.ts';

/** Takes a stream's bytes; `text` is what it kept, `truncated` whether it dropped any. */
export interface Sink {
  take(chunk: Buffer): void;
  end(): void;
  text(): string;
  truncated(): boolean;
}

export interface ChildOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly stdout: Sink;
  readonly stderr: Sink;
}

export type Ended = Pick<CommandResult, 'exit' | 'signal'>;

/** How a command ended, with what its sinks kept. */
export function resultOf(
  ended: Ended,
  { stdout, stderr }: Pick<ChildOptions, 'stdout' | 'stderr'>,
  { timedOut, startedAt }: { readonly timedOut: boolean; readonly startedAt: number },
): CommandResult {
  return {
    ...ended,
    stdout: stdout.text(),
    stderr: stderr.text(),
    timedOut,
    truncated: stdout.truncated() || stderr.truncated(),
    durationMs: Math.round(performance.now() - startedAt),
  };
}

export const DEFAULT_TIMEOUT_MS = 60_000;
/** Between SIGTERM and SIGKILL to the group. */
const TERM_GRACE_MS = 2_000;
/** How long output may stay open after the program ended (a daemon that kept its parent's pipes). */
const DRAIN_MS = 500;
/** `setTimeout` fires at once above this (2^31 - 1): longer means no deadline. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Runs a command to its end. Rejects with BulkheadError `host` when it cannot be started, and with the signal's reason when aborted;
 * in that case, and after the deadline, the whole process group has been sent SIGKILL before it settles.
 */
export async function runChild(command: Command, options: ChildOptions, signal: AbortSignal): Promise<CommandResult> {
  signal.throwIfAborted();
  const startedAt = performance.now();
  const child = start(command, options.environment);
  const timeoutMs = command.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  let timedOut = false;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    killGroup(child, 'SIGTERM');
    killTimer ??= setTimeout(() => killGroup(child, 'SIGKILL'), TERM_GRACE_MS);
  };
  const deadline =
    timeoutMs > LONGEST_TIMER_MS
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          stop();
        }, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  let sinkError: Error | undefined;
  const failed = (error: unknown): void => {
    sinkError ??= error instanceof Error ? error : new Error('an output sink failed', { cause: error });
    stop();
  };
  pour(child.stdout, options.stdout, failed);
  pour(child.stderr, options.stderr, failed);
  const fed = feed(child, command).catch(failed);
  try {
    const ended = await end(child, command, () => timedOut || signal.aborted || sinkError !== undefined);
    child.stdin.destroy();
    await fed;
    for (const sink of [options.stdout, options.stderr]) if (sinkError === undefined) sink.end();
    if (sinkError !== undefined) throw sinkError;
    signal.throwIfAborted();
    return resultOf(ended, options, { timedOut, startedAt });
  } finally {
    clearTimeout(deadline);
    clearTimeout(killTimer);
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Runs a program of the operator on the operator's own terminal, e.g. an editor, with the operator's variables. Rejects with BulkheadError `host`
 * when it cannot be started. When aborted it is asked to end, and is waited for.
 */
export async function runAttached(
  [program, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<{ readonly exit: number | null; readonly signal: string | null }> {
  signal.throwIfAborted();
  const child: ChildProcess = spawn(program, args, { env: environment, shell: false, stdio: 'inherit' });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (cause) => reject(cannotStart({ title: 'edit', argv: [program, ...args] }, errorCode(cause), { cause })));
      child.once('close', (exit, ended) => resolve({ exit, signal: ended }));
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function start(command: Command, environment: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams {
  const [program, ...args] = command.argv;
  try {
    // `detached` makes it leader of its own process group (setsid), which is what a deadline kills.
    return spawn(program, args, { cwd: '/', env: environment, detached: true, shell: false, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (cause) {
    throw cannotStart(command, errorCode(cause), { cause });
  }
}

/** A program may end without reading its input: EPIPE is no failure, its exit code decides. Rejects when what makes the input fails. */
async function feed(child: ChildProcessWithoutNullStreams, command: Command): Promise<void> {
  let gone = false;
  let more = (): void => undefined;
  const wake = (): void => more();
  child.stdin.on('error', () => undefined);
  child.stdin.on('drain', wake);
  child.stdin.on('close', () => {
    gone = true;
    wake();
  });
  if (command.stdinOf === undefined) return void child.stdin.end(command.stdin ?? '');
  for await (const slice of inputOf(command)) {
    if (gone) return;
    if (!child.stdin.write(slice)) await new Promise<void>((resolve) => (more = resolve));
    if (gone) return;
  }
  child.stdin.end();
}

function pour(stream: Readable, sink: Sink, failed: (error: unknown) => void): void {
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => {
    try {
      sink.take(chunk);
    } catch (error) {
      failed(error);
    }
  });
}

function end(
  child: ChildProcessWithoutNullStreams,
  command: Command,
  killed: () => boolean,
): Promise<{ readonly exit: number | null; readonly signal: string | null }> {
  return new Promise((resolve, reject) => {
    let drain: NodeJS.Timeout | undefined;
    child.once('error', (cause) => reject(cannotStart(command, errorCode(cause), { cause })));
    child.once('exit', () => {
      // The leader obeyed SIGTERM; whoever in its group did not goes now.
      if (killed()) killGroup(child, 'SIGKILL');
      drain = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, DRAIN_MS);
    });
    child.once('close', (exit, signal) => {
      clearTimeout(drain);
      resolve({ exit, signal });
    });
  });
}

function killGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH' && errorCode(error) !== 'EPERM') throw error;
    child.kill(signal);
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
