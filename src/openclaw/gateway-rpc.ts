/**
 * Methods of a running gateway, called over one connection. Self-contained as gateway-client.ts is, and as careful with what answers.
 * Source: openclaw 2026.9.6 docs/gateway/protocol/rpc-methods.md.
 */
import { readFileSync } from 'node:fs';
import { attempt, connectParams, frames, payloadOf, Refusal, send, upgrade, waitFor } from './gateway-client.ts';
import type { Answer, HelloInput } from './gateway-client.ts';

export interface Call {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface Connection {
  /** Rejects with the gateway's own code when it refuses. */
  call(method: string, params?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Why the gateway ended it; undefined when it has not within `ms`. No call may follow. */
  ended(ms: number): Promise<string | undefined>;
  close(): void;
}

/** How gateway-client.ts words the end of a connection, before the gateway's own reason. */
const ENDED = 'the gateway closed: ';

/** Rejects when the gateway does not take the token. All of it has to be over within `timeoutMs` (30 s when absent). */
export async function connect(input: HelloInput): Promise<Connection> {
  const socket = await upgrade({ ...input, timeoutMs: input.timeoutMs ?? 30_000 });
  // Events go on arriving while nothing is asked, and the gateway may end the connection then.
  socket.on('error', () => undefined);
  const messages = frames(socket, input.maxBytes ?? 4 * 1024 * 1024);
  let last = 0;
  const call = async (method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> => {
    last += 1;
    const id = String(last);
    send(socket, { type: 'req', id, method, params });
    return payloadOf(await waitFor(messages, (message) => message['type'] === 'res' && message['id'] === id));
  };
  try {
    await waitFor(messages, (message) => message['type'] === 'event' && message['event'] === 'connect.challenge');
    await call('connect', connectParams(input.token));
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return {
    call,
    ended: async (ms) => {
      const timer = setTimeout(() => socket.destroy(), ms);
      try {
        await waitFor(messages, () => false);
      } catch (error) {
        if (error instanceof Refusal && error.message.startsWith(ENDED)) return error.message.slice(ENDED.length);
      } finally {
        clearTimeout(timer);
      }
      return undefined;
    },
    close: () => socket.destroy(),
  };
}

/** `tokenFile` is read where this runs, so that the token does not travel. */
export interface CallsRequest {
  readonly port: number;
  readonly tokenFile: string;
  readonly calls: readonly Call[];
}

/** One answer per call, in order; a call that is refused does not keep the next ones from being made. */
export async function main({ port, tokenFile, calls }: CallsRequest): Promise<Answer<readonly Answer<unknown>[]>> {
  return attempt(async () => {
    const connection = await connect({ port, token: readFileSync(tokenFile, 'utf8').trim() });
    try {
      const answers: Answer<unknown>[] = [];
      for (const { method, params } of calls) answers.push(await attempt(async () => await connection.call(method, params)));
      return answers;
    } finally {
      connection.close();
    }
  });
}
