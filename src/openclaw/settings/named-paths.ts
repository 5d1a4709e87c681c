/** Absolute paths anywhere in a config or environment: whatever key holds them, OpenClaw will go there. */
import type { Setting } from '../../core/settings.ts';
import { isObject } from '../merge.ts';
import { absolute } from './paths.ts';
import type { SettingsSource } from './source.ts';

const MOST_DEPTH = 40;

export function namedPaths(
  { config, environment }: SettingsSource,
  home: string,
): { readonly named: readonly Setting<string>[]; readonly includes: readonly Setting<string>[] } {
  const includes: Setting<string>[] = [];
  const found = new Map<string, string>();
  const add = (text: string, from: string): void => {
    for (const path of pathsIn(text, home)) if (!found.has(path)) found.set(path, from);
  };
  for (const [name, value] of Object.entries(environment)) if (value.includes('/')) add(value, `env:${name}`);
  const visit = (value: unknown, key: string, depth: number): void => {
    if (depth > MOST_DEPTH) return;
    if (typeof value === 'string') {
      if (key.includes('$include') && /(?:^|\.)\$include(?:\.\d+)?$/.test(key)) includes.push({ value, from: `config:${key}` });
      if (value.includes('/') || value === '~') add(value, `config:${key}`);
    } else if (Array.isArray(value)) value.forEach((item, index) => visit(item, `${key}.${index}`, depth + 1));
    else if (isObject(value)) for (const [name, item] of Object.entries(value)) visit(item, key === '' ? name : `${key}.${name}`, depth + 1);
  };
  visit(config, '', 0);
  return { named: [...found].map(([value, from]) => ({ value, from })), includes };
}

/** The whole text where it is a path, and the parts of lists, binds, arguments and file addresses. */
function pathsIn(text: string, home: string): readonly string[] {
  if (text.length > 8192) return [];
  const plain = text.includes('://') ? text.replace(/file:\/\//gi, ' ').replace(/[a-z][a-z0-9+.-]*:\/\/\S*/gi, ' ') : text;
  const parts = /^(?:\/|~\/)[^:;,'"]*$/.test(text)
    ? [text]
    : [...plain.matchAll(/(?:^|[\s=:,;'"(])((?:~\/|\/)[^\s:,;'"()|&]*)/g)].map((match) => match[1] ?? '');
  return parts.map((part) => absolute(part, home)).filter((path) => path.startsWith('/') && path !== '/');
}
