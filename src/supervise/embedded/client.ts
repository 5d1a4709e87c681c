/** One request to the supervisor over its socket, one JSON line each way. */
import { createConnection } from 'node:net';
import type { ServiceStatus } from '../../core/host.ts';
import type { SupervisorPaths } from './files.ts';
import { findArguments } from './process.ts';
import { kill } from './signals.ts';

export interface Reply {
  readonly ok: boolean;
  readonly message?: string;
  /** `programVersion` of the supervisor that answers; supervisors before it existed do not say. */
  readonly program?: string;
  readonly services?: readonly ServiceStatus[];
}

const REPLY_BYTES = 16 * 1024 * 1024;
/** A supervisor that follows one that died waits 10 s at most. */
export const ANSWER_MS = 20_000;
const LOOK_MS = 20;

/** Undefined when nobody listens; a socket that exists and may not be used is an error. A change may take as long as a gateway takes to drain. */
export function ask(paths: SupervisorPaths, request: object, timeoutMs = 0): Promise<Reply | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(paths.socket);
    let text = '';
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`the supervisor did not answer within ${timeoutMs} ms`)));
    socket.setEncoding('utf8');
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? resolve(undefined) : reject(error),
    );
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (part: string) => {
      text += part;
      if (text.length > REPLY_BYTES) socket.destroy(new Error('the supervisor answers too much'));
    });
    socket.on('end', () => {
      try {
        resolve(JSON.parse(text) as Reply); // our own program's answer, from a socket that only we can open
      } catch (cause) {
        reject(new Error('the supervisor ended before it answered', { cause }));
      }
    });
  });
}

/** As `ask`, and waits while a supervisor or its standby lives: one of them is about to answer. */
export async function askLiving(paths: SupervisorPaths, request: object): Promise<Reply | undefined> {
  const deadline = Date.now() + ANSWER_MS;
  for (;;) {
    const reply = await ask(paths, request);
    if (reply !== undefined || living(paths).length === 0 || Date.now() > deadline) return reply;
    await pause();
  }
}

export async function tell(paths: SupervisorPaths, request: object, absentIsFine = false): Promise<void> {
  const reply = await askLiving(paths, request);
  if (reply === undefined && !absentIsFine) throw new Error(`no supervisor answers on ${paths.socket}`);
  if (reply?.ok === false) throw new Error(reply.message ?? 'refused');
}

/** Supervisors and standbys of this state directory: a standby's argv ends with the supervisor's. */
function living(paths: SupervisorPaths): readonly number[] {
  return findArguments([paths.daemon, '--state-dir', paths.stateDir, '--run-dir', paths.runDir]);
}

/** Waits until the supervisor has ended that was asked to. */
export async function awaitGone(paths: SupervisorPaths): Promise<void> {
  const deadline = Date.now() + ANSWER_MS;
  while (living(paths).length > 0) {
    if (Date.now() > deadline) throw new Error(`the supervisor (process ${living(paths).join(', ')}) does not end`);
    await pause();
  }
}

/** Ends what does not answer, standby included; services go on. */
export async function endSilent(paths: SupervisorPaths): Promise<void> {
  for (const pid of living(paths)) kill(pid, 'SIGKILL');
  await awaitGone(paths);
}

export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
