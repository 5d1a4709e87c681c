/** The question whose token it is, as a request: nothing is sent here. */
import type { Channel } from '../../core/fleet.ts';
import { isObject } from '../merge.ts';
import type { OnlineQuestion } from './declared.ts';
import { DECLARED, declaredProvider } from './index.ts';

/** Channels whose provider can be asked. */
export const ASKABLE: readonly string[] = [...DECLARED].flatMap(([kind, { declared }]) => (declared.online === undefined ? [] : [kind]));

/** The question, where there is one for this account; else why there is none. */
export function questionFor(channel: Channel): OnlineQuestion | string {
  const { online } = declaredProvider(channel.kind).declared;
  if (online === undefined) return 'not available: the provider has no call that says whose account it is';
  return channel.secrets[0]?.field === online.secret ? online : `not available: it is asked with ${online.secret}, which is not declared`;
}

export interface ProviderRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
}

/** `base` stands in the place of the provider's address. The token is where the provider wants it: nothing of this may be shown. */
export function providerRequest(
  question: OnlineQuestion,
  channel: Channel,
  { token, base }: { readonly token: string; readonly base?: string },
): ProviderRequest {
  const root = (base ?? serverOf(question, channel)).replace(/\/+$/, '');
  return {
    url: `${root}${question.path.replace('{token}', encodeURIComponent(token).replaceAll('%3A', ':'))}`,
    method: question.method ?? 'GET',
    headers: question.scheme === undefined ? {} : { authorization: `${question.scheme} ${token}` },
  };
}

/** Where a question goes when nobody says otherwise. */
export function serverOf({ setting, address }: OnlineQuestion, { settings }: Channel): string {
  const named = setting === undefined ? undefined : settings[setting];
  return typeof named === 'string' ? named : (address ?? '');
}

/** A token goes over TLS, or to this machine's own loopback. */
export function maySendToken(base: string): boolean {
  if (!URL.canParse(base)) return false;
  const { protocol, hostname } = new URL(base);
  return protocol === 'https:' || (protocol === 'http:' && /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/.test(hostname));
}

/** Accounts that an answer names. */
export function accountsIn(question: OnlineQuestion, channel: Channel, body: string): readonly string[] {
  try {
    const answer: unknown = JSON.parse(body);
    return isObject(answer) ? question.accounts(answer, channel) : [];
  } catch {
    return [];
  }
}
