/**
 * Talks to a gateway: health, hello and status over its WebSocket, a turn of its agent. Self-contained (only node:*): it is also sent to
 * hosts and into boundaries as text. What answers belongs to a tenant and may be hostile: every answer is capped in bytes and in time.
 * Source: openclaw 2026.9.6 docs/gateway/protocol.md (protocol 4), docs/gateway/openai-http-api.md. No pairing is needed on loopback.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { GatewayClaim } from '../core/facts.ts';

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
export interface TurnInput extends GatewayAddress {
  readonly token: string;
  readonly message: string;
}

export interface Hello {
  readonly claim: GatewayClaim;
  /** Result of `status`, as the gateway gave it. */
  readonly status: unknown;
  /** SHA-256 of what `status` says without what changes by itself: equal digests of two tenants mean one gateway. */
  readonly statusDigest: string;
}

/** Answers of a gateway that did what it should; otherwise why not, in words of ours (a refusal keeps the gateway's code). */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string; readonly code?: string };

/** Whether /healthz says that the gateway lives. Needs no token, proves nothing about who answers. */
export async function health(port: number, options: Omit<GatewayAddress, 'port'> = {}): Promise<Answer<{ readonly latencyMs: number }>> {
  return attempt(async () => {
    const started = performance.now();
    const { status, body } = await http({ ...options, port }, 'GET', '/healthz', {}, '');
    if (status !== 200 || field(parse(body), 'ok') !== true) throw new Refusal(`/healthz answered ${status}`);
    return { latencyMs: Math.round(performance.now() - started) };
  });
}

/** Connects with the token and asks for `status`. */
export async function hello(input: HelloInput): Promise<Answer<Hello>> {
  return attempt(async () => {
    const started = performance.now();
    const socket = await upgrade(input);
    try {
      const messages = frames(socket, input.maxBytes ?? MAX_BYTES);
      await waitFor(messages, (message) => message['type'] === 'event' && message['event'] === 'connect.challenge');
      send(socket, { type: 'req', id: '1', method: 'connect', params: connectParams(input.token) });
      const greeting = payloadOf(await waitFor(messages, (message) => message['type'] === 'res' && message['id'] === '1'));
      const claim = claimOf(greeting, Math.round(performance.now() - started));
      send(socket, { type: 'req', id: '2', method: 'status', params: {} });
      const status = payloadOf(await waitFor(messages, (message) => message['type'] === 'res' && message['id'] === '2'));
      return { claim, status, statusDigest: digestOfStatus(claim, status) };
    } finally {
      socket.destroy();
    }
  });
}

/** One turn of the tenant's agent; the text it answered. */
export async function takeTurn(input: TurnInput): Promise<Answer<string>> {
  return attempt(async () => {
    const body = JSON.stringify({ model: 'openclaw/main', messages: [{ role: 'user', content: input.message }] });
    const headers = { authorization: `Bearer ${input.token}`, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
    const answer = await http({ ...input, timeoutMs: input.timeoutMs ?? 60_000 }, 'POST', '/v1/chat/completions', headers, body);
    if (answer.status !== 200) throw new Refusal(`/v1/chat/completions answered ${answer.status}`, `HTTP ${answer.status}`);
    const choices = field(parse(answer.body), 'choices');
    const content = field(field(Array.isArray(choices) ? choices[0] : undefined, 'message'), 'content');
    if (typeof content !== 'string') throw new Refusal('the turn has no text');
    return content;
  });
}

/** A request as data, for running inside a boundary. `tokenFile` is read there, so that the token does not travel. */
export type GatewayRequest = GatewayAddress &
  ({ readonly tokenFile: string } | { readonly token: string }) & { readonly ask: 'health' | 'hello' | 'turn'; readonly message?: string };

export async function main(request: GatewayRequest): Promise<Answer<unknown>> {
  if (request.ask === 'health') return health(request.port, request);
  const token = 'token' in request ? request.token : readFileSync(request.tokenFile, 'utf8').trim();
  if (request.ask === 'hello') return hello({ ...request, token });
  return takeTurn({ ...request, token, message: request.message ?? '' });
}

const MAX_BYTES = 4 * 1024 * 1024;

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

export function connectParams(token: string): Message {
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

function claimOf(greeting: unknown, latencyMs: number): GatewayClaim {
  const snapshot = field(greeting, 'snapshot');
  const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 4096) : '');
  return {
    version: text(field(field(greeting, 'server'), 'version')),
    configPath: text(field(snapshot, 'configPath')),
    stateDir: text(field(snapshot, 'stateDir')),
    authMode: text(field(snapshot, 'authMode')),
    latencyMs,
  };
}

/** Sessions' paths, agents and channels stay; counters, ages and recent sessions change by themselves. */
function digestOfStatus(claim: GatewayClaim, status: unknown): string {
  const agents = field(field(status, 'heartbeat'), 'agents');
  const kept = [
    claim.version,
    claim.configPath,
    claim.stateDir,
    claim.authMode,
    field(field(status, 'sessions'), 'paths') ?? null,
    Array.isArray(agents) ? agents.map((agent) => field(agent, 'agentId') ?? null) : null,
  ];
  return createHash('sha256').update(JSON.stringify(kept)).digest('hex');
}

export function payloadOf(response: Message): unknown {
  if (response['ok'] === true) return response['payload'];
  const error = response['error'];
  const code = field(field(error, 'details'), 'code') ?? field(error, 'code');
  throw new Refusal(`the gateway refused: ${String(field(error, 'message') ?? 'no reason').slice(0, 200)}`, String(code ?? 'REFUSED').slice(0, 64));
}

export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Message)[key] : undefined; // an object, checked
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refusal('the answer is not JSON');
  }
}

async function http(
  address: GatewayAddress,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; body: string }> {
  const limit = address.maxBytes ?? MAX_BYTES;
  const signal = AbortSignal.timeout(address.timeoutMs ?? 5000);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ host: address.host ?? '127.0.0.1', port: address.port, path, method, headers, agent: false, signal }, resolve)
      .on('error', reject)
      .end(body);
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      throw new Refusal(`the answer is larger than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') };
}

// RFC 6455, client side, text messages only. Node's own WebSocket has no limit on what a server may send.

export async function upgrade(address: GatewayAddress): Promise<Socket> {
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

export function send(socket: Socket, message: unknown): void {
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

export async function* frames(socket: Socket, limit: number): AsyncGenerator<Message, void, void> {
  let pending = Buffer.alloc(0);
  let received = 0;
  let parts: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > limit) throw new Refusal(`the gateway sent more than ${limit} bytes`);
    pending = Buffer.concat([pending, chunk]);
    for (let frame = firstFrame(pending); frame !== undefined; frame = firstFrame(pending)) {
      pending = pending.subarray(frame.size);
      if (frame.opcode === 8) throw new Refusal(`the gateway closed: ${frame.payload.subarray(2).toString('utf8').slice(0, 100)}`, 'CLOSED');
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

export async function waitFor(messages: AsyncGenerator<Message, void, void>, wanted: (message: Message) => boolean): Promise<Message> {
  for (;;) {
    const next = await messages.next();
    if (next.done === true) throw new Refusal('the gateway closed the connection', 'CLOSED');
    if (wanted(next.value)) return next.value;
  }
}
