/** Parts of the shapes of what collectors print. Everything is bounded: a tenant may have had a hand in it. */
import * as v from 'valibot';
import { STRENGTHS } from '../core/secret-facts.ts';

export const path = v.pipe(v.string(), v.maxLength(8192));
export const name = v.pipe(v.string(), v.maxLength(320));
export const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const identity = v.pipe(v.string(), v.regex(/^[0-9]+:[0-9]+$/));
export const namespaces = v.record(v.string(), v.pipe(v.string(), v.maxLength(32)));

export const masked = v.strictObject({
  masked: hex,
  strength: v.picklist(STRENGTHS),
  tells: v.exactOptional(v.record(v.string(), v.pipe(v.string(), v.maxLength(400)))),
});

export const variables = v.record(name, v.union([v.pipe(v.string(), v.maxLength(4096)), masked]));

export function seen<const T extends v.GenericSchema>(value: T) {
  return v.variant('ok', [
    v.strictObject({ ok: v.literal(true), value }),
    v.strictObject({ ok: v.literal(false), why: v.pipe(v.string(), v.maxLength(400)) }),
  ]);
}
