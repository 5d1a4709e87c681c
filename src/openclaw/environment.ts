/** The whole environment of a tenant's gateway and of every command run for it. Source: openclaw 2026.9.6 docs/help/environment.md. */
import type { Install, TenantPaths } from '../core/blueprint.ts';

export interface EnvironmentInput {
  readonly paths: TenantPaths;
  readonly install: Install;
  readonly gatewayPort: number;
  readonly userName: string;
}

/** Starts from nothing: a provider key in the operator's shell would otherwise be picked up. Holds no secret. */
export function tenantEnvironment({ paths, install, gatewayPort, userName }: EnvironmentInput): Readonly<Record<string, string>> {
  return {
    HOME: paths.home,
    USER: userName,
    LOGNAME: userName,
    SHELL: '/bin/sh',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    PATH: `${install.root}/bin:/usr/local/bin:/usr/bin:/bin`,
    TMPDIR: paths.tmp,
    XDG_CONFIG_HOME: `${paths.home}/.config`,
    XDG_CACHE_HOME: `${paths.home}/.cache`,
    XDG_DATA_HOME: `${paths.home}/.local/share`,
    XDG_STATE_HOME: `${paths.home}/.local/state`,
    // Both: OpenClaw's launcher starts itself a second time when the cache it finds is not one of its own choosing.
    NODE_COMPILE_CACHE: paths.compileCache,
    OPENCLAW_PACKAGED_COMPILE_CACHE_RESPAWNED: '1',
    OPENCLAW_HOME: paths.home,
    OPENCLAW_STATE_DIR: paths.state,
    OPENCLAW_CONFIG_PATH: paths.configFile,
    OPENCLAW_GATEWAY_PORT: String(gatewayPort),
    // The manifest is the source of the config; without this an agent's tool or a plugin install rewrites it.
    OPENCLAW_CONFIG_READONLY: '1',
    OPENCLAW_DISABLE_BONJOUR: '1',
    OPENCLAW_NO_AUTO_UPDATE: '1',
    OPENCLAW_OFFLINE: '1',
    OPENCLAW_NO_RESPAWN: '1',
  };
}

/** Names that select paths, ports or profiles: worth reading from a running process. None of them carries a secret. */
export const SELECTING_NAMES: readonly string[] = [
  'HOME',
  'TMPDIR',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'NODE_COMPILE_CACHE',
  'OPENCLAW_HOME',
  'OPENCLAW_STATE_DIR',
  'OPENCLAW_CONFIG_PATH',
  'OPENCLAW_PROFILE',
  'OPENCLAW_WORKSPACE_DIR',
  'OPENCLAW_GATEWAY_PORT',
  'OPENCLAW_INCLUDE_ROOTS',
  'OPENCLAW_OAUTH_DIR',
  'OPENCLAW_ALLOW_MULTI_GATEWAY',
  'OPENCLAW_CONFIG_READONLY',
  'PATH',
  'DO_NOT_TRACK',
  'OPENCLAW_NO_AUTO_UPDATE',
  'OPENCLAW_TELEMETRY_ENDPOINT',
  'OPENCLAW_BUNDLED_PLUGINS_DIR',
  'OPENCLAW_BUNDLED_SKILLS_DIR',
  'npm_config_cache',
  'PLAYWRIGHT_BROWSERS_PATH',
  'OPENCLAW_DIAGNOSTICS_TIMELINE_PATH',
  'OPENCLAW_CACHE_TRACE_FILE',
  'OPENCLAW_RAW_STREAM_PATH',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
];
