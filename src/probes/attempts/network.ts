/** Attempts over the network and over sockets: a few bytes each, within a limit of time. */
import { request as httpRequest } from 'node:http';
import { connect as tcpConnect } from 'node:net';
import type { Answer } from '../actions.ts';
import { codeOf } from './code.ts';
import { converse, fields } from './converse.ts';

/** Refusals by ICMP may take a second each (the kernel limits their rate), so anything shorter would mistake them for silence. */
export const NETWORK_MS = 8000;
/** Of a gateway that took the connection: one that was just started loads what it is asked for first, and was seen to take longer than 9 s for it. */
export const GATEWAY_MS = 25_000;
/** Of an answer. */
const MAX_BYTES = 65_536;

export function connect(to: { readonly host: string; readonly port: number } | { readonly path: string }): Promise<Answer> {
  return new Promise((resolve) => {
    const end = (answer: Answer): void => {
      connection.destroy();
      resolve(answer);
    };
    const connection = tcpConnect(to);
    connection.setTimeout(NETWORK_MS, () => end({ ok: false, code: 'TIMEOUT' }));
    connection.once('connect', () => end({ ok: true, got: 'connected' }));
    connection.once('error', (error) => end({ ok: false, code: codeOf(error) }));
  });
}

/** Ports that answer, each with the start of what it says to a browser-control request; otherwise every distinct refusal. */
export async function scan(host: string, ports: readonly number[]): Promise<Answer> {
  const answers = await Promise.all(ports.map(async (port) => ({ port, answer: await connect({ host, port }) })));
  const open = answers.filter(({ answer }) => answer.ok);
  if (open.length === 0) return { ok: false, code: [...new Set(answers.map(({ answer }) => (answer.ok ? '' : answer.code)))].join(',') };
  const said = await Promise.all(
    open.slice(0, 32).map(async ({ port }) => {
      const answer = await http({ host, port, path: '/json/version', ms: NETWORK_MS });
      return `${port} ${answer.ok ? answer.got.slice(0, 1000) : answer.code}`;
    }),
  );
  return { ok: true, got: said.join('\n') };
}

interface HttpAsk {
  /** A TCP address, or the name of a Unix socket. */
  readonly host?: string;
  readonly port?: number;
  readonly socketPath?: string;
  readonly path: string;
  readonly ms: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
  /** The gateway that is asked is the one that the token is for, so that it may be asked several times. */
  readonly ownToken?: boolean;
  readonly body?: string;
}

/** One that has to load, or to index, what it is asked for was seen to fail twice in a row. */
const BUSY_PAUSES_MS = [1000, 2000, 4000];

/** A server that fails shows nothing, neither an open door nor a closed one: without a token that it would count as wrong it is asked again. */
export async function http(ask: HttpAsk): Promise<Answer> {
  let answer = await askOnce(ask);
  for (const pause of ask.token === undefined || ask.ownToken === true ? BUSY_PAUSES_MS : []) {
    if (answer.ok || !answer.code.startsWith('HTTP 5')) break;
    await new Promise((resolve) => setTimeout(resolve, pause));
    answer = await askOnce(ask);
  }
  return answer;
}

function askOnce(ask: HttpAsk): Promise<Answer> {
  return new Promise((resolve) => {
    const { host, port, socketPath, path, token, body } = ask;
    const headers: Record<string, string> = {
      ...ask.headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const where = socketPath === undefined ? { host, port } : { socketPath };
    const call = httpRequest({ ...where, path, method: body === undefined ? 'GET' : 'POST', headers, agent: false });
    const timer = setTimeout(() => end({ ok: false, code: 'TIMEOUT' }), ask.ms);
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      call.destroy();
      resolve(answer);
    };
    call.once('error', (error) => end({ ok: false, code: codeOf(error) }));
    call.once('response', (response) => {
      let text = '';
      const code = `HTTP ${response.statusCode}`;
      const refused = [401, 403, 429].includes(response.statusCode ?? 0) || (response.statusCode ?? 0) >= 500;
      const finish = (): void => end(refused ? { ok: false, code } : { ok: true, got: `${code} ${text}` });
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text = (text + chunk).slice(0, MAX_BYTES);
        if (text.length >= MAX_BYTES) finish();
      });
      response.once('end', finish);
      response.once('error', finish);
    });
    call.end(body);
  });
}

/** The gateway's own handshake (protocol 4, openclaw 2026.9.6): challenge, `connect` with the token, `res`. */
export function socket({ host, port }: { readonly host: string; readonly port: number }, token: string): Promise<Answer> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end({ ok: false, code: 'TIMEOUT' }), GATEWAY_MS);
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      connection.leave();
      resolve(answer);
    };
    const params = greeting(token, ['operator.read']);
    const connection = converse(
      { host, port, timeoutMs: GATEWAY_MS },
      {
        failed: () => end({ ok: false, code: 'WS-ERROR' }),
        ended: (status) => end({ ok: false, code: `WS ${status}` }),
        heard: ({ type, event, ok, error }) => {
          if (event === 'connect.challenge') connection.say({ type: 'req', id: '1', method: 'connect', params });
          if (type === 'res')
            end(ok === true ? { ok: true, got: 'hello: the gateway accepted the token' } : { ok: false, code: `WS ${codeIn(error)}` });
        },
      },
    );
  });
}

/** Parameters of `connect`. */
export function greeting(token: string, scopes: readonly string[]): Readonly<Record<string, unknown>> {
  const client = { id: 'gateway-client', version: '1.0.0', platform: 'linux', mode: 'backend' };
  const rights = { role: 'operator', scopes, caps: [], commands: [], permissions: {} };
  return { minProtocol: 4, maxProtocol: 4, client, ...rights, auth: { token }, locale: 'en-US', userAgent: 'bulkhead-probe/1' };
}

function codeIn(error: unknown): string {
  const words = [fields(fields(error)['details'])['code'], fields(error)['code']].filter((word) => typeof word === 'string');
  return words.includes('AUTH_TOKEN_MISMATCH') ? 'AUTH_TOKEN_MISMATCH' : words.join(' ').replaceAll(',', ' ').slice(0, 80);
}
