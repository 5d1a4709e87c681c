/**
 * Runs on the tenant's host: has a running gateway read its secret files again. A channel keeps the secret that it was started with, so it is also
 * stopped and started. Source: openclaw 2026.9.6 docs/gateway/protocol/rpc-system-and-channels.md; measured: `secrets.reload` alone leaves Telegram on its old token.
 */
import { readFileSync } from 'node:fs';
import { connect, type Connection, field } from '../openclaw/gateway-connection.ts';

export interface ReloadRequest {
  readonly port: number;
  readonly tokenFile: string;
  /** A channel that shall start anew. */
  readonly channel?: string;
}

export type Reloaded =
  | {
      readonly reloaded: true;
      /** 0: nothing was refused meanwhile. For a channel: from its stop until it is connected again. */
      readonly gapMs: number;
      /** What OpenClaw could not read; the old value stays in use there. */
      readonly warnings: number;
      /** Whether the channel is connected again, and what it says when not. */
      readonly connected?: boolean;
      readonly lastError?: string;
    }
  | { readonly reloaded: false; readonly why: string };

const CONNECT_MS = 20_000;

export async function main({ port, tokenFile, channel }: ReloadRequest): Promise<Reloaded> {
  let connection: Connection | undefined;
  try {
    connection = await connect({ port, token: readFileSync(tokenFile, 'utf8').trim(), timeoutMs: CONNECT_MS + 20_000 });
    const warnings = Number(field(await connection.call('secrets.reload'), 'warningCount') ?? 0);
    if (channel === undefined) return { reloaded: true, gapMs: 0, warnings };
    const startedAt = performance.now();
    await connection.call('channels.stop', { channel });
    await connection.call('channels.start', { channel });
    const state = await waitConnected(connection, channel);
    return { reloaded: true, gapMs: Math.round(performance.now() - startedAt), warnings, ...state };
  } catch (error) {
    return { reloaded: false, why: (error instanceof Error ? error.message : String(error)).slice(0, 300) };
  } finally {
    connection?.close();
  }
}

/** All accounts of the channel. */
async function waitConnected(connection: Connection, channel: string): Promise<{ readonly connected: boolean; readonly lastError?: string }> {
  const deadline = performance.now() + CONNECT_MS;
  for (;;) {
    const accounts = field(field(await connection.call('channels.status'), 'channelAccounts'), channel);
    const list: readonly unknown[] = Array.isArray(accounts) ? accounts : [];
    if (list.length > 0 && list.every(isConnected)) return { connected: true };
    if (performance.now() > deadline) {
      const said = list.map((one) => field(one, 'lastError')).find((error) => typeof error === 'string');
      return { connected: false, ...(typeof said === 'string' ? { lastError: said.slice(0, 200) } : {}) };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A channel that waits for calls has nobody to be connected to. */
function isConnected(account: unknown): boolean {
  const connected = field(account, 'connected');
  return connected === true || (connected === undefined && field(account, 'lifecycle') === 'ready');
}
