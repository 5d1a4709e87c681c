/** Posts what a watch has to tell to an address of the operator's. Its path may be a secret: the address is never told. */
import { readFileSync, statSync } from 'node:fs';
import { BulkheadError } from '../core/error.ts';
import type { WatchEvent } from '../core/watch.ts';
import { printJson } from '../report/escape.ts';

export interface Webhook {
  /** Returns at once; deliveries are made one after the other. */
  send(event: WatchEvent): void;
  /** Resolves once all that was sent is delivered or given up. */
  settled(): Promise<void>;
}

export interface WebhookParts {
  /** Asked before each delivery, so that a file may change. Throws BulkheadError. */
  address(): string;
  sleep(milliseconds: number): Promise<void>;
  /** Says why something was not delivered. */
  onFailure(why: string): void;
}

const TIMEOUT_MS = 10_000;
const PAUSES_MS = [1000, 5000];
/** Of an address that answers nobody: more than these are not waited for. */
const MOST_WAITING = 20;

export function webhookTo({ address, sleep, onFailure }: WebhookParts): Webhook {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  const deliver = async (event: WatchEvent): Promise<void> => {
    const { at, fleet, verdict, exitCode, changed, message } = event;
    const body = printJson({
      schemaVersion: 1,
      kind: 'bulkhead.watch',
      fleet,
      at,
      verdict,
      exitCode,
      changed,
      ...(message === undefined ? {} : { message }),
    });
    let why = '';
    for (const pause of [0, ...PAUSES_MS]) {
      if (pause > 0) await sleep(pause);
      try {
        await post(address(), body);
        return;
      } catch (error) {
        why = reasonOf(error);
      }
    }
    onFailure(`the webhook was not reached in ${PAUSES_MS.length + 1} tries: ${why}`);
  };
  return {
    send: (event) => {
      if (waiting >= MOST_WAITING) {
        onFailure(`the webhook was not asked: ${waiting} earlier deliveries still wait`);
        return;
      }
      waiting += 1;
      last = last.then(() => deliver(event)).finally(() => (waiting -= 1));
    },
    settled: () => last,
  };
}

async function post(address: string, body: string): Promise<void> {
  // Redirects are not followed: they could lead out of TLS, or to an address that nobody named.
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'bulkhead' },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new BulkheadError('host', `it answered ${answer.status}`, 'look at what receives it');
}

/** Messages of fetch may name the address; codes do not. */
function reasonOf(error: unknown): string {
  if (error instanceof BulkheadError) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  return cause !== undefined && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'the request failed, or it was redirected';
}

/** Throws BulkheadError `usage`; the message does not repeat the address. */
export function webhookAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)) && url.username === '' && url.password === '')
    return text;
  throw new BulkheadError('usage', 'the webhook is no https:// address, nor http:// on the loopback', 'give one without user and password');
}

/** The address that a file holds. Throws BulkheadError `usage` when others may read it: it may be a secret. */
export function webhookFrom(file: string): string {
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > 4096) throw new Error('it is no plain file of at most 4 KiB');
    if ((found.mode & 0o007) !== 0) throw new Error('others may read it');
    return webhookAddress(readFileSync(file, 'utf8').trim());
  } catch (cause) {
    if (cause instanceof BulkheadError) throw cause;
    throw new BulkheadError('usage', `the webhook’s address cannot be read from ${file}`, `put it there alone: chmod 0600 ${file}`, { cause });
  }
}
