/**
 * Reads a config as it lies in a tenant's tree, after the collector has masked its secrets. The tenant wrote it: nothing is taken for granted.
 * Source: openclaw 2026.9.6 `openclaw config schema`.
 */
import type { PolicyFact } from '../core/facts.ts';
import type { PresetName } from '../core/fleet.ts';
import { BOUNDARY_KEYS } from './config.ts';
import { isObject, type Json } from './merge.ts';
import { walk } from './credentials/walk.ts';
import { at } from './settings/source.ts';

export interface LiveConfig {
  /** Role of a path → the path, where the config names one. */
  readonly paths: Readonly<Record<string, string>>;
  readonly policy: PolicyFact;
}

/** `rendered` is the blueprint's config; without it nothing is said about drift. */
export function readLiveConfig(live: unknown, preset?: PresetName, rendered?: Readonly<Json>): LiveConfig {
  const config = isObject(live) ? live : {};
  const drifted = rendered === undefined ? undefined : driftedKeys(config, rendered);
  const restricted = ['profile', 'allow', 'deny'].some((key) => at(config, `tools.${key}`) !== undefined);
  return {
    paths: pathsOf(config),
    policy: {
      restricted,
      ...(preset === undefined ? {} : { preset }),
      ...(drifted === undefined ? {} : { drifted }),
      ...(isObject(rendered?.['tools']) ? { rendered: rendered['tools'] } : {}),
    },
  };
}

/** Leaf keys below the boundary's own whose value is not what was rendered: changed, missing or added. Sorted, at most 100. */
export function driftedKeys(live: Readonly<Json>, rendered: Readonly<Json>): readonly string[] {
  const [left, right] = [boundaryLeaves(live), boundaryLeaves(rendered)];
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys]
    .filter((key) => left.get(key) !== right.get(key))
    .sort()
    .slice(0, 100);
}

function boundaryLeaves(config: Readonly<Json>): ReadonlyMap<string, string> {
  const owned = BOUNDARY_KEYS.map((key) => key.split('.'));
  const leaves = new Map<string, string>();
  for (const { path, value } of walk(config)) {
    if (owned.some((key) => key.length <= path.length && matches(key, path.slice(0, key.length))))
      leaves.set(path.join('.').slice(0, 300), JSON.stringify(value));
  }
  return leaves;
}

function pathsOf(config: Json): Readonly<Record<string, string>> {
  const keys: Readonly<Record<string, string>> = {
    log: 'logging.file',
  };
  const named = Object.entries(keys).map(([role, key]) => [role, at(config, key)] as const);
  return Object.fromEntries(named.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part === '*' || part === path[index]);
}
