/** Where settings are read from: a config whose secrets are masked, and the environment. Both may be a tenant's: nothing is taken for granted. */
import type { Setting } from '../../core/settings.ts';
import { below } from '../credentials/walk.ts';
import type { Json } from '../merge.ts';

export interface SettingsSource {
  /** Secrets in it are references or masked. */
  readonly config: Readonly<Json>;
  /** Variables that select something; none of them holds a secret. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The value at a dotted key, or undefined. */
export function at(config: Readonly<Json>, key: string): unknown {
  return below(config, key);
}

/** Text at a key, else the default. Anything but text is told as JSON, cut: OpenClaw would refuse it, a reader wants to see it. */
export function textAt({ config }: SettingsSource, key: string, byDefault: string): Setting<string> {
  const value = at(config, key);
  if (value === undefined) return { value: byDefault, from: 'default' };
  return { value: typeof value === 'string' ? value : (JSON.stringify(value) ?? '').slice(0, 200), from: `config:${key}` };
}

/** A switch at a key, else the default. Anything but a boolean counts as off. */
export function switchAt({ config }: SettingsSource, key: string, byDefault: boolean): Setting<boolean> {
  const value = at(config, key);
  if (value === undefined) return { value: byDefault, from: 'default' };
  return { value: value === true, from: `config:${key}` };
}

/** The texts of a list at a key; [] when it is not there. */
export function listAt({ config }: SettingsSource, key: string): Setting<readonly string[]> {
  const value = at(config, key);
  if (value === undefined) return { value: [], from: 'default' };
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return { value: list.filter((item) => typeof item === 'string'), from: `config:${key}` };
}

/** A flag that is off unless something says otherwise. */
export function flagAt(from: string, value: boolean | undefined): Setting<boolean> {
  return value === undefined ? { value: false, from: 'default' } : { value, from };
}

/** Texts of a list at a key, at most 200 of them; anything but text is left out: OpenClaw would refuse it. */
export function textsAt({ config }: SettingsSource, key: string): readonly Setting<string>[] {
  const value = at(config, key);
  if (!Array.isArray(value)) return [];
  return value.slice(0, 200).flatMap((text: unknown, index) => (typeof text === 'string' ? [{ value: text, from: `config:${key}[${index}]` }] : []));
}

/** A variable that is set to something: blank, `undefined` and `null` count as unset (openclaw 2026.9.6 docs/help/environment.md). */
export function variable({ environment }: SettingsSource, name: string): Setting<string> | undefined {
  const value = environment[name]?.trim();
  return value === undefined || ['', 'undefined', 'null'].includes(value) ? undefined : { value, from: `env:${name}` };
}

/** A path with its `~` resolved. */
export function expanded(source: SettingsSource, path: string): string {
  if (path !== '~' && !path.startsWith('~/')) return path;
  const home = variable(source, 'OPENCLAW_HOME') ?? variable(source, 'HOME');
  return home === undefined ? path : `${home.value}${path.slice(1)}`;
}
