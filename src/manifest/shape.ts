/** Compares a manifest's tree with its schema and says in words what differs. */
import * as v from 'valibot';
import { isChannelSecret } from './channels.ts';
import { nearest, type Complaint } from './problem.ts';
import { manifest, type Manifest } from './manifest.ts';
import { excerpt } from './text.ts';
import type { Spot } from './tree.ts';

export type Path = readonly string[];
export interface ShapeComplaint extends Complaint {
  /** Keys from the root to what is wrong. */
  readonly key: Path;
}
export type Shape = { readonly ok: true; readonly manifest: Manifest } | { readonly ok: false; readonly complaints: readonly ShapeComplaint[] };

export function checkShape(root: Spot): Shape {
  const result = v.safeParse(manifest, root.value);
  if (result.success && unknownKeys(manifest, root, []).length === 0) return { ok: true, manifest: result.output };
  return { ok: false, complaints: complaintsOf(root, result.issues ?? []) };
}

function complaintsOf(root: Spot, issues: readonly v.BaseIssue<unknown>[]): ShapeComplaint[] {
  const complaints = unknownKeys(manifest, root, []);
  const lists = complaints.filter(({ key }) => Array.isArray(spotAt(root, key).value)).map(({ key }) => key);
  for (const issue of flatten(issues, [])) {
    if (issue.unknownKey || lists.some((list) => list.every((part, index) => part === issue.key[index]))) continue;
    complaints.push(isSecret(issue.key) ? secretComplaint(root, issue.key) : describe(root, issue));
  }
  return complaints;
}

/** The part of a valibot schema that this file walks: entries of an object, items, values, wrapped and alternative schemas. */
interface SchemaNode {
  readonly type: string;
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly value?: SchemaNode;
  readonly item?: SchemaNode;
  readonly wrapped?: SchemaNode;
  readonly options?: readonly (SchemaNode | string)[];
}

/** What valibot leaves out: all unknown keys of an object, where it names one; lists in the place of mappings, which it takes. */
function unknownKeys(schema: SchemaNode, spot: Spot, key: Path): ShapeComplaint[] {
  if (spot.entries === undefined || isSecret(key)) return [];
  const inner = objectNode(schema);
  if (Array.isArray(spot.value) && (inner?.entries !== undefined || inner?.value !== undefined)) {
    const message = `${pathText(key)} must be ${schema.type === 'union' ? 'text or a mapping' : 'a mapping'}, not a list`;
    return [{ key, at: spot.at, text: '', message }];
  }
  const found: ShapeComplaint[] = [];
  for (const [name, entry] of spot.entries) {
    const next = inner?.entries === undefined ? (inner?.value ?? inner?.item) : Object.hasOwn(inner.entries, name) ? inner.entries[name] : undefined;
    if (next !== undefined) found.push(...unknownKeys(next, entry, [...key, name]));
    else if (inner?.entries !== undefined) found.push(unknownKey(Object.keys(inner.entries), spot, [...key, name]));
  }
  return found;
}

function objectNode(schema: SchemaNode): SchemaNode | undefined {
  if (schema.wrapped !== undefined) return objectNode(schema.wrapped);
  if (schema.type !== 'union') return schema;
  return schema.options?.find((option) => typeof option !== 'string' && option.entries !== undefined) as SchemaNode | undefined; // strings were filtered out
}

/** Who writes it must not believe that it is there. */
const NO_RUNTIME = '; Kata needs virtualisation and was never tried: see docs/limits.md#runtime';

function unknownKey(allowed: readonly string[], parent: Spot, key: Path): ShapeComplaint {
  const name = key.at(-1) ?? '';
  const free = allowed.filter((candidate) => parent.entries?.has(candidate) !== true);
  const suggestion = nearest(name, free);
  const where = key.length > 1 ? ` in ${pathText(key.slice(0, -1))}` : '';
  const hint = suggestion === undefined ? `; known here: ${allowed.join(', ')}` : '';
  const at = parent.entries?.get(name)?.keyAt ?? parent.at;
  return { key, at, text: excerpt(name), message: `unknown key "${excerpt(name)}"${where}${hint}`, suggest: () => suggestion };
}

interface FlatIssue {
  readonly key: Path;
  readonly unknownKey: boolean;
  readonly missing: boolean;
  /** The mapping's key itself is wrong, not its value. */
  readonly keyIsWrong: boolean;
  readonly kind: string;
  readonly expected: string | null;
  readonly message: string;
  readonly words: readonly string[];
}

/** Issues with absolute paths; for alternatives only those of the alternative that came furthest. */
function flatten(issues: readonly v.BaseIssue<unknown>[], prefix: Path): FlatIssue[] {
  return issues.flatMap((issue) => {
    const key = [...prefix, ...(issue.path ?? []).map((item) => String(item.key))];
    const deeper = issue.type === 'union' ? (issue.issues ?? []).filter((inner) => inner.path !== undefined) : [];
    if (deeper.length > 0) return flatten(deeper, key);
    const words = issue.type === 'union' ? (issue.issues ?? []).flatMap((inner) => wordsOf(inner)) : wordsOf(issue);
    const onKey = issue.path?.at(-1)?.origin === 'key';
    const strict = issue.type === 'strict_object' && onKey;
    const missing = strict && issue.expected !== 'never';
    return [
      {
        key,
        unknownKey: strict && !missing,
        missing,
        keyIsWrong: onKey && !strict,
        kind: issue.kind,
        expected: issue.expected,
        message: issue.message,
        words,
      },
    ];
  });
}

function wordsOf(issue: v.BaseIssue<unknown>): string[] {
  if (issue.type !== 'picklist') return [];
  return [...(issue.expected ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '');
}

function describe(root: Spot, issue: FlatIssue): ShapeComplaint {
  if (issue.missing) return missingKey(root, issue.key);
  const spot = spotAt(root, issue.key);
  const at = (issue.keyIsWrong ? spot.keyAt : undefined) ?? spot.at;
  const where = pathText(issue.key);
  if (issue.keyIsWrong) {
    const name = excerpt(issue.key.at(-1) ?? '');
    return { key: issue.key, at, text: name, message: `"${name}" in ${pathText(issue.key.slice(0, -1))} ${issue.message}` };
  }
  const text = shown(spot.value, issue.key);
  const value = text === '' ? '' : `, not "${text}"`;
  if (issue.words.length > 0) {
    const word = spot.value;
    const why = issue.key[0] === 'tenants' && issue.key.length === 3 && issue.key[2] === 'runtime' ? NO_RUNTIME : '';
    const message = `${where} must be one of ${issue.words.join(', ')}${text === '' ? `, not ${kindOf(spot.value)}` : value}${why}`;
    return { key: issue.key, at, text, message, suggest: () => (typeof word === 'string' ? nearest(word, issue.words) : undefined) };
  }
  if (issue.kind === 'schema')
    return { key: issue.key, at, text, message: `${where} must be ${expectation(issue.expected, spot.value)}, not ${kindOf(spot.value)}` };
  return { key: issue.key, at, text, message: `${where} ${issue.message}${value}` };
}

function missingKey(root: Spot, key: Path): ShapeComplaint {
  const parent = spotAt(root, key.slice(0, -1));
  const name = key.at(-1) ?? '';
  const where = key.length > 1 ? ` in ${pathText(key.slice(0, -1))}` : '';
  const typo = nearest(name, parent.entries?.keys() ?? []);
  const hint = typo === undefined ? '' : ` ("${excerpt(typo)}" is not it)`;
  return { key, at: parent.at, text: '', message: `"${name}" is missing${where}${hint}` };
}

/** A secret's problem is told in fixed words: whatever stands there may be the secret itself. */
function secretComplaint(root: Spot, issueKey: Path): ShapeComplaint {
  const key = issueKey.slice(0, secretDepth(issueKey));
  const spot = spotAt(root, key);
  const where = pathText(key);
  const form = '{ env: NAME }, { file: /absolute/path }, { exec: [program, argument] } or { age: FILE, key: NAME }';
  const parent = spotAt(root, key.slice(0, -1));
  if (parent.entries?.has(key.at(-1) ?? '') !== true) return { key, at: parent.at, text: '', message: `${where} is missing: write ${form}` };
  const literal = typeof spot.value === 'string' || typeof spot.value === 'number';
  const why = literal ? 'a secret is never written into the manifest; ' : '';
  const exec = spot.entries?.get('exec');
  if (exec !== undefined && spot.entries?.size === 1) {
    const rule = 'exec is a list: a program by name or absolute path, then its arguments; none of them gives a token or password';
    return { key, at: exec.at, text: '', message: `${where}: ${rule}` };
  }
  return { key, at: spot.at, text: '', message: `${where}: ${why}write ${form}, naming where the value is kept` };
}

const SECRET_KEYS: Readonly<Record<string, string>> = { models: 'apiKey', apiClients: 'key' };

/** Length of the path of the secret that a path is at or below, or 0. */
function secretDepth(key: Path): number {
  const [top, , section = '', entry = '', name] = key;
  if (top !== 'tenants' || name === undefined) return 0;
  if (section === 'channels') return isChannelSecret(entry, name) ? 5 : 0;
  return Object.hasOwn(SECRET_KEYS, section) && SECRET_KEYS[section] === name ? 5 : 0;
}

function isSecret(key: Path): boolean {
  return secretDepth(key) > 0;
}

/** Parts of a tenant in which people paste secrets, also where none belongs. */
const NEVER_SHOWN = new Set(['channels', 'models', 'apiClients', 'backup', 'config']);

function shown(value: unknown, key: Path): string {
  if (NEVER_SHOWN.has(key[2] ?? '') || key[0] === 'secrets' || (key[0] === 'verify' && key[1] === 'webhook')) return '';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? excerpt(String(value)) : '';
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'text' : `a ${typeof value}`;
}

function expectation(expected: string | null, value: unknown): string {
  const quote = typeof value === 'number' || typeof value === 'boolean' ? ' (put it in quotes)' : '';
  switch (expected) {
    case 'string':
      return `text${quote}`;
    case 'Object':
      return 'a mapping';
    case 'Array':
      return 'a list';
    case 'number':
      return 'a number';
    default:
      return 'text or a mapping';
  }
}

/** The spot at a path, or the nearest one above it. */
export function spotAt(root: Spot, key: Path): Spot {
  let spot = root;
  for (const name of key) {
    const next = spot.entries?.get(name);
    if (next === undefined) return spot;
    spot = next;
  }
  return spot;
}

/** `tenants.acme.limits`, `relations[0].trust`. */
export function pathText(key: Path): string {
  if (key.length === 0) return 'the manifest';
  const lists = key[0] === 'relations' || key[0] === 'namedRisks';
  // The second part is a name (a tenant, a host) elsewhere, and may consist of digits.
  const isIndex = (part: string, index: number): boolean => /^[0-9]{1,6}$/.test(part) && (index > 1 || (index === 1 && lists));
  return key.map((part, index) => (index === 0 ? excerpt(part) : isIndex(part, index) ? `[${part}]` : `.${excerpt(part)}`)).join('');
}
