/**
 * A WebSocket as far as a gateway's client needs it: RFC 6455, client side, text messages only. Node's own has no limit on what a server may send, and its
 * first use costs a process 70 to 130 ms. Self-contained (only node:*): it travels with the programs that import it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';

/** An expected negative answer. */
export class Refusal extends Error {
  readonly code: string | undefined;
  constructor(why: string, code?: string) {
    super(why);
    this.code = code;
  }
}

/** The other side has ended the connection, and said so. `status`: RFC 6455, 7.4. */
export class Closed extends Refusal {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string) {
    super(`the gateway closed: ${reason}`, 'CLOSED');
    this.status = status;
    this.reason = reason;
  }
}

export interface WebSocketAddress {
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  readonly port: number;
  /** Of everything, from the first byte to the end of the connection. 5000 when absent. */
  readonly timeoutMs?: number;
}

/** Rejects where nothing answers, and with a Refusal where what answers is no WebSocket. */
export async function upgrade(address: WebSocketAddress): Promise<Socket> {
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

/** Below 65536 bytes, as all that we say is. */
export function sendText(socket: Socket, text: string): void {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = 0x81;
  head[1] = 0x80 | (long ? 126 : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2);
  mask.copy(head, head.length - 4);
  socket.write(Buffer.concat([head, payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]));
}

/** What the other side says, message by message, up to `limit` bytes in all; throws Closed when it says that it ends the connection. */
export async function* texts(socket: Socket, limit: number): AsyncGenerator<string, void, void> {
  let pending = Buffer.alloc(0);
  let received = 0;
  let parts: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > limit) throw new Refusal(`the gateway sent more than ${limit} bytes`);
    pending = Buffer.concat([pending, chunk]);
    for (let frame = firstFrame(pending); frame !== undefined; frame = firstFrame(pending)) {
      pending = pending.subarray(frame.size);
      if (frame.opcode === 8) throw closedBy(frame.payload);
      if (frame.opcode > 2) continue;
      parts.push(frame.payload);
      if (!frame.final) continue;
      const text = Buffer.concat(parts).toString('utf8');
      parts = [];
      yield text;
    }
  }
}

/** 1005: it gave none. */
function closedBy(payload: Buffer): Closed {
  return new Closed(payload.length < 2 ? 1005 : payload.readUInt16BE(0), payload.subarray(2).toString('utf8').slice(0, 100));
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
