/** How OpenClaw finds its directories from the environment. What selects what is in resolve.ts. */
import { normalised } from '../../core/path-text.ts';
import type { Setting } from '../../core/settings.ts';
import { resolveLaunch } from '../resolve.ts';
import { variable, type SettingsSource } from './source.ts';

export interface Bases {
  readonly home: Setting<string>;
  readonly state: Setting<string>;
  readonly config: Setting<string>;
  readonly profile?: Setting<string>;
}

/** The command line of a gateway is not seen here: `--profile` and `--port` are told by whoever looked at its process. */
export function basesOf(source: SettingsSource): Bases {
  const { home, stateDir, configPath, profile } = resolveLaunch({
    argv: [],
    environment: source.environment,
    osHome: '/nonexistent',
    directory: '/nonexistent',
  });
  const from = (...names: readonly string[]): string =>
    names.map((name) => variable(source, name)?.from).find((one) => one !== undefined) ?? 'default';
  return {
    home: { value: home, from: from('OPENCLAW_HOME', 'HOME', 'USERPROFILE') },
    state: { value: stateDir, from: from('OPENCLAW_STATE_DIR') },
    config: { value: configPath, from: from('OPENCLAW_CONFIG_PATH') },
    ...(profile === undefined ? {} : { profile: { value: profile, from: 'env:OPENCLAW_PROFILE' } }),
  };
}

/** Tilde expanded and normalised; what is relative stays so, for it depends on where the gateway was started. */
export function absolute(path: string, home: string): string {
  const expanded = path === '~' || path.startsWith('~/') ? `${home}${path.slice(1)}` : path;
  return expanded.startsWith('/') ? normalised(expanded) : expanded;
}
