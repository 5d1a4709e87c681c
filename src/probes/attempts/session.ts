/** A session that a tenant keeps in its own gateway while it is attacked. Its only message is `sentence(nonce)`; no model is asked. */
import { rmSync } from 'node:fs';
import { greeting } from './network.ts';
import { converse, type Fields, fields } from './converse.ts';

export interface OwnSession {
  readonly port: number;
  readonly token: string;
  readonly key: string;
  readonly nonce: string;
  /** Its agents are told to schedule something. */
  readonly schedules: boolean;
}

const ALL_MS = 8000;
/** It packs what it deletes: up to a second, and on a machine with a load of 10 more than 8. Whoever does not hear where cannot take that away. */
const DELETION_MS = 22_000;

/** The part of it that tells whose it is: no file holds it, so that an agent that read a canary does not bear it in its own sessions. */
export function spoken(nonce: string): string {
  return [...nonce].toReversed().join('');
}

/** A word that is in all such sessions and nowhere else: one question shows all that a gateway has. */
export const SAYS = 'bulkheadsays';

/** What is said in the session, and its label. */
export function sentence(nonce: string): string {
  return `${SAYS} ${spoken(nonce)}`;
}

/** Key under which the gateway keeps it; undefined where it could not be made: its controls fail then and say so. */
export async function beginSession({ port, token, key: name, nonce }: OwnSession): Promise<string | undefined> {
  const begin = (): Promise<readonly Result[]> =>
    call(port, token, [
      ['agents.list', {}],
      (results) => ['sessions.create', { key: keyOf(results, name), label: sentence(nonce) }],
      (results) => ['chat.inject', { sessionKey: keyOf(results, name), message: sentence(nonce) }],
    ]);
  let made = await begin();
  if (made.length < 3) {
    await endSession({ port, token, key: name }); // of a killed run
    made = await begin();
  }
  const kept = made[1]?.['key'];
  return made.length === 3 && typeof kept === 'string' ? kept : undefined;
}

/** The gateway archives what it deletes; the archive of this one is removed too. */
export async function endSession({ port, token, key }: Kept): Promise<void> {
  const methods: readonly Method[] = [['agents.list', {}], (results) => ['sessions.delete', { key: keyOf(results, key) }]];
  const [, deleted] = await call(port, token, methods, DELETION_MS);
  const archived = deleted?.['archived'];
  for (const path of Array.isArray(archived) ? archived : []) if (typeof path === 'string') rmSync(path, { force: true });
}

type Kept = Pick<OwnSession, 'port' | 'token' | 'key'>;

/** Where a gateway has several agents, a key must name one of them (openclaw 2026.9.6): its first. */
function keyOf([listed]: readonly Result[], name: string): string {
  const agent = listed?.['defaultId'];
  return typeof agent === 'string' ? `agent:${agent}:${name}` : name;
}

type Result = Fields;

/** A method with its parameters, or what makes them of the results before it. */
type Method = readonly [string, Result] | ((results: readonly Result[]) => readonly [string, Result]);

/** Results in order, up to the first refusal; by one connection, since each costs the gateway a greeting. Methods: openclaw 2026.9.6 docs/gateway/protocol/rpc-session-control.md. */
export function call(port: number, token: string, methods: readonly Method[], timeoutMs = ALL_MS): Promise<readonly Result[]> {
  return new Promise((resolve) => {
    const results: Result[] = [];
    const end = (): void => {
      connection.leave();
      resolve(results);
    };
    const send = (method: string, params: Result): void => connection.say({ type: 'req', id: method, method, params });
    const heard = ({ type, event, id, ok, payload }: Fields): void => {
      if (event === 'connect.challenge') send('connect', greeting(token, ['operator.read', 'operator.write', 'operator.admin', 'operator.pairing']));
      if (type !== 'res') return;
      if (ok !== true) return end();
      if (id !== 'connect') results.push(fields(payload));
      const next = methods[results.length];
      if (next === undefined) end();
      else send(...(typeof next === 'function' ? next(results) : next));
    };
    const connection = converse({ host: '127.0.0.1', port, timeoutMs }, { heard, ended: end, failed: end });
  });
}
