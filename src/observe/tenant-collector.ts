/**
 * Runs as a tenant's own OS user over the tenant's files (Node on standard input): identity of each path, hard links, digests of secrets,
 * the config with its secrets masked. Decides nothing. Everything it meets was written by the tenant: nothing hangs it, nothing is unbounded.
 */
import { constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { makeMasker, type Masker, type MaskingRules } from '../openclaw/masking.ts';
import { makeLookAtPath, readCapped, type LookAtPath, type PathSeen } from './look.ts';
import { attempt, type Seen } from './seen.ts';

export interface TenantRequest {
  /** Random key of this run, hex. */
  readonly key: string;
  /** `elsewhere`: not the tenant's own to enter, so that a closed directory above it is no failure. */
  readonly paths: readonly { readonly role: string; readonly path: string; readonly elsewhere?: boolean }[];
  readonly configFile?: string;
  /** A file of OpenClaw: its own JSON5 parser is the one that it finds from there. */
  readonly openclaw: string;
  /** What of the config is a secret, and what may be told of one. */
  readonly rules: MaskingRules;
}

export interface TenantCollected {
  readonly paths: Seen<readonly ({ readonly role: string } & PathSeen)[]>;
  /** What the config and everything it includes say together, secrets masked. */
  readonly config: Seen<unknown>;
  readonly includes: Seen<readonly IncludeSeen[]>;
}

const MOST_CONFIG_BYTES = 1 << 20;
/** OpenClaw's own bounds for one include, and for how deep they go (openclaw 2026.9.6 docs/gateway/configuration/common-tasks.md). */
const MOST_INCLUDE_BYTES = 2 << 20;
const MOST_DEPTH = 10;
const MOST_INCLUDES = 200;
const MOST_ALL_BYTES = 8 << 20;

export async function main(request: TenantRequest): Promise<TenantCollected> {
  const look = makeLookAtPath();
  return {
    paths: attempt(() => request.paths.map(({ role, path, elsewhere = false }) => ({ role, ...look(path, elsewhere) }))),
    ...(request.configFile === undefined
      ? { config: { ok: true, value: null }, includes: { ok: true, value: [] } }
      : readConfig(request.configFile, request.openclaw, makeMasker(request.key, request.rules), look)),
  };
}

interface IncludeSeen {
  readonly declared: string;
  readonly real: string;
  readonly from: string;
  readonly identity?: string;
  readonly uid?: number;
  readonly mode?: number;
  readonly holdsSecret: boolean;
}

/** A file that OpenClaw itself cannot use: whatever it would include, it includes for nobody. */
class Unusable extends Error {}

/**
 * A config with what it includes put in its place, as OpenClaw puts it: lists are joined, keys beside `$include` win. An include is followed
 * wherever it leads: whether OpenClaw's roots would let it is not asked, so more is seen than it reads, never less.
 */
function readConfig(path: string, openclaw: string, masker: Masker, look: LookAtPath): Pick<TenantCollected, 'config' | 'includes'> {
  const includes: IncludeSeen[] = [];
  let bytes = 0;
  const load = (file: string, most: number, flags: number): unknown => {
    const text = usable(() => readCapped(file, most, flags));
    bytes += text.length;
    if (bytes > MOST_ALL_BYTES) throw new Error(`${path} and what it includes have more than ${MOST_ALL_BYTES} bytes`);
    return parseConfig(text, file, openclaw);
  };
  const include = (named: unknown, chain: readonly string[], at: readonly string[]): unknown => {
    const from = chain.at(-1) ?? path;
    if (typeof named !== 'string' || named.includes('\0') || named.length >= 4096) throw new Unusable(`${from} includes something that is no path`);
    const declared = resolve(dirname(from), named);
    if (includes.length >= MOST_INCLUDES) throw new Error(`${path} includes more than ${MOST_INCLUDES} files`);
    const seen = { ...usable(() => lookAtInclude(declared, look)), from };
    const place = includes.push({ ...seen, holdsSecret: false }) - 1;
    if (chain.includes(declared)) throw new Unusable(`${declared} includes itself`);
    if (chain.length > MOST_DEPTH) throw new Unusable(`${path} includes files more than ${MOST_DEPTH} deep`);
    const value = resolved(load(declared, MOST_INCLUDE_BYTES, 0), [...chain, declared], at);
    includes[place] = {
      ...seen,
      holdsSecret: JSON.stringify(masker.config(at.reduceRight((inner, name) => ({ [name]: inner }), value))).includes('{"masked":"'),
    };
    return value;
  };
  const resolved = (value: unknown, chain: readonly string[], at: readonly string[]): unknown => {
    if (at.length > 60) throw new Unusable(`${path} is nested too deeply`);
    if (Array.isArray(value)) return value.map((item, index) => resolved(item, chain, [...at, String(index)]));
    if (!isPlain(value)) return value;
    const others: Record<string, unknown> = Object.create(null);
    for (const [name, item] of Object.entries(value)) if (name !== '$include') others[name] = resolved(item, chain, [...at, name]);
    if (!Object.hasOwn(value, '$include')) return others;
    const named = value['$include'];
    const base = Array.isArray(named)
      ? named.reduce<unknown>((merged, one) => joined(merged, include(one, chain, at)), {})
      : include(named, chain, at);
    return Object.keys(others).length === 0 ? base : joined(base, others);
  };
  try {
    const value = masker.config(resolved(load(path, MOST_CONFIG_BYTES, constants.O_NOFOLLOW), [path], []));
    return { config: { ok: true, value }, includes: { ok: true, value: includes } };
  } catch (error) {
    const config: Seen<unknown> = attempt(() => {
      throw error;
    });
    return { config, includes: error instanceof Unusable ? { ok: true, value: includes } : { ok: false, why: config.ok ? '' : config.why } };
  }
}

function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Unusable(error instanceof Error ? error.message : 'an unnamed error');
  }
}

/** JSON, else JSON5 by OpenClaw's own parser. No message quotes the text. */
export function parseConfig(text: string, file: string, openclaw: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Nearly every config is plain JSON; the other parser is loaded for the rest. No message is passed on: it quotes the text, which may hold a secret.
  }
  let json5;
  try {
    json5 = createRequire(openclaw)('json5') as { parse(text: string): unknown };
  } catch {
    throw new Error(`${file} is not plain JSON, and the JSON5 parser of ${openclaw} could not be loaded`);
  }
  try {
    return json5.parse(text);
  } catch {
    throw new Unusable(`${file} is neither JSON nor JSON5`);
  }
}

function lookAtInclude(declared: string, look: LookAtPath): Omit<IncludeSeen, 'from' | 'holdsSecret'> {
  const { real, identity, uid, mode } = look(declared, true);
  return {
    declared,
    real,
    ...(identity === undefined ? {} : { identity }),
    ...(uid === undefined ? {} : { uid }),
    ...(mode === undefined ? {} : { mode }),
  };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function joined(under: unknown, over: unknown): unknown {
  if (Array.isArray(under) && Array.isArray(over)) return [...(under as unknown[]), ...(over as unknown[])];
  if (!isPlain(under) || !isPlain(over)) return over;
  const merged: Record<string, unknown> = Object.assign(Object.create(null), under);
  for (const [name, item] of Object.entries(over)) merged[name] = name in merged ? joined(merged[name], item) : item;
  return merged;
}
