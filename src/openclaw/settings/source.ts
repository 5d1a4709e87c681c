/** Where settings are read from: a config whose secrets are masked, and the environment. Both may be a tenant's: nothing is taken for granted. */
import type { Setting } from '../../core/settings.ts';
import { isObject, type Json } from '../merge.ts';

export interface SettingsSource {
  /** Secrets in it are references or masked. */
  readonly config: Readonly<Json>;
  /** Variables that select something; none of them holds a secret. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The value at a dotted key, or undefined. */
export function at(config: Readonly<Json>, key: string): unknown {
  let value: unknown = config;
  for (const part of key.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

/** Text at a key, else the default. Anything but text is told as JSON, cut: OpenClaw would refuse it, a reader wants to see it. */
export function textAt({ config }: SettingsSource, key: string, byDefault: string): Setting<string> {
  const value = at(config, key);
  if (value === undefined) return { value: byDefault, from: 'default' };
  return { value: typeof value === 'string' ? value : (JSON.stringify(value) ?? '').slice(0, 200), from: `config:${key}` };
}
