/**
 * Reads a config as it lies in a tenant's tree, after the collector has masked its secrets. The tenant wrote it: nothing is taken for granted.
 * Source: openclaw 2026.9.6 `openclaw config schema`.
 */
import type { PolicyFact } from '../core/facts.ts';
import type { PresetName } from '../core/fleet.ts';
import { isObject, type Json } from './merge.ts';
import { policyDiff } from './policy-diff.ts';
import { at } from './settings/source.ts';

const MOST_DRIFTED = 100;

export interface LiveConfig {
  /** Role of a path → the path, where the config names one. */
  readonly paths: Readonly<Record<string, string>>;
  readonly policy: PolicyFact;
}

/** `rendered` is the blueprint's config; without it nothing is said about drift. */
export function readLiveConfig(live: unknown, preset?: PresetName, rendered?: Readonly<Json>): LiveConfig {
  const config = isObject(live) ? live : {};
  const drifted = rendered === undefined ? undefined : driftedKeys(config, rendered, preset);
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

function driftedKeys(live: Readonly<Json>, rendered: Readonly<Json>, preset: PresetName | undefined): readonly string[] {
  const keys = policyDiff(rendered, live, preset).map(({ key }) => key);
  return keys.slice(0, MOST_DRIFTED);
}

function pathsOf(config: Json): Readonly<Record<string, string>> {
  const keys: Readonly<Record<string, string>> = {
    log: 'logging.file',
  };
  const named = Object.entries(keys).map(([role, key]) => [role, at(config, key)] as const);
  return Object.fromEntries(named.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
