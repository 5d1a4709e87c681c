/** The whole environment of a tenant's gateway and of every command run for it. Source: openclaw 2026.9.6 docs/help/environment.md. */
import type { Install, TenantPaths } from '../core/blueprint.ts';
import { ENGINE_SOCKET } from './sandbox.ts';

export interface EnvironmentInput {
  readonly paths: TenantPaths;
  readonly install: Install;
  readonly gatewayPort: number;
  readonly userName: string;
  readonly sandbox?: 'all';
}

/** Starts from nothing: a provider key in the operator's shell would otherwise be picked up. Holds no secret. */
export function tenantEnvironment({ paths, install, gatewayPort, userName, sandbox }: EnvironmentInput): Readonly<Record<string, string>> {
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
    ...(sandbox === undefined ? {} : { DOCKER_HOST: `unix://${ENGINE_SOCKET}` }),
  };
}
