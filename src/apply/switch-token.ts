/**
 * Runs on the tenant's host, as whoever owns the secrets' directory: puts a new gateway token in place, has the running gateway take it, and proves
 * both halves: the new one is let in, the old one is not. The old one is sent at most once after the switch. Tells no token.
 * Source: openclaw 2026.9.6 docs/gateway/configuration/hot-reload.md (gateway credentials hot-apply; clients with the old one are cut off).
 */
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from '../openclaw/gateway-connection.ts';
import { main as putFiles } from './put-files.ts';
import type { FileToPut } from './put-files.ts';

export interface SwitchRequest {
  readonly port: number;
  /** The token file as it shall be. */
  readonly file: FileToPut;
}

export type Switched =
  | {
      readonly switched: true;
      /** From the last answer to the old token to the first one to the new. */
      readonly gapMs: number;
      readonly reloadMs: number;
      /** How often the old one was let in while the switch was under way. */
      readonly polls: number;
      /** HTTP statuses after the switch. */
      readonly oldStatus: number;
      readonly newStatus: number;
      /** How the gateway ended a connection that was made with the old token; null when it did not. */
      readonly oldConnection: string | null;
    }
  /** `written`: the new token lies in its file, and the gateway has not taken it. */
  | { readonly switched: false; readonly written: boolean; readonly why: string };

export async function main({ port, file }: SwitchRequest): Promise<Switched> {
  const old = readFileSync(file.path, 'utf8').trim();
  const token = file.content.trim();
  let written = false;
  const agent = new Agent({ keepAlive: true });
  try {
    const connection = await connect({ port, token: old, timeoutMs: 30_000 });
    const poll = pollWith(port, old, agent);
    await poll.first;
    await putFiles({ files: [file] });
    written = true;
    const started = performance.now();
    await connection.call('secrets.reload');
    const reloadMs = performance.now() - started;
    const newStatus = await firstAnswer(port, token, agent);
    const answeredAt = performance.now();
    const last = await poll.end();
    const oldStatus = last.refused ?? (await ask(port, old, agent));
    const oldConnection = (await connection.ended(3000)) ?? null;
    connection.close();
    const gapMs = Math.max(0, answeredAt - last.at);
    return { switched: true, gapMs: rounded(gapMs), reloadMs: rounded(reloadMs), polls: last.polls, oldStatus, newStatus, oldConnection };
  } catch (error) {
    return { switched: false, written, why: (error instanceof Error ? error.message : String(error)).slice(0, 300) };
  } finally {
    agent.destroy();
  }
}

interface LastAnswer {
  readonly at: number;
  readonly polls: number;
  /** The status by which it was refused, when a request met the switch. */
  readonly refused?: number;
}

/** Asks over and over until the first refusal, or until it is told to end: a wrong token slows the gateway's answers down. */
function pollWith(port: number, token: string, agent: Agent): { readonly first: Promise<void>; end(): Promise<LastAnswer> } {
  const first = Promise.withResolvers<void>();
  let isEnded = false;
  const run = async (): Promise<LastAnswer> => {
    let at = 0;
    for (let polls = 0; ; polls += 1) {
      const status = await ask(port, token, agent);
      if (status !== 200) {
        first.reject(new Error(`the gateway answered ${status} to its own token`));
        return { at, polls, refused: status };
      }
      at = performance.now();
      first.resolve();
      if (isEnded) return { at, polls: polls + 1 };
    }
  };
  const running = run();
  running.catch((error: unknown) => first.reject(error));
  return {
    first: first.promise,
    end: async () => {
      isEnded = true;
      return await running;
    },
  };
}

/** The reload is over when it is answered; a gateway that is slow to let the new token in is asked thrice. */
async function firstAnswer(port: number, token: string, agent: Agent): Promise<number> {
  let status = await ask(port, token, agent);
  for (let tries = 0; tries < 2 && status !== 200; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    status = await ask(port, token, agent);
  }
  return status;
}

/** The status alone: what the gateway says is the tenant's. */
export function ask(port: number, token: string, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path: '/v1/models',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(10_000),
    };
    const asked = httpRequest({ ...options, ...(agent === undefined ? { agent: false } : { agent }) }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
