/** Source: openclaw 2026.9.6 docs/gateway/telemetry.md. */
import type { TelemetrySettings } from '../../core/settings.ts';
import { at, variable, type SettingsSource } from './source.ts';

const DEFAULT_ENDPOINT = 'https://telemetry.openclaw.ai/api/latest-version';

export function telemetrySettings(source: SettingsSource): TelemetrySettings {
  const { config } = source;
  const off = variable(source, 'OPENCLAW_NO_AUTO_UPDATE');
  const checks = at(config, 'update.checkOnStart');
  const refused = ['1', 'true'].includes(variable(source, 'DO_NOT_TRACK')?.value ?? '');
  return {
    asks:
      off?.value === '1'
        ? { value: false, from: off.from }
        : { value: checks !== false, from: checks === undefined ? 'default' : 'config:update.checkOnStart' },
    statistics: refused
      ? { value: false, from: 'env:DO_NOT_TRACK' }
      : { value: at(config, 'telemetry.enabled') === true, from: 'config:telemetry.enabled' },
    endpoint: variable(source, 'OPENCLAW_TELEMETRY_ENDPOINT') ?? { value: DEFAULT_ENDPOINT, from: 'default' },
  };
}
