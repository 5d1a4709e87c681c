/**
 * One connection to a gateway's WebSocket, and what its answers are made of. Self-contained (only node:*), as what imports it is. What answers
 * belongs to a tenant and may be hostile: everything is capped in bytes and in time. Source: openclaw 2026.9.6 docs/gateway/protocol.md (protocol 4).
 */
import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';

export interface GatewayAddress {
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  readonly port: number;
  /** 5000 when absent (a turn: 60000). */
  readonly timeoutMs?: number;
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

/** An expected negative answer. */
export class Refusal extends Error {
  readonly code: string | undefined;
  constructor(why: string, code?: string) {
    super(why);
    this.code = code;
  }
}

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

/** How the end of a connection is worded, before the gateway's own reason. */
const ENDED = 'the gateway closed: ';

/** Rejects when the gateway does not take the token. All of it has to be over within `timeoutMs` (5 s when absent). */
export async function connect(input: HelloInput): Promise<Connection> {
  const socket = await upgrade(input);
  // Events go on arriving while nothing is asked, and the gateway may end the connection then.
  socket.on('error', () => undefined);
  const messages = frames(socket, input.maxBytes ?? MAX_BYTES);
  let asked = 0;
  const call: Ask = async (method, params = {}) => {
    asked += 1;
    const id = String(asked);
    send(socket, { type: 'req', id, method, params });
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
    if (error instanceof Refusal && error.message.startsWith(ENDED)) return error.message.slice(ENDED.length);
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

// RFC 6455, client side, text messages only. Node's own WebSocket has no limit on what a server may send.

async function upgrade(address: GatewayAddress): Promise<Socket> {
  const key = randomBytes(16).toString('base64');
  const signal = AbortSignal.timeout(address.timeoutMs ?? 5000);
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: address.host ?? '127.0.0.1', port: address.port, path: '/', headers, agent: false, signal });
    request.on('error', reject);
    request.on('response', (response) => {
      response.destroy();
      reject(new Refusal(`no WebSocket: answered ${response.statusCode ?? 0}`));
    });
    request.on('upgrade', (response, socket, head) => {
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      if (response.headers['sec-websocket-accept'] !== accept) return reject(new Refusal('no WebSocket: wrong answer to the handshake'));
      if (head.length > 0) socket.unshift(head);
      signal.addEventListener('abort', () => socket.destroy(new Refusal('the gateway took too long', 'ETIMEDOUT')));
      resolve(socket);
    });
    request.end();
  });
}

function send(socket: Socket, message: unknown): void {
  const payload = Buffer.from(JSON.stringify(message));
  const mask = randomBytes(4);
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = 0x81;
  head[1] = 0x80 | (long ? 126 : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2); // our own messages stay far below 65536 bytes
  mask.copy(head, head.length - 4);
  socket.write(Buffer.concat([head, payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]));
}

async function* frames(socket: Socket, limit: number): AsyncGenerator<Message, void, void> {
  let pending = Buffer.alloc(0);
  let received = 0;
  let parts: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > limit) throw new Refusal(`the gateway sent more than ${limit} bytes`);
    pending = Buffer.concat([pending, chunk]);
    for (let frame = firstFrame(pending); frame !== undefined; frame = firstFrame(pending)) {
      pending = pending.subarray(frame.size);
      if (frame.opcode === 8) throw new Refusal(`${ENDED}${frame.payload.subarray(2).toString('utf8').slice(0, 100)}`, 'CLOSED');
      if (frame.opcode > 2) continue;
      parts.push(frame.payload);
      if (!frame.final) continue;
      const message = parse(Buffer.concat(parts).toString('utf8'));
      parts = [];
      if (typeof message === 'object' && message !== null) yield message as Message; // an object, checked
    }
  }
}

function firstFrame(
  bytes: Buffer,
): { readonly final: boolean; readonly opcode: number; readonly payload: Buffer; readonly size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + length) return undefined;
  const first = bytes.readUInt8(0);
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload: bytes.subarray(start, start + length), size: start + length };
}

async function waitFor(messages: AsyncGenerator<Message, void, void>, wanted: (message: Message) => boolean): Promise<Message> {
  for (;;) {
    const next = await messages.next();
    if (next.done === true) throw new Refusal('the gateway closed the connection', 'CLOSED');
    if (wanted(next.value)) return next.value;
  }
}
