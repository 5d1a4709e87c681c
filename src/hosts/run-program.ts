/** Runs one of our self-contained programs on a host and reads the JSON it prints. */
import type { Command, CommandResult, Program } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Host } from '../core/host.ts';
import type { BusyPorts } from './busy-ports.ts';
import { javascriptOf, selfContained, sibling } from './self-contained.ts';

export interface SelfContainedRun {
  /** File that exports `main(request)`. */
  readonly program: URL;
  readonly request: unknown;
  /** Absolute path of Node on that host. */
  readonly node: string;
  readonly title: string;
  readonly timeoutMs?: number;
  /** The request holds a secret. */
  readonly redact?: boolean;
  /** A long look without a pause: in a process of its own it keeps nothing else waiting. */
  readonly apart?: boolean;
}

/** The program as data, for a rung to run inside a boundary or as a tenant. */
export function selfContainedProgram(run: SelfContainedRun): Program {
  const { args, stdin } = selfContained(run.program, run.request);
  const program = { title: run.title, argv: [run.node, ...args] as const, stdin };
  return { ...program, ...(run.timeoutMs === undefined ? {} : { timeoutMs: run.timeoutMs }), ...(run.redact === true ? { redact: true } : {}) };
}

/** Runs it directly on the host, in this process where that is the host, in one that is kept for all where there is one. Throws BulkheadError `host` when it fails or prints no JSON; the caller validates the shape. */
export async function runSelfContained<T>(host: Host, run: SelfContainedRun, signal: AbortSignal): Promise<T> {
  if (host.here === true && run.apart !== true) return await runHere<T>(run, host.id, signal);
  if (host.resident !== undefined && run.apart !== true) return await runResident<T>(host.resident, run, host.id, signal);
  const command: Command = selfContainedProgram(run);
  return parseResult<T>(await host.run(command, signal), run.title, host.id);
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** Starting Node costs more than what most of these programs do. The answer goes through JSON as it does from elsewhere. */
async function runHere<T>(
  { program, request, title, timeoutMs = DEFAULT_TIMEOUT_MS }: SelfContainedRun,
  host: string,
  signal: AbortSignal,
): Promise<T> {
  // A file of ours with the one export that every such program has.
  const { main } = (await import(program.href)) as { readonly main: (request: unknown) => Promise<unknown> };
  signal.throwIfAborted();
  try {
    const answer = await within(main(request), timeoutMs, signal);
    return JSON.parse(JSON.stringify(answer)) as T; // the program is ours; callers validate what tenants wrote
  } catch (cause) {
    signal.throwIfAborted();
    throw cannot(title, host, cause instanceof TookTooLong ? 'it took too long' : String(cause).slice(0, 300));
  }
}

async function runResident<T>(
  ask: NonNullable<Host['resident']>,
  { program, request, title, node, timeoutMs = DEFAULT_TIMEOUT_MS }: SelfContainedRun,
  host: string,
  signal: AbortSignal,
): Promise<T> {
  try {
    // The program is ours; what it read may be hostile, as below.
    return (await ask({ name: program.href, source: () => javascriptOf(program), request, title, node, timeoutMs }, signal)) as T;
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof BulkheadError) throw cause;
    throw cannot(title, host, cause instanceof Error ? cause.message : String(cause));
  }
}

class TookTooLong extends Error {}

/** Rejects after its time, and with the signal's reason as soon as that is aborted; what was begun is left to end by itself. */
async function within<T>(work: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<T> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TookTooLong()), milliseconds);
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function cannot(title: string, host: string, why: string): BulkheadError {
  return new BulkheadError('host', `could not ${title} on ${host}: ${why}`, 'run the same command again; --json shows the whole error');
}

/** The JSON that a self-contained program printed. A failed or cut run throws: it never looks like an empty answer. */
export function parseResult<T>(result: CommandResult, title: string, host: string): T {
  if (result.exit !== 0 || result.truncated) {
    const why = result.timedOut
      ? 'it took too long'
      : result.truncated
        ? 'it printed too much'
        : (reasonOf(result.stderr) ?? (result.stderr.trim().split('\n').at(-1) || 'no reason given')).slice(0, 300);
    throw cannot(title, host, why);
  }
  try {
    // The program is ours; what it read may be hostile, so callers that got tenant-written values validate them.
    return JSON.parse(result.stdout) as T;
  } catch (cause) {
    throw new BulkheadError('host', `could not ${title} on ${host}: the answer is not JSON`, 'run the same command again', { cause });
  }
}

/** What a Node program that ended with an uncaught error said: the error's own line, without the source and the trace around it. */
export function reasonOf(text: string): string | undefined {
  if (!/^Node\.js v\d/m.test(text)) return undefined;
  return text.split('\n').find((line) => /^\w*Error\b/.test(line));
}

/** Which of `ports` cannot be had on 127.0.0.1 and ::1 of a host, and its ephemeral range. */
export async function askBusyPorts(host: Host, node: string, ports: readonly number[], signal: AbortSignal): Promise<BusyPorts> {
  return await runSelfContained<BusyPorts>(
    host,
    { program: sibling(import.meta.url, 'busy-ports'), request: { ports }, node, title: 'look for free ports' },
    signal,
  );
}
