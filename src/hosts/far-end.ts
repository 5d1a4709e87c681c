/** Commands at the far end of one open connection, many at a time: the same rules as for a child here (see child.ts). */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Command, CommandResult } from '../core/command.ts';
import type { ChildOptions } from './child.ts';
import { runFar } from './far-command.ts';
import { farProgram, loader } from './far-program.ts';
import { frame, frameReader, type Frame, type FrameKind } from './frames.ts';

/** What a running command listens to. */
export interface Job {
  /** It keeps no process waiting for its end. */
  readonly background: boolean;
  frame(kind: string, payload: Buffer): void;
  /** The connection is gone. */
  lost(): void;
}

/** The connection as a command sees it. */
export interface Wire {
  /** Registers a command. Returns its number. */
  open(job: Job): number;
  forget(id: number): void;
  send(kind: FrameKind, id: number, payload?: Uint8Array): void;
  /** Gives the connection up: all its commands are lost. */
  cut(): void;
}

export interface FarEnd {
  /** Effective uid that commands run as. */
  readonly uid: number;
  isLost(): boolean;
  run(command: Command, options: FarOptions, signal: AbortSignal): Promise<CommandResult>;
  /** This process waits for something on the connection until what is returned is called. */
  hold(): () => void;
  /** Ends what runs there, and the connection. */
  close(): Promise<void>;
}

export interface FarOptions extends ChildOptions {
  readonly host: string;
  /** Bytes after which an output's rest is not even sent; `all` for streams. */
  readonly room: { readonly stdout: number | 'all'; readonly stderr: number };
  /** Instead of the command's own: what comes while it runs. */
  readonly input?: AsyncIterable<Buffer>;
  /** This process does not wait for its end. */
  readonly background?: true;
}

/** Why there is no connection: how the program that makes it ended, and what it said. */
export class NoConnection extends Error {
  readonly exit: number | null;
  readonly said: string;

  constructor(exit: number | null, said: string, options?: { cause?: unknown }) {
    super(said.trim().split('\n').at(-1) ?? '', options);
    this.name = 'NoConnection';
    this.exit = exit;
    this.said = said;
  }
}

const GREETING_BYTES = 64 * 1024;
const BEAT_MS = 3_000;
/** Beats without any answer after which the connection is given up. */
const MOST_UNANSWERED = 4;

/** `connect` makes argv of what the login shell there is to run. Rejects with NoConnection. */
export async function openFarEnd(
  connect: (remote: string) => readonly [string, ...string[]],
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<FarEnd> {
  const greeting = `BULKHEAD-${randomUUID()}`;
  const source = Buffer.from(farProgram(greeting), 'utf8');
  const [program, ...args] = connect(loader(source.length));
  // A session of its own: Ctrl-C is Bulkhead's to answer, and nothing can ask on the terminal.
  const child = spawn(program, args, { env: environment, detached: true, shell: false, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4000);
  });
  child.stdin.write(source);
  const { uid, rest } = await greeted(child, greeting, timeoutMs, () => said);
  return overPipes(child, uid, rest);
}

/** What was printed before the greeting, by a login script, is dropped. */
async function greeted(
  child: ChildProcessWithoutNullStreams,
  greeting: string,
  timeoutMs: number,
  said: () => string,
): Promise<{ readonly uid: number; readonly rest: Buffer }> {
  let seen = Buffer.alloc(0);
  return await new Promise((resolve, reject) => {
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      child.stdout.off('data', take);
      child.off('close', closed);
      how();
    };
    const refuse = (exit: number | null, why: string, cause?: unknown): void =>
      settle(() => {
        child.kill('SIGKILL');
        reject(new NoConnection(exit, why, { cause }));
      });
    const take = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const found = new RegExp(`\\n${greeting} (\\d+)\\n`).exec(seen.toString('latin1'));
      if (found !== null) {
        const rest = seen.subarray(found.index + found[0].length);
        settle(() => resolve({ uid: Number(found[1]), rest }));
      } else if (seen.length > GREETING_BYTES) refuse(null, 'its login shell prints too much');
    };
    const closed = (exit: number | null): void => refuse(exit, said());
    const timer = setTimeout(() => refuse(null, `no answer within ${timeoutMs / 1000} s`), timeoutMs);
    child.once('error', (cause) => refuse(null, cause.message, cause));
    child.once('close', closed);
    child.stdout.on('data', take);
  });
}

function overPipes(child: ChildProcessWithoutNullStreams, uid: number, rest: Buffer): FarEnd {
  const jobs = new Map<number, Job>();
  let next = 1;
  let lost = false;
  let unanswered = 0;
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  const lose = (): void => {
    if (lost) return;
    lost = true;
    clearInterval(beat);
    child.kill('SIGKILL');
    for (const job of jobs.values()) job.lost();
    jobs.clear();
  };
  const read = frameReader(({ kind, id, payload }: Frame) => jobs.get(id)?.frame(kind, payload));
  const take = (chunk: Buffer): void => {
    unanswered = 0;
    try {
      read(chunk);
    } catch {
      lose(); // not our program's words: nothing more of it can be believed
    }
  };
  let holds = 0;
  const releases = new Map<number, () => void>();
  const hold = (): (() => void) => {
    if (holds++ === 0) keepAlive(child, true);
    return () => {
      if (--holds === 0) keepAlive(child, false);
    };
  };
  const wire: Wire = {
    open: (job) => {
      const id = next++;
      jobs.set(id, job);
      if (!job.background) releases.set(id, hold());
      return id;
    },
    forget: (id) => {
      jobs.delete(id);
      releases.get(id)?.();
      releases.delete(id);
    },
    send: (kind, id, payload) => void (lost || child.stdin.write(frame(kind, id, payload))),
    cut: lose,
  };
  const beat = setInterval(() => {
    unanswered += 1;
    if (unanswered > MOST_UNANSWERED) lose();
    else wire.send('B', 0);
  }, BEAT_MS).unref();
  child.stdout.on('data', take);
  child.once('close', lose);
  child.stdin.once('error', lose);
  if (rest.length > 0) take(rest);
  keepAlive(child, false);
  return {
    uid,
    isLost: () => lost,
    run: (command, options, signal) => runFar(wire, command, options, signal),
    hold,
    close: async () => {
      if (lost) return;
      keepAlive(child, true);
      child.stdin.end();
      await ended;
    },
  };
}

/** A connection on which nothing runs keeps no process waiting; with the process it ends. */
function keepAlive(child: ChildProcessWithoutNullStreams, keep: boolean): void {
  for (const one of [child, child.stdin, child.stdout, child.stderr]) {
    const counted = one as { ref?(): unknown; unref?(): unknown }; // pipes are sockets, which the types of a child do not say
    if (keep) counted.ref?.();
    else counted.unref?.();
  }
}
