/** One encrypted file may hold many values: a YAML mapping of names to texts, of which JSON is one form. No message quotes what it holds. */
import { Document, isMap, parseDocument, type YAMLMap } from 'yaml';
import { asSecret, type Read, type SecretRead } from './secret-file.ts';

/** Every plain value is text: a key of digits keeps its leading zeros. */
const OPTIONS = { schema: 'failsafe', logLevel: 'silent' } as const;

interface Mapping {
  readonly document: { toString(): string };
  readonly map: YAMLMap;
}

/** The value named `key`; without one the whole text, unless that is a mapping: a forgotten key must not give a tenant all of it. */
export function pick(plain: string, key: string | undefined): SecretRead {
  const mapping = mappingOf(plain);
  if (key === undefined)
    return mapping.ok ? { ok: false, why: 'it holds a mapping: name one value of it with key' } : asSecret({ ok: true, value: plain });
  if (!mapping.ok) return mapping;
  const value: unknown = mapping.value.map.get(key);
  if (value === undefined) return { ok: false, why: `it holds no value named ${key}` };
  return typeof value === 'string' ? asSecret({ ok: true, value }) : { ok: false, why: `what it holds as ${key} is not text` };
}

export function mappingOf(plain: string): Read<Mapping> {
  const document = parseDocument(plain, OPTIONS);
  const { contents, errors } = document;
  if (errors.length === 0 && isMap(contents)) return { ok: true, value: { document, map: contents } };
  const line = errors[0]?.linePos?.[0].line;
  return { ok: false, why: `it is not a mapping of names to texts${line === undefined ? '' : ` (line ${line} of the plain text)`}` };
}

/** The text with one more value, or another one, in it; comments and order stay. */
export function withValue(plain: string, key: string, value: string): Read<string> {
  if (plain.trim() === '') return { ok: true, value: new Document({ [key]: value }, OPTIONS).toString() };
  const mapping = mappingOf(plain);
  if (!mapping.ok) return mapping;
  mapping.value.map.set(key, value);
  return { ok: true, value: mapping.value.document.toString() };
}
