/** A manifest as plain values that know their places. */
import { isMap, isScalar, isSeq, parseDocument, type LineCounter } from 'yaml';
import type { Position } from '../core/fleet.ts';
import type { Complaint } from './problem.ts';
import { MAX_DEPTH, positionOf, type Scan } from './scan.ts';
import { climbs, codePointName, excerpt, forbiddenAt } from './text.ts';

/** A value of the manifest. `entries` holds the parts of a mapping (by key) or a list (by index, as text). */
export interface Spot {
  readonly value: unknown;
  readonly at: Position;
  /** Where its key stands, for an entry of a mapping. */
  readonly keyAt?: Position;
  readonly entries?: ReadonlyMap<string, Spot>;
}

export type Tree = { readonly ok: true; readonly root: Spot } | { readonly ok: false; readonly complaints: readonly Complaint[] };

/** Mappings and lists longer than this are refused. */
const MAX_ENTRIES = 10_000;
const MAX_KEY = 200;
const MAX_STRING = 65_536;
const MAX_COMPLAINTS = 100;
/** Names that reach an object's prototype. */
const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export function readTree(scan: Scan & { ok: true }): Tree {
  const document = parseDocument(scan.text, {
    prettyErrors: false,
    // Compares every pair of keys; the reader below uses a map.
    uniqueKeys: false,
    stringKeys: true,
    merge: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  const errors = [...document.errors, ...document.warnings].slice(0, MAX_COMPLAINTS);
  if (errors.length > 0) {
    const complaints = errors.map((error) => ({ at: positionOf(scan.lines, error.pos[0]), text: '', message: syntaxMessage(error.code) }));
    return { ok: false, complaints };
  }
  const reader = new Reader(scan.lines);
  const root = reader.read(document.contents, { offset: 0, depth: 0 });
  return reader.complaints.length > 0 ? { ok: false, complaints: reader.complaints } : { ok: true, root };
}

/** Fixed sentences: the parser's own quote the source, which may be a secret. */
function syntaxMessage(code: string): string {
  return SYNTAX[code] ?? `not valid YAML here (${code.toLowerCase().replaceAll('_', ' ')})`;
}

const SYNTAX: Readonly<Record<string, string>> = {
  BAD_INDENT: 'not valid YAML here: the indentation does not match',
  BLOCK_AS_IMPLICIT_KEY: 'not valid YAML here: a second ": " on the line; put the value in quotes',
  MISSING_CHAR: 'not valid YAML here: a closing quote, bracket or ":" is missing',
  NON_STRING_KEY: 'a key must be plain text',
  RESOURCE_EXHAUSTION: `nested deeper than ${MAX_DEPTH} levels`,
  TAB_AS_INDENT: 'not valid YAML here: indent with spaces, not with tabs',
  BAD_SCALAR_START: 'not valid YAML here: a value that begins with this character must be in quotes',
};

interface Place {
  /** Offset used when the node is empty. */
  readonly offset: number;
  readonly depth: number;
}

class Reader {
  readonly complaints: Complaint[] = [];
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  read(node: unknown, place: Place): Spot {
    if (this.complaints.length >= MAX_COMPLAINTS) return { value: null, at: positionOf(this.#lines, place.offset) };
    if (isMap(node)) return this.#mapping(node.items, { ...place, offset: node.range?.[0] ?? place.offset });
    if (isSeq(node)) return this.#list(node.items, { ...place, offset: node.range?.[0] ?? place.offset });
    if (!isScalar(node)) return { value: null, at: positionOf(this.#lines, place.offset) };
    // An empty value has the range of the gap after its key; the key says more.
    const offset = node.value === null && node.source === '' ? place.offset : (node.range?.[0] ?? place.offset);
    this.#checkScalar(node.value, offset);
    return { value: node.value, at: positionOf(this.#lines, offset) };
  }

  #mapping(pairs: readonly { readonly key: unknown; readonly value: unknown }[], place: Place): Spot {
    const at = positionOf(this.#lines, place.offset);
    const value: Record<string, unknown> = {};
    const entries = new Map<string, Spot>();
    if (!this.#fits(pairs.length, place)) return { value, at, entries };
    for (const pair of pairs) {
      const keyOffset = isScalar(pair.key) ? (pair.key.range?.[0] ?? place.offset) : place.offset;
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      const keyAt = positionOf(this.#lines, keyOffset);
      if (!this.#keyIsFine(key, keyOffset, entries)) continue;
      const spot = this.read(pair.value, { offset: keyOffset, depth: place.depth + 1 });
      value[key] = spot.value;
      entries.set(key, { ...spot, keyAt });
    }
    return { value, at, entries };
  }

  #list(items: readonly unknown[], place: Place): Spot {
    const at = positionOf(this.#lines, place.offset);
    const value: unknown[] = [];
    const entries = new Map<string, Spot>();
    if (!this.#fits(items.length, place)) return { value, at, entries };
    for (const item of items) {
      const spot = this.read(item, { ...place, depth: place.depth + 1 });
      entries.set(String(value.length), spot);
      value.push(spot.value);
    }
    return { value, at, entries };
  }

  #fits(length: number, place: Place): boolean {
    if (place.depth >= MAX_DEPTH) this.#complain(place.offset, `nested deeper than ${MAX_DEPTH} levels`);
    else if (length > MAX_ENTRIES) this.#complain(place.offset, `more than ${MAX_ENTRIES} entries`);
    else return true;
    return false;
  }

  #keyIsFine(key: string, offset: number, entries: ReadonlyMap<string, Spot>): boolean {
    const shown = excerpt(key);
    const first = entries.get(key)?.keyAt;
    const bad = forbiddenAt(key);
    if (RESERVED_KEYS.has(key) || key === '<<') this.#complain(offset, `the key "${shown}" is not allowed`, shown);
    else if (bad >= 0) this.#complain(offset, `a key holds the character ${codePointName(key, bad)}, which is not allowed`, shown);
    else if (key.length > MAX_KEY) this.#complain(offset, `a key is longer than ${MAX_KEY} characters`, shown);
    else if (first !== undefined) this.#complain(offset, `duplicate key "${shown}"; the first is on line ${first.line}`, shown);
    else return true;
    return false;
  }

  /** Says what is wrong without the value, which may be a secret. */
  #checkScalar(value: unknown, offset: number): void {
    if (typeof value === 'number' && !(Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value))) {
      this.#complain(offset, 'a number that cannot be held exactly; put it in quotes if it is an id');
    }
    if (typeof value !== 'string') return;
    const bad = forbiddenAt(value);
    if (bad >= 0)
      this.#complain(offset, `the text holds the character ${codePointName(value, bad)}, which is invisible or changes how text is shown`);
    else if (climbs(value)) this.#complain(offset, 'the text holds ".." as a part of a path, which is not allowed');
    else if (value.length > MAX_STRING) this.#complain(offset, `the text is longer than ${MAX_STRING} characters`);
  }

  #complain(offset: number, message: string, text = ''): void {
    this.complaints.push({ at: positionOf(this.#lines, offset), text, message });
  }
}
