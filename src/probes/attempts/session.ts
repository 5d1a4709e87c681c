/** A session that a tenant keeps in its own gateway while it is attacked. Its only message is the nonce; no model is asked. */
import { rmSync } from 'node:fs';
import { greeting } from './network.ts';

export interface OwnSession {
  readonly port: number;
  readonly token: string;
  readonly key: string;
  readonly nonce: string;
}

const ALL_MS = 10_000;

/** Key under which the gateway keeps it; undefined where it could not be made: its controls fail then and say so. */
export async function beginSession({ port, token, key, nonce }: OwnSession): Promise<string | undefined> {
  await call(port, token, [['sessions.delete', { key }]]); // of a killed run
  const made = await call(port, token, [
    ['sessions.create', { key, label: `bulkhead ${nonce}` }],
    ['chat.inject', { sessionKey: key, message: nonce }],
  ]);
  const kept = made[0]?.['key'];
  return made.length === 2 && typeof kept === 'string' ? kept : undefined;
}

/** The gateway archives what it deletes; the archive of this one is removed too. */
export async function endSession({ port, token, key }: Pick<OwnSession, 'port' | 'token' | 'key'>): Promise<void> {
  const [deleted] = await call(port, token, [['sessions.delete', { key }]]);
  const archived = deleted?.['archived'];
  for (const path of Array.isArray(archived) ? archived : []) if (typeof path === 'string') rmSync(path, { force: true });
}

type Result = Readonly<Record<string, unknown>>;

/** Results in order, up to the first refusal. Methods: openclaw 2026.9.6 docs/gateway/protocol/rpc-session-control.md. */
function call(port: number, token: string, methods: readonly (readonly [string, Result])[]): Promise<readonly Result[]> {
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
      if (event === 'connect.challenge') send('connect', greeting(token, ['operator.read', 'operator.write', 'operator.admin']));
      if (type !== 'res') return;
      if (ok !== true) return end();
      if (id !== 'connect') results.push(typeof payload === 'object' && payload !== null ? (payload as Result) : {});
      const next = methods[results.length];
      if (next === undefined) end();
      else send(...next);
    };
  });
}
