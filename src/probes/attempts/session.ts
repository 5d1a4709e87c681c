/** A session that a tenant keeps in its own gateway while it is attacked. Its only message is `spoken(nonce)`; no model is asked. */
import { rmSync } from 'node:fs';
import { greeting } from './network.ts';
import { DEVICE } from './pairing.ts';

export interface OwnSession {
  readonly port: number;
  readonly token: string;
  readonly key: string;
  readonly nonce: string;
}

const ALL_MS = 8000;

/** What is said in the session: no file holds it, so that an agent that read a canary does not bear it in its own sessions. */
export function spoken(nonce: string): string {
  return [...nonce].toReversed().join('');
}

/** Key under which the gateway keeps it; undefined where it could not be made: its controls fail then and say so. */
export async function beginSession({ port, token, key: name, nonce }: OwnSession): Promise<string | undefined> {
  const key = await keyOf(port, token, name);
  const begin = (): Promise<readonly Result[]> =>
    call(port, token, [
      ['sessions.create', { key, label: `bulkhead ${spoken(nonce)}` }],
      ['chat.inject', { sessionKey: key, message: spoken(nonce) }],
    ]);
  let made = await begin();
  if (made.length < 2) {
    await remove({ port, token, key }); // of a killed run
    made = await begin();
  }
  const kept = made[0]?.['key'];
  return made.length === 2 && typeof kept === 'string' ? kept : undefined;
}

/** The gateway archives what it deletes; the archive of this one is removed too. */
export async function endSession({ port, token, key }: Kept): Promise<void> {
  await remove({ port, token, key: await keyOf(port, token, key) });
}

type Kept = Pick<OwnSession, 'port' | 'token' | 'key'>;

/** Where a gateway has several agents, a key must name one of them (openclaw 2026.9.6): its first. */
async function keyOf(port: number, token: string, name: string): Promise<string> {
  const [listed] = await call(port, token, [['agents.list', {}]]);
  const agent = listed?.['defaultId'];
  return typeof agent === 'string' ? `agent:${agent}:${name}` : name;
}

async function remove({ port, token, key }: Kept): Promise<void> {
  const [deleted] = await call(port, token, [['sessions.delete', { key }]]);
  const archived = deleted?.['archived'];
  for (const path of Array.isArray(archived) ? archived : []) if (typeof path === 'string') rmSync(path, { force: true });
}

/** Devices of attackers that its gateway paired or keeps for approval; `own` names the one that it tried itself. */
export async function strangeDevices(port: number, token: string, own: string): Promise<string[]> {
  const [listed] = await call(port, token, [['device.pair.list', {}]]);
  const all: unknown[] = [listed?.['pending'], listed?.['paired']].flatMap((list) => (Array.isArray(list) ? list : []));
  const names = all.map((device) => String((device as Result | null)?.['displayName']));
  return names.filter((name) => name.startsWith(DEVICE) && name !== `${DEVICE} ${own}`);
}

type Result = Readonly<Record<string, unknown>>;

/** Results in order, up to the first refusal. Methods: openclaw 2026.9.6 docs/gateway/protocol/rpc-session-control.md. */
export function call(port: number, token: string, methods: readonly (readonly [string, Result])[]): Promise<readonly Result[]> {
  return new Promise((resolve) => {
    const results: Result[] = [];
    const connection = new WebSocket(`ws://127.0.0.1:${port}`);
    const end = (): void => {
      clearTimeout(timer);
      connection.close();
      resolve(results);
    };
    const timer = setTimeout(end, ALL_MS);
    const send = (method: string, params: Result): void => connection.send(JSON.stringify({ type: 'req', id: method, method, params }));
    connection.onerror = end;
    connection.onclose = end;
    connection.onmessage = ({ data }) => {
      const { type, event, id, ok, payload } = JSON.parse(String(data).slice(0, 4_000_000)) as Result;
      if (event === 'connect.challenge') send('connect', greeting(token, ['operator.read', 'operator.write', 'operator.admin', 'operator.pairing']));
      if (type !== 'res') return;
      if (ok !== true) return end();
      if (id !== 'connect') results.push(typeof payload === 'object' && payload !== null ? (payload as Result) : {});
      const next = methods[results.length];
      if (next === undefined) end();
      else send(...next);
    };
  });
}
