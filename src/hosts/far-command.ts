/** One command over an open connection, from its start to its result. */
import { constants } from 'node:os';
import type { Command, CommandResult } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import { cannotStart } from './cannot-start.ts';
import { DEFAULT_TIMEOUT_MS, LONGEST_TIMER_MS, resultOf, type Ended } from './child.ts';
import type { FarOptions, Wire } from './far-end.ts';
import { packStrings } from './frames.ts';
import { inputOf } from './input.ts';

/** Bytes of input that may be under way before the far end has said that the program took some. */
const WINDOW = 256 * 1024;
/** How long after it was told to stop a command may leave us without its end. The far end kills within two seconds. */
const OVERDUE_MS = 10_000;
const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** Rejects with BulkheadError `host` when the program cannot be started or the connection is cut, and with the signal's reason when aborted. */
export async function runFar(wire: Wire, command: Command, options: FarOptions, signal: AbortSignal): Promise<CommandResult> {
  signal.throwIfAborted();
  if ([...command.argv, ...Object.entries(options.environment).flat()].some((text) => text.includes('\0')))
    throw cannotStart(command, undefined, { host: options.host, cause: new Error('an argument holds a NUL') });
  const startedAt = performance.now();
  const job = openJob(wire, command, options);
  const timeoutMs = command.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  let timedOut = false;
  const late = (): void => {
    timedOut = true;
    job.stop();
  };
  const deadline = timeoutMs > LONGEST_TIMER_MS ? undefined : setTimeout(late, timeoutMs);
  signal.addEventListener('abort', job.stop, { once: true });
  try {
    const ended = await job.ended;
    signal.throwIfAborted();
    for (const sink of [options.stdout, options.stderr]) sink.end();
    return resultOf(ended, options, { timedOut, startedAt });
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', job.stop);
  }
}

interface OpenJob {
  readonly ended: Promise<Ended>;
  readonly stop: () => void;
}

function openJob(wire: Wire, command: Command, options: FarOptions): OpenJob {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const credit = creditOf(WINDOW);
  let overdue: NodeJS.Timeout | undefined;
  /** Of a sink or of the input: the command is stopped, and this is how it failed. */
  let failure: unknown;
  const settle = (how: () => void): void => {
    clearTimeout(overdue);
    credit.close();
    wire.forget(id);
    how();
  };
  const stop = (): void => {
    wire.send('K', id);
    overdue ??= setTimeout(() => wire.cut(), OVERDUE_MS);
  };
  const fail = (error: unknown): void => {
    failure ??= error;
    stop();
  };
  const id = wire.open({
    background: options.background === true,
    lost: () => settle(() => reject(cutError(command.title, options.host))),
    frame: (kind, payload) => {
      if (kind === 'O' || kind === 'S') {
        try {
          (kind === 'O' ? options.stdout : options.stderr).take(payload);
        } catch (error) {
          fail(error instanceof Error ? error : new Error('an output sink failed', { cause: error }));
        }
      } else if (kind === 'C') credit.add(payload.readUInt32BE());
      else if (kind === 'F') settle(() => reject(cannotStart(command, NAMES.get(payload.readUInt32BE()), { host: options.host })));
      else if (kind === 'X') settle(() => (failure === undefined ? resolve(endOf(payload.readUInt32BE())) : reject(failure)));
    },
  });
  wire.send('R', id, startOf(command, options));
  void feed(wire, id, options.input ?? inputOf(command), credit).catch(fail);
  return { ended: promise, stop };
}

function startOf(command: Command, { room, environment }: FarOptions): Buffer {
  // One byte over the limit is how a sink sees that there was more.
  const most = (limit: number | 'all'): string => (limit === 'all' ? 'all' : String(limit + 1));
  return packStrings([most(room.stdout), most(room.stderr), String(command.argv.length), ...command.argv, ...Object.entries(environment).flat()]);
}

async function feed(wire: Wire, id: number, input: AsyncIterable<Buffer>, credit: Credit): Promise<void> {
  for await (const slice of input) {
    if (!(await credit.spend(slice.length))) return;
    wire.send('I', id, slice);
  }
  wire.send('E', id);
}

interface Credit {
  /** Resolves to false when nobody takes input any more. */
  spend(bytes: number): Promise<boolean>;
  add(bytes: number): void;
  close(): void;
}

function creditOf(window: number): Credit {
  let left = window;
  let open = true;
  let wake = (): void => undefined;
  return {
    spend: async (bytes) => {
      while (open && left <= 0) await new Promise<void>((resolve) => (wake = resolve));
      left -= bytes;
      return open;
    },
    add: (bytes) => {
      left += bytes;
      wake();
    },
    close: () => {
      open = false;
      wake();
    },
  };
}

/** A wait status as wait(2) packs it. */
function endOf(status: number): Ended {
  const number = status & 0x7f;
  if (number === 0) return { exit: (status >> 8) & 0xff, signal: null };
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [`signal ${number}`];
  return { exit: null, signal: name };
}

export function cutError(title: string, host: string): BulkheadError {
  return new BulkheadError(
    'host',
    `the connection to ${host} was cut in the middle of: ${title}`,
    'run the same command again: it connects anew and goes on where this stopped',
  );
}
