/** The shape of a tenant's `channels`, from what is known of each provider; and what was said, as a `Channel`. */
import * as v from 'valibot';
import type { Channel, SecretSource } from '../core/fleet.ts';
import type { DeclaredChannel, Field } from '../openclaw/channels/declared.ts';
import { DECLARED, declaredProvider } from '../openclaw/channels/index.ts';

type Schema = v.GenericSchema<unknown, unknown>;

/** Schemas that other parts of a manifest use as well. */
export interface Parts {
  readonly secret: Schema;
  readonly address: Schema;
  readonly account: Schema;
}

export function channelsShape(parts: Parts) {
  return v.strictObject(Object.fromEntries([...DECLARED].map(([kind, { declared }]) => [kind, v.optional(channelShape(declared, parts))])));
}

function channelShape(declared: DeclaredChannel, parts: Parts) {
  const { rooms, fields } = declared;
  const names = (description: string) => v.pipe(v.optional(v.array(parts.account), []), v.description(description));
  return v.pipe(
    v.strictObject({
      ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldShape(field, parts)])),
      allowFrom: names('Account ids that may message the agent'),
      [rooms.field]: names(`${capital(rooms.field)} in which it answers, when it is called by name, whoever is in allowFrom`),
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const message of complaintsOf(declared, dataset.value)) addIssue({ message });
    }),
  );
}

function fieldShape(field: Field, parts: Parts): Schema {
  const described = (schema: Schema): Schema => v.pipe(field.optional === true ? v.optional(schema) : schema, v.description(field.says));
  switch (field.kind) {
    case 'secret':
      return described(parts.secret);
    case 'address':
      return described(parts.address);
    case 'port': {
      const rule = 'must be a port from 1 to 65535';
      return described(v.pipe(v.number(), v.integer(rule), v.minValue(1, rule), v.maxValue(65_535, rule)));
    }
    case 'flag':
      return described(v.boolean());
    case 'word':
      return v.pipe(v.optional(v.picklist(field.words), field.words[0]), v.description(field.says));
    case 'text':
      return described(v.pipe(v.string(), v.regex(field.form, `must be ${field.rule}`)));
    case 'id':
      return described(idShape(field.form, `must be ${field.rule}`));
  }
}

/** Written as text, or as a whole number that is exact. */
function idShape(form: RegExp, rule: string): Schema {
  const isExact = (number: number): boolean => Number.isSafeInteger(number) && form.test(String(number));
  return v.union([v.pipe(v.string(), v.regex(form, rule)), v.pipe(v.number(), v.check(isExact, rule), v.transform(String))]);
}

/** What hangs together: each completes “tenants.acme.channels.slack …”. */
function complaintsOf({ fields, oneOf, rooms }: DeclaredChannel, said: Readonly<Record<string, unknown>>): readonly string[] {
  const needed = Object.entries(fields).flatMap(([name, { neededWhen }]) =>
    neededWhen !== undefined && said[neededWhen.field] === neededWhen.is && said[name] === undefined
      ? [`needs "${name}" while ${neededWhen.field} is ${neededWhen.is}`]
      : [],
  );
  const none = oneOf !== undefined && oneOf.every((name) => said[name] === undefined) ? [`needs one of ${oneOf.join(', ')}`] : [];
  const isOpen = listOf(said[rooms.field]).length > 0 && listOf(said['allowFrom']).length === 0;
  return [...needed, ...none, ...(isOpen ? [`needs "allowFrom": who may speak to the agent in its ${rooms.field}`] : [])];
}

export function toChannels(said: Readonly<Record<string, unknown>>, toSecret: (secret: unknown) => SecretSource): readonly Channel[] {
  return Object.entries(said).flatMap(
    ([kind, account]) => (account === undefined ? [] : [toChannel(kind, account as Readonly<Record<string, unknown>>, toSecret)]), // the schema has checked the form
  );
}

function toChannel(kind: string, said: Readonly<Record<string, unknown>>, toSecret: (secret: unknown) => SecretSource): Channel {
  const { fields, rooms } = declaredProvider(kind).declared;
  const given = Object.entries(fields).filter(([name]) => said[name] !== undefined);
  return {
    kind,
    settings: Object.fromEntries(
      given.flatMap(([name, field]) => (field.kind === 'secret' ? [] : [[name, said[name] as string | number | boolean]])),
    ), // as above
    secrets: given.flatMap(([name, field]) => (field.kind === 'secret' ? [{ field: name, source: toSecret(said[name]) }] : [])),
    allowFrom: listOf(said['allowFrom']),
    rooms: listOf(said[rooms.field]),
  };
}

/** Whether a key below `channels` holds a secret, so that nothing of it may be shown. */
export function isChannelSecret(kind: string, field: string): boolean {
  return DECLARED.get(kind)?.declared.fields[field]?.kind === 'secret';
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
