/**
 * Methods of a running gateway, called over one connection. Self-contained as gateway-client.ts is, and as careful with what answers.
 * Source: openclaw 2026.9.6 docs/gateway/protocol/rpc-methods.md.
 */
import { readFileSync } from 'node:fs';
import { attempt, connected, type Answer } from './gateway-connection.ts';

export interface Call {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

const CALLS_MS = 30_000;

/** `tokenFile` is read where this runs, so that the token does not travel. */
export interface CallsRequest {
  readonly port: number;
  readonly tokenFile: string;
  readonly calls: readonly Call[];
}

/** One answer per call, in order; a call that is refused does not keep the next ones from being made. */
export async function main({ port, tokenFile, calls }: CallsRequest): Promise<Answer<readonly Answer<unknown>[]>> {
  return attempt(async () =>
    connected({ port, token: readFileSync(tokenFile, 'utf8').trim(), timeoutMs: CALLS_MS }, async ({ call }) => {
      const answers: Answer<unknown>[] = [];
      for (const { method, params } of calls) answers.push(await attempt(async () => await call(method, params)));
      return answers;
    }),
  );
}
