/**
 * Runs on the tenant's host: whom a gateway lets in besides the holder of its token, and the conversations it goes on with; on demand, ends all of them.
 * OpenClaw archives the transcript of a deleted session in the tenant's state. Source: openclaw 2026.9.6 docs/gateway/protocol/rpc-devices-nodes-and-approvals.md,
 * rpc-session-control.md.
 */
import { readFileSync } from 'node:fs';
import { attempt, connect, field } from './gateway-connection.ts';
import type { Answer, Connection } from './gateway-connection.ts';

export interface IdentitiesRequest {
  readonly port: number;
  readonly tokenFile: string;
  /** Ends what is found, then looks again. */
  readonly end: boolean;
}

/** What a gateway says; names are the tenant's. */
export interface GatewayIdentities {
  readonly devices: readonly { readonly id: string; readonly name: string }[];
  readonly nodes: readonly { readonly id: string; readonly name: string }[];
  /** Requests of devices and nodes that wait for an approval. */
  readonly waiting: readonly { readonly id: string; readonly kind: 'device' | 'node' }[];
  readonly sessions: readonly string[];
}

export interface IdentitiesSeen {
  readonly found: GatewayIdentities;
  /** After they were ended; absent when nothing was to be ended. */
  readonly left?: GatewayIdentities;
  /** What the gateway refused to end. */
  readonly refused: readonly string[];
}

const MOST = 1000;

export async function main({ port, tokenFile, end }: IdentitiesRequest): Promise<Answer<IdentitiesSeen>> {
  return attempt(async () => {
    const connection = await connect({ port, token: readFileSync(tokenFile, 'utf8').trim(), timeoutMs: 120_000 });
    try {
      const found = await look(connection);
      if (!end) return { found, refused: [] };
      const refused: string[] = [];
      for (const [method, params] of endingCalls(found)) {
        const answer = await attempt(async () => await connection.call(method, params));
        if (!answer.ok) refused.push(`${method} ${String(Object.values(params)[0])}: ${answer.why}`);
      }
      return { found, left: await look(connection), refused };
    } finally {
      connection.close();
    }
  });
}

async function look(connection: Connection): Promise<GatewayIdentities> {
  const devices = await connection.call('device.pair.list');
  const nodes = await connection.call('node.pair.list');
  const sessions = await connection.call('sessions.list', { limit: MOST });
  const waiting = [
    ...textsOf(field(devices, 'pending'), 'requestId').map((id) => ({ id, kind: 'device' as const })),
    ...textsOf(field(nodes, 'pending'), 'requestId').map((id) => ({ id, kind: 'node' as const })),
  ];
  return {
    devices: named(field(devices, 'paired'), 'deviceId'),
    nodes: named(field(nodes, 'paired'), 'nodeId'),
    waiting,
    sessions: textsOf(field(sessions, 'sessions'), 'key'),
  };
}

/** Pure. The main session of an agent cannot be deleted: it is begun anew. A device that is a node goes with its pairing as a device. */
export function endingCalls({
  devices,
  nodes,
  waiting,
  sessions,
}: GatewayIdentities): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  const isDevice = new Set(devices.map(({ id }) => id));
  return [
    ...waiting.map(({ id, kind }) => [`${kind}.pair.reject`, { requestId: id }] as const),
    ...nodes.filter(({ id }) => !isDevice.has(id)).map(({ id }) => ['node.pair.remove', { nodeId: id }] as const),
    ...devices.map(({ id }) => ['device.pair.remove', { deviceId: id }] as const),
    ...sessions.map((key) =>
      isMain(key) ? (['sessions.reset', { key }] as const) : (['sessions.delete', { key, deleteTranscript: true }] as const),
    ),
  ];
}

/** `agent:<agent>:main`. */
export function isMain(key: string): boolean {
  return /^agent:[^:]+:main$/.test(key);
}

function named(list: unknown, key: string): readonly { readonly id: string; readonly name: string }[] {
  if (!Array.isArray(list)) throw new Error('the gateway does not list them');
  return list.slice(0, MOST).flatMap((one) => {
    const id = field(one, key);
    const name = field(one, 'operatorLabel') ?? field(one, 'displayName') ?? field(one, 'clientId') ?? '';
    return typeof id === 'string' ? [{ id: id.slice(0, 300), name: typeof name === 'string' ? name.slice(0, 300) : '' }] : [];
  });
}

function textsOf(list: unknown, key: string): readonly string[] {
  if (!Array.isArray(list)) throw new Error('the gateway does not list them');
  return list.slice(0, MOST).flatMap((one) => {
    const text = field(one, key);
    return typeof text === 'string' ? [text.slice(0, 500)] : [];
  });
}
