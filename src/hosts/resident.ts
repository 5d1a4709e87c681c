/**
 * One Node at the far end of a connection for all self-contained programs that are sent there: to start one costs more than what most of them do.
 * It ends with the connection.
 */
import type { ResidentRun } from '../core/host.ts';
import { BulkheadError } from '../core/error.ts';
import type { Sink } from './child.ts';
import { cutError } from './far-command.ts';
import type { FarEnd } from './far-end.ts';

/** What it runs, a request and an answer for each line of JSON. A program comes with its first request, and stays. */
const LOOP = `const programs = new Map();
let held = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (held + chunk).split('\\n');
  held = lines.pop();
  for (const line of lines) void answer(JSON.parse(line));
});
async function answer({ id, name, source, request }) {
  let said;
  try {
    if (source !== undefined) programs.set(name, import('data:text/javascript,' + encodeURIComponent(source)));
    const { main } = await programs.get(name);
    said = { id, value: await main(request) };
  } catch (error) {
    said = { id, error: String(error).slice(0, 300) };
  }
  process.stdout.write(JSON.stringify(said) + '\\n');
}`;

export interface Resident {
  /** What the program answered. Rejects with Error for its own failure, `it took too long`; else as a command does. */
  ask(run: ResidentRun, signal: AbortSignal): Promise<unknown>;
  isOver(): boolean;
}

interface Waiting {
  readonly title: string;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** `most`: bytes of one answer. */
export function startResident(end: FarEnd, node: string, { host, environment, most }: ResidentOptions): Resident {
  const waiting = new Map<number, Waiting>();
  const sent = new Set<string>();
  const input = queue();
  const stop = new AbortController();
  let next = 1;
  let over = false;
  const settle = (error: (one: Waiting) => unknown): void => {
    over = true;
    input.end();
    for (const one of waiting.values()) one.reject(error(one));
    waiting.clear();
  };
  const answered = (line: string): void => {
    const said = JSON.parse(line) as { id: number; value?: unknown; error?: string }; // the loop above is ours
    const one = waiting.get(said.id);
    waiting.delete(said.id);
    if (said.error === undefined) one?.resolve(said.value);
    else one?.reject(new Error(said.error));
  };
  // Requests may hold secrets: a crash leaves none of them in a file.
  const argv = ['prlimit', '--core=0', '--', node, '--disable-warning=ExperimentalWarning', '-e', LOOP] as const;
  const command = { title: 'answer for programs', argv, timeoutMs: Infinity };
  const stderr = lastWords();
  const how = {
    host,
    environment,
    stdout: answerSink(answered, most),
    stderr,
    room: { stdout: 'all', stderr: most },
    input: input.slices,
    background: true,
  } as const;
  end.run(command, how, stop.signal).then(
    () => settle(() => new Error(stderr.text() || 'it ended without an answer')),
    (error: unknown) => settle(({ title }) => (end.isLost() ? cutError(title, host) : error)),
  );
  return {
    isOver: () => over || end.isLost(),
    ask: async ({ name, source, request, title, timeoutMs }, signal) => {
      signal.throwIfAborted();
      if (over) throw new Error('it ended before it was asked');
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const id = next++;
      waiting.set(id, { title, resolve, reject });
      const release = end.hold();
      input.push(`${JSON.stringify({ id, name, request, ...(sent.has(name) ? {} : { source: source() }) })}\n`);
      sent.add(name);
      const late = setTimeout(() => {
        reject(new Error('it took too long'));
        // Whatever it hangs in, the others would hang with it.
        stop.abort(new BulkheadError('host', `${host}: a program beside it took too long`, 'run the same command again'));
      }, timeoutMs);
      const aborted = (): void => reject(signal.reason);
      signal.addEventListener('abort', aborted, { once: true });
      try {
        return await promise;
      } finally {
        waiting.delete(id);
        clearTimeout(late);
        signal.removeEventListener('abort', aborted);
        release();
      }
    },
  };
}

export interface ResidentOptions {
  readonly host: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly most: number;
}

/** Whole lines, none of them longer than `most` bytes. */
function answerSink(onLine: (line: string) => void, most: number): Sink {
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    if (size > most) throw new Error('it printed too much');
    parts.push(part);
  };
  return {
    take(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        add(chunk.subarray(from, at));
        const line = Buffer.concat(parts).toString('utf8');
        [parts, size, from] = [[], 0, at + 1];
        onLine(line);
      }
      add(chunk.subarray(from));
    },
    end: () => undefined,
    text: () => '',
    truncated: () => false,
  };
}

/** Why a Node that ended did: its last line. */
function lastWords(): Sink {
  let text = '';
  return {
    take: (chunk) => void (text = (text + chunk.toString('utf8')).slice(-2000)),
    end: () => undefined,
    text: () => text.trim().split('\n').at(-1)?.slice(0, 300) ?? '',
    truncated: () => false,
  };
}

const SLICE = 64 * 1024;

/** Text that comes now and then, as a command's standard input. */
function queue(): { readonly slices: AsyncIterable<Buffer>; push(text: string): void; end(): void } {
  const held: Buffer[] = [];
  let open = true;
  let wake = (): void => undefined;
  async function* slices(): AsyncGenerator<Buffer> {
    while (open) {
      const bytes = held.shift();
      if (bytes === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
    }
  }
  return {
    slices: slices(),
    push: (text) => {
      held.push(Buffer.from(text, 'utf8'));
      wake();
    },
    end: () => {
      open = false;
      wake();
    },
  };
}
