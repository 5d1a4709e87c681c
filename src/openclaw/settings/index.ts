/** Config and environment to `Settings`: one file per part of core/settings.ts. */
import type { Settings } from '../../core/settings.ts';
import { networkSettings } from './network.ts';
import type { SettingsSource } from './source.ts';
import { toolSettings } from './tools.ts';

export function readSettings(source: SettingsSource): Settings {
  return { network: networkSettings(source), tools: toolSettings(source) };
}
