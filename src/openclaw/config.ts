/** Renders a tenant's openclaw.json. Source of the keys: openclaw 2026.9.6 `openclaw config schema`, docs/gateway/configuration-reference.md. */
import type { TenantPaths } from '../core/blueprint.ts';
import type { Channel, ModelProvider, PolicyChoice } from '../core/fleet.ts';
import { channelConfig } from './channels/render.ts';
import { isObject, merge, type Json } from './merge.ts';
import { PRESETS } from './presets/index.ts';
import { sandboxConfig } from './sandbox.ts';
import { fileSecret, gatewayTokenFile, modelSecretFile, secretName } from './secrets.ts';

export interface ConfigInput {
  readonly paths: TenantPaths;
  readonly gatewayPort: number;
  readonly policy: PolicyChoice;
  readonly channels: readonly Channel[];
  readonly models: readonly ModelProvider[];
  readonly browser: boolean;
  /** Tools run in OpenClaw's sandboxes. */
  readonly sandbox?: 'all';
  /** Further OpenClaw config of the manifest. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Key paths that the boundary owns, each with everything below it; `*` is any one key. What a manifest's `config` says there is not used
 * (`overruledKeys` names it). Agents of a tenant may differ in everything but where they work and what they may do.
 */
export const BOUNDARY_KEYS: readonly string[] = [
  '$include',
  'gateway',
  'secrets',
  'tools',
  'browser',
  'discovery',
  'env',
  'hooks.enabled',
  'logging.file',
  'update',
  'session.dmScope',
  'session.store',
  'agents.defaults.workspace',
  'agents.defaults.cwd',
  'agents.defaults.sandbox',
  'agents.defaults.sessionStore',
  'agents.entries.*.workspace',
  'agents.entries.*.cwd',
  'agents.entries.*.agentDir',
  'agents.entries.*.sandbox',
  'agents.entries.*.tools',
  'channels.defaults',
  'channels.telegram',
  'commands.restart',
  'commands.config',
  'commands.bash',
  'commands.debug',
  'commands.mcp',
  'commands.plugins',
  'plugins.load',
  'models.catalogRefresh',
];

/** Top-level keys that the boundary owns whole: nothing of a manifest's further config is in them. */
export const BOUNDARY_SECTIONS: ReadonlySet<string> = new Set(BOUNDARY_KEYS.filter((key) => !key.includes('.')));

/** The whole config of a tenant, without secrets: they are references to files in `secretsDir`. */
export function renderConfig(input: ConfigInput): Readonly<Record<string, unknown>> {
  // A channel that the manifest declares is ours whole; another one may stand in its further config.
  const kept = withoutOwned(input.config, { also: input.channels.map(({ kind }) => ['channels', kind]) });
  const parts = [base(input), policyConfig(input.policy, input.browser), ...channelConfigs(input), modelsConfig(input), sandboxOf(input)];
  return parts.reduce<Json>((config, part) => merge(config, part), kept);
}

/** Keys of a manifest's `config` that the boundary overrules, e.g. `gateway.bind`. */
export function overruledKeys(config: Readonly<Record<string, unknown>>): readonly string[] {
  const found: string[] = [];
  withoutOwned(config, { dropped: (key) => found.push(key) });
  return found;
}

/** The policy part alone: the preset and what the tenant changes of it. Deny wins in OpenClaw, also over what is allowed here. */
export function policyConfig(policy: PolicyChoice, browser = false): Json {
  const { tools, ...config } = PRESETS[policy.preset].config;
  const { profile, allow, alsoAllow = [], deny, ...settings } = tools;
  const isBrowserOn = runsBrowser(policy, browser);
  // Profiles of OpenClaw's leave the browser out.
  const added = [...policy.alsoAllow, ...(isBrowserOn && PRESETS[policy.preset].browser === 'possible' ? ['browser'] : [])];
  const given =
    policy.allow.length > 0
      ? { allow: unique(policy.allow) }
      : allow !== undefined
        ? { allow: unique([...allow, ...added]) }
        : { ...(profile === undefined ? {} : { profile }), ...named('alsoAllow', unique([...alsoAllow, ...added])) };
  return {
    ...config,
    tools: {
      ...settings,
      ...given,
      deny: unique([...deny, ...policy.deny]),
      elevated: { enabled: false },
      fs: { workspaceOnly: true },
      agentToAgent: { enabled: false },
    },
  };
}

/** Whether a tenant's browser runs; a preset may overrule the manifest. */
export function runsBrowser({ preset }: Pick<PolicyChoice, 'preset'>, browser: boolean): boolean {
  return browser && PRESETS[preset].browser !== 'off';
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function named(key: string, names: readonly string[]): Json {
  return names.length > 0 ? { [key]: names } : {};
}

function sandboxOf({ sandbox, paths }: ConfigInput): Json {
  return sandbox === undefined ? {} : sandboxConfig(paths);
}

function base({ paths, gatewayPort, policy, browser }: ConfigInput): Json {
  const token = fileSecret('gateway-token', gatewayTokenFile(paths));
  return {
    gateway: {
      mode: 'local',
      bind: 'loopback',
      port: gatewayPort,
      // Loopback is never locked out: every client of a published port arrives from 127.0.0.1, so one neighbour with wrong
      // tokens would lock out the rightful operator. Wrong tokens are still answered ever more slowly.
      auth: { mode: 'token', token: token.ref, rateLimit: { maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000, exemptLoopback: true } },
      http: { endpoints: { chatCompletions: { enabled: true } } },
      controlUi: { enabled: false },
      tailscale: { mode: 'off' },
      nodes: { browser: { mode: 'off' } },
    },
    secrets: { providers: token.provider },
    agents: { defaults: { workspace: paths.workspace } },
    discovery: { mdns: { mode: 'off' } },
    logging: { file: paths.logFile },
    commands: { restart: false, config: false, bash: false, debug: false, mcp: false, plugins: false },
    hooks: { enabled: false },
    update: { checkOnStart: false },
    browser: runsBrowser(policy, browser) ? BROWSER : { enabled: false },
    channels: { defaults: { contextVisibility: 'allowlist' } },
    models: { mode: 'merge', catalogRefresh: { enabled: false } },
  };
}

function channelConfigs({ channels, paths, policy }: ConfigInput): readonly Json[] {
  const { senders, channels: enabled } = PRESETS[policy.preset];
  return channels.map((channel) => channelConfig(channel, { paths, senders, enabled }));
}

function modelsConfig({ models, paths }: ConfigInput): Json {
  let config: Json = {};
  for (const model of models) {
    const key = fileSecret(`model-${secretName(model.provider)}`, modelSecretFile(paths, model));
    const own = model.baseUrl === undefined ? {} : ownEndpoint(model.baseUrl, model.model ?? 'default');
    config = merge(config, { secrets: { providers: key.provider }, models: { providers: { [model.provider]: { apiKey: key.ref, ...own } } } });
  }
  const first = models.find((model) => model.model !== undefined || model.baseUrl !== undefined);
  if (first === undefined) return config;
  return merge(config, { agents: { defaults: { model: { primary: `${first.provider}/${first.model ?? 'default'}` } } } });
}

/** An endpoint of the operator's own, OpenAI-compatible. OpenClaw knows no price or window for it. */
function ownEndpoint(baseUrl: string, model: string): Json {
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  return {
    baseUrl,
    api: 'openai-completions',
    models: [{ id: model, name: model, reasoning: false, input: ['text'], cost, contextWindow: 128_000, maxTokens: 4096 }],
  };
}

/** For whoever needs a browser: no script from the agent, no address of the private network, no relay by the older login. */
const BROWSER: Json = {
  enabled: true,
  evaluateEnabled: false,
  extensionRelay: { allowLegacyAuth: false },
  ssrfPolicy: { dangerouslyAllowPrivateNetwork: false },
};

const OWNED = BOUNDARY_KEYS.map((key) => key.split('.'));

/** Without what the boundary owns. */
function withoutOwned(
  value: Readonly<Record<string, unknown>>,
  { also = [], dropped }: { readonly also?: readonly (readonly string[])[]; readonly dropped?: (key: string) => void },
): Json {
  const owned = [...OWNED, ...also];
  const visit = (object: Readonly<Record<string, unknown>>, path: readonly string[]): Json => {
    const kept: Json = {};
    for (const [key, child] of Object.entries(object)) {
      const here = [...path, key];
      // As an own key it comes only from hostile JSON; assigning it would set the prototype.
      if (key === '__proto__') dropped?.(here.join('.'));
      else if (owned.some((pattern) => pattern.length === here.length && pattern.every((part, at) => part === '*' || part === here[at])))
        dropped?.(here.join('.'));
      else kept[key] = isObject(child) ? visit(child, here) : child;
    }
    return kept;
  };
  return visit(value, []);
}
