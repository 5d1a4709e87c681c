/** Objects of a config, read name by name: thousands of configs are read for one plan, and most parts of most of them are absent. */
import type { Setting } from '../../core/settings.ts';
import { isObject, type Json } from '../merge.ts';

const ABSENT: Readonly<Json> = Object.freeze({});

/** The object under a name that no prototype has; an empty one when there is none. */
export function section(of: Readonly<Json>, name: string): Readonly<Json> {
  const value = of[name];
  return isObject(value) ? value : ABSENT;
}

/** Text at a full key; anything else is told as JSON, cut. */
export function textOf(value: unknown, key: string, byDefault: Setting<string>): Setting<string> {
  if (value === undefined) return byDefault;
  return { value: typeof value === 'string' ? value : (JSON.stringify(value) ?? '').slice(0, 200), from: `config:${key}` };
}

/** A switch at a full key; anything but a boolean counts as off. */
export function switchOf(value: unknown, key: string, byDefault: Setting<boolean>): Setting<boolean> {
  return value === undefined ? byDefault : { value: value === true, from: `config:${key}` };
}

/** Texts of a list at a full key, at most 1000. */
export function listOf(value: unknown, key: string): Setting<readonly string[]> {
  if (value === undefined) return NO_TEXTS;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return { value: list.filter((one) => typeof one === 'string').slice(0, 1000), from: `config:${key}` };
}

export const NO_TEXTS: Setting<readonly string[]> = { value: [], from: 'default' };
export const OFF: Setting<boolean> = { value: false, from: 'default' };
