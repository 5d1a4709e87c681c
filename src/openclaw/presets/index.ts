/** Tool policies by name. */
import type { PresetName } from '../../core/fleet.ts';
import { api } from './api.ts';
import { browser } from './browser.ts';
import { operator } from './operator.ts';
import type { Preset } from './preset.ts';
import { quarantine } from './quarantine.ts';
import { research } from './research.ts';
import { support } from './support.ts';
import { team } from './team.ts';

export type { Preset } from './preset.ts';

export const PRESETS: Readonly<Record<PresetName, Preset>> = { support, operator, api, research, browser, team, quarantine };

/** A preset as it is named to people: `team (personas, not tenants)`. */
export function presetTitle(name: PresetName): string {
  const { label } = PRESETS[name];
  return label === undefined ? name : `${name} (${label})`;
}
