/**
 * Talks to a gateway: health, hello and status over its WebSocket, a turn of its agent. Self-contained (only node:*): it is also sent to
 * hosts and into boundaries as text. What answers belongs to a tenant and may be hostile: every answer is capped in bytes and in time.
 * Source: openclaw 2026.9.6 docs/gateway/protocol.md (protocol 4), docs/gateway/openai-http-api.md. No pairing is needed on loopback.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { GatewayClaim } from '../core/facts.ts';
import type { EffectiveTools } from '../core/tool-settings.ts';
import { effectiveTools } from './effective-tools.ts';
import { attempt, connected, field, MAX_BYTES, parse, type Answer, type GatewayAddress, type HelloInput } from './gateway-connection.ts';
import { Refusal } from './websocket.ts';

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
  /** Another one once the gateway has taken over another config. */
  readonly appliedConfig: string;
}

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
    return await connected(input, async ({ call, greeting }) => {
      const claim = claimOf(greeting, Math.round(performance.now() - started));
      const status = await call('status');
      const appliedConfig = String(field(field(greeting, 'snapshot'), 'appliedConfigHash')).slice(0, 128);
      return { claim, status, statusDigest: digestOfStatus(claim, status), appliedConfig };
    });
  });
}

/** Which tools the gateway gives. On a connection of its own: one that is slow to tell has still said who it is. */
export async function toolsOf(input: HelloInput): Promise<Answer<EffectiveTools>> {
  return attempt(async () => await connected(input, async ({ call }) => await effectiveTools(call)));
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
  ({ readonly tokenFile: string } | { readonly token: string }) & { readonly ask: 'health' | 'hello' | 'look' | 'turn'; readonly message?: string };

export async function main(request: GatewayRequest): Promise<Answer<unknown>> {
  if (request.ask === 'health') return health(request.port, request);
  const token = 'token' in request ? request.token : readFileSync(request.tokenFile, 'utf8').trim();
  if (request.ask === 'hello') return hello({ ...request, token });
  if (request.ask === 'look') return { ok: true, value: { hello: await hello({ ...request, token }), tools: await toolsOf({ ...request, token }) } };
  return takeTurn({ ...request, token, message: request.message ?? '' });
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
