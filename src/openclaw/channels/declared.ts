/** What a manifest may say of one account of a channel, as data: the manifest's shape, OpenClaw's config and the secret files follow from it. */
import type { Channel } from '../../core/fleet.ts';
import type { Json } from '../merge.ts';

interface Common {
  /** For people who write a manifest. */
  readonly says: string;
  readonly optional?: true;
  /** Needed only while another field has this value. */
  readonly neededWhen?: { readonly field: string; readonly is: string };
  /** Dotted key below `channels.<channel>` in OpenClaw's config, where it is not the field's own name; null: Bulkhead's alone. */
  readonly key?: string | null;
  /** What it tells of the account before any token exists, in the words of `identities`. Not of fields that the config itself says. */
  readonly tells?: (text: string, channel: Channel) => string;
}

export type Field = Common &
  (
    | { readonly kind: 'secret' | 'address' | 'port' | 'flag' }
    /** `rule` completes “must be …”. */
    | { readonly kind: 'text' | 'id'; readonly form: RegExp; readonly rule: string }
    /** The first word is the default. */
    | { readonly kind: 'word'; readonly words: readonly [string, ...string[]] }
  );

/** Groups of people in which the agent answers: Slack's channels, Discord's guilds, Matrix's rooms, … */
export interface Rooms {
  /** Field of the manifest. */
  readonly field: string;
  /** Key of OpenClaw's config that names them. */
  readonly key: string;
  /** Key of one room that lists who may speak to the agent in it; absent: `groupAllowFrom` of the channel does. */
  readonly senders?: string;
  /** Whether its config has `requireMention`; the agent answers when it is called by name. */
  readonly mention: boolean;
}

export interface DeclaredChannel {
  /** npm package, and its version: the newest that was published with or before this OpenClaw. Absent: part of OpenClaw. */
  readonly plugin?: { readonly package: string; readonly version: string };
  /** Its first secret is the account's own. */
  readonly fields: Readonly<Record<string, Field>>;
  /** At least one of these fields must be there. */
  readonly oneOf?: readonly string[];
  readonly rooms: Rooms;
  /** Where policy and list for direct messages stand, when it is not `dmPolicy` and `allowFrom`. */
  readonly direct?: { readonly policy: string; readonly allowFrom: string };
  /** Config that follows from what is said. */
  readonly also?: (channel: Channel) => Json;
  readonly online?: OnlineQuestion;
}

/** How a provider says whose token it is. */
export interface OnlineQuestion {
  /** The provider's own address. */
  readonly address?: string;
  /** Setting that names another server, or the only one there is. */
  readonly setting?: string;
  /** Field whose secret is asked about. */
  readonly secret: string;
  /** Path on the server; `{token}` where the provider wants it there instead of in a header. */
  readonly path: string;
  readonly scheme?: 'Bearer' | 'Bot';
  readonly method?: 'POST';
  /** Account ids out of the answer, in the words of `identities`; empty when it is no answer of the kind. */
  accounts(answer: Json, channel: Channel): readonly string[];
}

const ACCOUNT_NAME = /^\S{1,200}$/;

/** A secret. */
export function secret(says: string, more: Omit<Common, 'says'> = {}): Field {
  return { kind: 'secret', says, ...more };
}

/** Text that names something at the provider; may be written as a number. */
export function id(says: string, form: RegExp, rule: string, more: Omit<Common, 'says'> = {}): Field {
  return { kind: 'id', says, form, rule, ...more };
}

export function text(says: string, more: Omit<Common, 'says'> = {}): Field {
  return { kind: 'text', says, form: ACCOUNT_NAME, rule: 'one word of at most 200 characters', ...more };
}

/** A telephone number with its country. */
export function number(says: string, more: Omit<Common, 'says'> = {}): Field {
  return id(says, /^\+[1-9][0-9]{6,14}$/, 'a number such as "+491700000000"', more);
}

/** The text at a key of an answer, or none. */
export function said(answer: Json, key: string): readonly string[] {
  const value = answer[key];
  return (typeof value === 'string' && ACCOUNT_NAME.test(value)) || typeof value === 'number' ? [String(value)] : [];
}

/** A setting as text. */
export function settingOf({ settings }: Channel, name: string): string {
  return String(settings[name] ?? '');
}
