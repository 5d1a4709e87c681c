/** Source: openclaw 2026.9.6 `openclaw config schema` (gateway.*), docs/gateway/network-model.md. */
import type { NetworkSettings } from '../../core/settings.ts';
import { textAt, type SettingsSource } from './source.ts';

export function networkSettings(source: SettingsSource): NetworkSettings {
  return {
    bind: textAt(source, 'gateway.bind', 'loopback'),
    authMode: textAt(source, 'gateway.auth.mode', 'token'),
  };
}
