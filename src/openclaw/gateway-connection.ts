/**
 * One connection to a gateway, and what its answers are made of. Self-contained, as what imports it is. What answers
 * belongs to a tenant and may be hostile: everything is capped in bytes and in time. Source: openclaw 2026.9.6 docs/gateway/protocol.md (protocol 4).
 */
import type { Socket } from 'node:net';
import { Closed, Refusal, sendText, texts, upgrade, type WebSocketAddress } from './websocket.ts';

/** `timeoutMs`: 5000 when absent, of a turn 60000. */
export interface GatewayAddress extends WebSocketAddress {
  /** 4 MiB when absent; for everything received, not per message. */
  readonly maxBytes?: number;
}
export interface HelloInput extends GatewayAddress {
  readonly token: string;
}
/** Answers of a gateway that did what it should; otherwise why not, in words of ours (a refusal keeps the gateway's code). */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string; readonly code?: string };

export const MAX_BYTES = 4 * 1024 * 1024;

type Message = Readonly<Record<string, unknown>>;

export async function attempt<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const code = error instanceof Refusal ? error.code : String(field(error, 'code') ?? '') || undefined;
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, why: why.slice(0, 300), ...(code === undefined ? {} : { code }) };
  }
}

/** One question on an open connection: its payload, or an error with the gateway's refusal. */
export type Ask = (method: string, params?: Readonly<Record<string, unknown>>) => Promise<unknown>;

export interface Connection {
  /** What the gateway said when it took the token. */
  readonly greeting: unknown;
  /** Rejects with the gateway's own code when it refuses. */
  readonly call: Ask;
  /** Why the gateway ended it; undefined when it has not within `ms`. No call may follow. */
  ended(ms: number): Promise<string | undefined>;
  close(): void;
}

/** Rejects when the gateway does not take the token. All of it has to be over within `timeoutMs` (5 s when absent). */
export async function connect(input: HelloInput): Promise<Connection> {
  const socket = await upgrade(input);
  // Events go on arriving while nothing is asked, and the gateway may end the connection then.
  socket.on('error', () => undefined);
  const messages = messagesOf(texts(socket, input.maxBytes ?? MAX_BYTES));
  let asked = 0;
  const call: Ask = async (method, params = {}) => {
    asked += 1;
    const id = String(asked);
    sendText(socket, JSON.stringify({ type: 'req', id, method, params }));
    return payloadOf(await waitFor(messages, (message) => message['type'] === 'res' && message['id'] === id));
  };
  const close = (): void => {
    socket.destroy();
  };
  try {
    await waitFor(messages, (message) => message['type'] === 'event' && message['event'] === 'connect.challenge');
    const greeting = await call('connect', connectParams(input.token));
    return { greeting, call, ended: async (ms) => await endOf(socket, messages, ms), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Opens a connection, lets `use` ask over it, and closes it. */
export async function connected<T>(input: HelloInput, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connect(input);
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}

async function endOf(socket: Socket, messages: AsyncGenerator<Message, void, void>, ms: number): Promise<string | undefined> {
  const timer = setTimeout(() => socket.destroy(), ms);
  try {
    await waitFor(messages, () => false);
  } catch (error) {
    if (error instanceof Closed) return error.reason;
  } finally {
    clearTimeout(timer);
  }
  return undefined;
}

function connectParams(token: string): Message {
  return {
    minProtocol: 4,
    maxProtocol: 4,
    role: 'operator',
    scopes: ['operator.read', 'operator.write', 'operator.admin'],
    client: { id: 'gateway-client', version: '1.0.0', platform: process.platform, mode: 'backend' },
    caps: [],
    commands: [],
    permissions: {},
    auth: { token },
    locale: 'en-US',
    userAgent: 'bulkhead',
  };
}

function payloadOf(response: Message): unknown {
  if (response['ok'] === true) return response['payload'];
  const error = response['error'];
  const code = field(field(error, 'details'), 'code') ?? field(error, 'code');
  throw new Refusal(`the gateway refused: ${String(field(error, 'message') ?? 'no reason').slice(0, 200)}`, String(code ?? 'REFUSED').slice(0, 64));
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refusal('the answer is not JSON');
  }
}

/** A part of something that a gateway said. */
export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined; // an object, checked
}

async function* messagesOf(said: AsyncGenerator<string, void, void>): AsyncGenerator<Message, void, void> {
  for await (const text of said) {
    const message = parse(text);
    if (typeof message === 'object' && message !== null) yield message as Message; // an object, checked
  }
}

async function waitFor(messages: AsyncGenerator<Message, void, void>, wanted: (message: Message) => boolean): Promise<Message> {
  for (;;) {
    const next = await messages.next();
    if (next.done === true) throw new Refusal('the gateway closed the connection', 'CLOSED');
    if (wanted(next.value)) return next.value;
  }
}
