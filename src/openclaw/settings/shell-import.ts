/** Source: openclaw 2026.9.6 docs/help/environment.md (Shell env import). */
import type { Setting } from '../../core/settings.ts';
import { at, flagAt, type SettingsSource } from './source.ts';

export function shellImport({ config, environment }: SettingsSource): Setting<boolean> {
  const variable = environment['OPENCLAW_LOAD_SHELL_ENV']?.trim().toLowerCase();
  if (variable !== undefined && !['', '0', 'false', 'no', 'off'].includes(variable)) return { value: true, from: 'env:OPENCLAW_LOAD_SHELL_ENV' };
  const enabled = at(config, 'env.shellEnv.enabled');
  return flagAt('config:env.shellEnv.enabled', enabled === undefined ? undefined : enabled === true);
}
