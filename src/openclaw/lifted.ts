/**
 * Config and environment of a gateway that stands in for a tenant's own while it is attacked: the same agents, models and workspace, no policy on tools,
 * no channel, nothing scheduled, and a state directory of its own. Source: openclaw 2026.9.6 docs/gateway/config-tools/tool-policy.md, docs/gateway/embedding.md.
 */
import { isObject, merge, type Json } from './merge.ts';

export interface Stand {
  /** Its own, and removed afterwards; all that it writes is below it, but for what it writes into the workspace. */
  readonly directory: string;
  readonly port: number;
}

/** Left out as a whole: who may talk to it, and what could act by itself. */
const DROPPED = ['channels', 'bindings', 'hooks', 'cron', 'plugins', 'tools', 'browser', 'mcp'] as const;

/** `config` is the rendered one: secrets are references to the tenant's files, so that its own token opens this gateway too. */
export function liftedConfig(config: Readonly<Record<string, unknown>>, { directory, port }: Stand): Json {
  const kept: Json = Object.fromEntries(Object.entries(config).filter(([key]) => !(DROPPED as readonly string[]).includes(key)));
  const { entries, ...agents } = isObject(kept['agents']) ? kept['agents'] : {};
  const free = isObject(entries) ? { entries: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, freed(entry)])) } : {};
  return merge(
    { ...kept, agents: { ...agents, ...free } },
    {
      gateway: { port },
      agents: { defaults: { skipBootstrap: true, sandbox: { mode: 'off' } } },
      tools: {
        profile: 'full',
        exec: { host: 'gateway', security: 'full', ask: 'off', applyPatch: { workspaceOnly: false } },
        fs: { workspaceOnly: false },
      },
      browser: { enabled: false },
      cron: { enabled: false },
      logging: { file: `${directory}/gateway.log` },
    },
  );
}

function freed(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  const { tools: _tools, sandbox: _sandbox, agentDir: _agentDir, heartbeat: _heartbeat, ...rest } = entry;
  return rest;
}

export function liftedEnvironment(environment: Readonly<Record<string, string>>, { directory, port }: Stand): Readonly<Record<string, string>> {
  return {
    ...environment,
    HOME: `${directory}/home`,
    TMPDIR: `${directory}/tmp`,
    OPENCLAW_HOME: `${directory}/home`,
    OPENCLAW_STATE_DIR: `${directory}/state`,
    OPENCLAW_CONFIG_PATH: `${directory}/openclaw.json`,
    OPENCLAW_GATEWAY_PORT: String(port),
    OPENCLAW_SKIP_CHANNELS: '1',
    OPENCLAW_SKIP_CRON: '1',
  };
}
