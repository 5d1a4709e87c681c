/** Asks a channel's provider whose token it is, with the operator's secret and by the operator's own command. Neither token nor address with a token is ever told. */
import type { Channel } from '../core/fleet.ts';
import { accountsIn, maySendToken, providerRequest, questionFor, serverOf } from '../openclaw/channels/online.ts';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 64 << 10;

/** `not-available` needs nobody's attention; `failed` was to be answered and was not. */
export type Told =
  | { readonly state: 'told'; readonly accounts: readonly string[]; readonly server: string }
  | { readonly state: 'not-available' | 'failed'; readonly why: string };

export interface Ask {
  readonly channel: Channel;
  /** Absent: the secret is not provided here. */
  readonly token: string | undefined;
  /** Address in the place of the provider's. */
  readonly base?: string;
  readonly timeoutMs?: number;
}

export async function askProvider({ channel, token, base, timeoutMs = TIMEOUT_MS }: Ask, signal: AbortSignal): Promise<Told> {
  const question = questionFor(channel);
  if (typeof question === 'string') return { state: 'not-available', why: question };
  if (token === undefined) return { state: 'failed', why: `its ${question.secret} is not provided here` };
  const server = base ?? serverOf(question, channel);
  const failed = (why: string): Told => ({ state: 'failed', why: `${server}: ${why}` });
  if (!maySendToken(server)) return failed('a token is sent over https:// only, or to the loopback');
  const request = providerRequest(question, channel, { token, ...(base === undefined ? {} : { base }) });
  try {
    // Redirects are not followed: the token would go along, to an address that nobody named.
    const answer = await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers, accept: 'application/json', 'user-agent': 'bulkhead' },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      return failed(
        answer.status === 401 || answer.status === 403 ? `it does not take this token (HTTP ${answer.status})` : `it answered HTTP ${answer.status}`,
      );
    }
    const accounts = accountsIn(question, channel, await firstBytes(answer));
    return accounts.length === 0 ? failed('its answer names no account') : { state: 'told', accounts, server };
  } catch (error) {
    signal.throwIfAborted();
    return failed(reasonOf(error, timeoutMs));
  }
}

async function firstBytes(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Messages of fetch name the address, and Telegram's address holds the token; codes do not. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  return cause !== undefined && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : 'the request failed, was redirected, or its answer is too long';
}
