/** What is known of one channel provider: where its accounts keep their credentials, and what tells two accounts apart. */
import type { Rule } from '../masking.ts';
import type { DeclaredChannel } from './declared.ts';

/** A secret as it was found: its digest, the public part of it, where it lies. */
export interface Held {
  readonly digest?: string;
  readonly tells: Readonly<Record<string, string>>;
  readonly location: string;
  /** Equal for two tenants when they have one secret: by its digest, else by its source; empty when that tells nothing. */
  readonly reference: string;
}

/** One account of a channel. Keys are dotted and relative to it. What it does not say itself it takes from the channel, but never a credential. */
export interface AccountView {
  /** `default` for what stands in the channel itself. */
  readonly id: string;
  readonly isDefault: boolean;
  /** Where a key stands, for people. */
  location(key: string): string;
  text(key: string): string | undefined;
  number(key: string): number | undefined;
  /** Names below a key. */
  names(key: string): readonly string[];
  /** All that fills a key: the value in the config, a file, a variable. One hides the other at run time, both are held. */
  secrets(key: string): readonly Held[];
  /** The public part that a rule found in whatever fills the key, with where. */
  told(key: string, rule: string): readonly { readonly text: string; readonly location: string }[];
  /** A variable of the tenant that selects something. */
  variable(name: string): string | undefined;
}

export interface Named {
  /** Equal for two tenants exactly when both use it. Public: goes into reports. */
  readonly account: string;
  readonly kind?: 'place' | 'store';
  readonly location: string;
}

export interface WebhookListener {
  /** Public address, where the config names one. */
  readonly url?: string;
  /** Own listener, beside the gateway's. */
  readonly host?: string;
  readonly port?: number;
  readonly location: string;
}

export interface ChannelProvider {
  readonly channel: string;
  /** Where its accounts lie, when it is not `channels.<channel>`. */
  readonly at?: string;
  /** Keys whose secret is the account's: who has the same one is the same account. */
  readonly credentials: readonly string[];
  /** Key that names a file → key that the file fills. */
  readonly files?: Readonly<Record<string, string>>;
  /** Variable → key that it fills, for the default account. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What its credentials tell of the account. */
  readonly tells?: readonly Rule[];
  /** Files beside those that the config names; a whole segment `*` is any name. `state` and `credentials` are the tenant's directories. */
  reads?(account: AccountView, dirs: Directories): Iterable<{ readonly key: string; readonly path: string }>;
  /** Directories that hold the account. */
  stores?(account: AccountView, dirs: Directories): Iterable<{ readonly path: string; readonly location: string }>;
  identities?(account: AccountView): Iterable<Named>;
  webhooks?(account: AccountView): Iterable<WebhookListener>;
  /** What a manifest may say of it; absent: Bulkhead finds and judges it, and does not build it. */
  readonly declared?: DeclaredChannel;
}

export interface Directories {
  readonly home: string;
  readonly credentials: string;
}

/** An identity for each public part that a rule finds in a credential. */
export function* toldBy(account: AccountView, keys: readonly string[], rule: string, word = '', kind?: 'place'): Iterable<Named> {
  for (const key of keys)
    for (const { text, location } of account.told(key, rule))
      yield { account: word === '' ? text : `${word} ${text}`, location, ...(kind === undefined ? {} : { kind }) };
}

/** The identity that a key says in the clear. */
export function* saidBy(account: AccountView, key: string, word: string, normal: (text: string) => string = lower): Iterable<Named> {
  const text = account.text(key);
  if (text !== undefined && text.trim() !== '') yield { account: `${word} ${normal(text.trim())}`.slice(0, 320), location: account.location(key) };
}

export function lower(text: string): string {
  return text.toLowerCase();
}

/** Digits of a telephone number; the plus sign, spaces and dashes say nothing. */
export function phoneNumber(text: string): string {
  return text.replace(/[^0-9]/g, '');
}

/** Host and port of a server, however its address is written. */
export function serverName(text: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) return text.toLowerCase().replace(/\/+$/, '');
  const { hostname, port, pathname } = new URL(whole);
  return `${hostname.replace(/\.$/, '')}${port === '' ? '' : `:${port}`}${pathname.replace(/\/+$/, '')}`;
}
