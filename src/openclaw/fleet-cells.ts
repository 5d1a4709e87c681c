/**
 * Cells of `openclaw fleet`: what they are called, where they keep what, and the commands of its operator. Source: openclaw 2026.9.6
 * docs/cli/fleet.md, dist `cell-profile-*`; the rest was seen by running it.
 */
import { createHash } from 'node:crypto';
import { CONTAINER_HOME } from './discovery.ts';
import { isObject } from './merge.ts';

/** Where a cell's container has its two directories. */
export const CELL_STATE = `${CONTAINER_HOME}/.openclaw`;
export const CELL_KEYS = `${CONTAINER_HOME}/.config/openclaw`;
/** Of the state directory. */
export const CELL_WORKSPACE = 'workspace';
/** Below a tenant's home: what a cell has at CELL_KEYS. */
export const HOME_KEYS = '.config/openclaw';

export function cellContainer(cell: string): string {
  return `openclaw-cell-${cell}`;
}

/** What fleet labels a container with: it names the directory that fleet gave to the cell. */
export function cellOwner(dataDir: string): string {
  return createHash('sha256').update(dataDir).digest('hex').slice(0, 32);
}

/**
 * At the top of a cell's state directory, as a regular expression: settings, which the manifest of a tenant says, and what is made anew. A `.env`
 * would add settings that nobody declared.
 */
export const CELL_BEHIND = String.raw`^(?:openclaw\.json(?:\..+)?|\.env|cache|tmp)$`;

/** Keys that fleet itself writes into a cell's config. */
const CELL_OWN_SETTINGS: readonly string[] = ['gateway', 'meta', 'wizard'];

/** Of the keys of a cell's config, those that a tenant's config has not. Fleet's own are not told. */
export function settingsLeft(keys: readonly string[], config: Readonly<Record<string, unknown>>): readonly string[] {
  const has = (value: unknown, [first, ...rest]: readonly string[]): boolean =>
    first === undefined || (isObject(value) && first in value && has(value[first], rest));
  return keys.filter((key) => key !== '' && !CELL_OWN_SETTINGS.includes(key.split('.')[0] ?? '') && !has(config, key.split('.')));
}

/** `<state>/fleet/cells/<cell>`: what fleet's operator has to say for fleet to know the cell. */
function stateOf(dataDir: string): string | undefined {
  return /^(\/.+)\/fleet\/cells\/[^/]+$/.exec(dataDir)?.[1];
}

/** A command of fleet as its operator types it. */
export function fleetCommand(dataDir: string, ...words: readonly string[]): string {
  const state = stateOf(dataDir);
  const where = state === undefined || state === '/root/.openclaw' ? '' : `OPENCLAW_STATE_DIR=${state} `;
  return `${where}openclaw fleet ${words.join(' ')}`;
}
