/** Where a live config is not what was rendered, in the keys that belong to the boundary. */
import type { PresetName } from '../core/fleet.ts';
import { BOUNDARY_KEYS } from './config.ts';
import { walk } from './credentials/walk.ts';
import { isObject, type Json } from './merge.ts';
import { PRESETS } from './presets/index.ts';

/** One key whose value differs; a side without the key has no property for it. */
export interface PolicyDifference {
  /** Dotted, e.g. `tools.exec.security`. */
  readonly key: string;
  readonly declared?: unknown;
  readonly live?: unknown;
}

const MOST_KEYS = 10_000;

/**
 * The desired config and the live one → each leaf below a boundary key that differs: changed, missing or added, sorted by key. Boundary keys
 * are `BOUNDARY_KEYS` and, with `preset`, whatever else that preset sets. Lists are leaves. Pure; `live` may be anything a tenant wrote. Both
 * sides must have been masked with one key where secrets may stand in them. Empty means: no difference.
 */
export function policyDiff(declared: Readonly<Json>, live: Readonly<Json>, preset?: PresetName): readonly PolicyDifference[] {
  const patterns = boundaryPatterns(preset);
  const [left, right] = [boundaryLeaves(declared, patterns), boundaryLeaves(live, patterns)];
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort();
  return keys.flatMap((key): PolicyDifference[] => {
    const [was, is] = [left.get(key), right.get(key)];
    if (was?.text === is?.text) return [];
    return [{ key, ...(was === undefined ? {} : { declared: was.value }), ...(is === undefined ? {} : { live: is.value }) }];
  });
}

/** Keys of a live config that are not as rendered and do not belong to the boundary: what the tenant set for itself, or OpenClaw for it. Sorted. */
export function ownKeys(declared: Readonly<Json>, live: Readonly<Json>, preset?: PresetName): readonly string[] {
  const patterns = boundaryPatterns(preset);
  const owned = new Set([declared, live].flatMap((config) => [...boundaryLeaves(config, patterns).keys()]));
  const [left, right] = [declared, live].map((config) =>
    boundaryLeaves(
      config,
      Object.keys(config).map((key) => [key]),
    ),
  );
  const keys = [...new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])].sort();
  return keys.filter((key) => !owned.has(key) && left?.get(key)?.text !== right?.get(key)?.text);
}

function boundaryPatterns(preset: PresetName | undefined): readonly (readonly string[])[] {
  const own = BOUNDARY_KEYS.map((key) => key.split('.'));
  return preset === undefined ? own : [...own, ...[...walk(PRESETS[preset].config)].map(({ path }) => path)];
}

/** Only what lies below a pattern is walked: nothing else in a config can use up the bound. */
function boundaryLeaves(
  config: Readonly<Json>,
  patterns: readonly (readonly string[])[],
): ReadonlyMap<string, { readonly text: string; readonly value: unknown }> {
  const leaves = new Map<string, { readonly text: string; readonly value: unknown }>();
  for (const pattern of patterns) {
    for (const { path, value } of valuesAt(config, pattern)) {
      for (const leaf of walk(value)) {
        if (leaves.size >= MOST_KEYS) return leaves;
        leaves.set([...path, ...leaf.path].join('.').slice(0, 300), { text: JSON.stringify(leaf.value) ?? '', value: leaf.value });
      }
    }
  }
  return leaves;
}

/** Every value that a pattern means, with its key; `*` is any one key. */
function valuesAt(config: Readonly<Json>, pattern: readonly string[]): readonly { readonly path: readonly string[]; readonly value: unknown }[] {
  let found: readonly { readonly path: readonly string[]; readonly value: unknown }[] = [{ path: [], value: config }];
  for (const part of pattern) {
    found = found.flatMap(({ path, value }) => {
      if (!isObject(value)) return [];
      const keys = part === '*' ? Object.keys(value) : Object.hasOwn(value, part) ? [part] : [];
      return keys.slice(0, MOST_KEYS).map((key) => ({ path: [...path, key], value: value[key] }));
    });
  }
  return found;
}
