/** Source: openclaw 2026.9.6 `openclaw config schema` (tools.*, agents.*, plugins.*), docs/gateway/config-tools/tool-policy.md. */
import type { Setting } from '../../core/settings.ts';
import { POWERS, type Power, type ToolSettings } from '../../core/tool-settings.ts';
import { isObject, type Json } from '../merge.ts';
import { allowsTool, expandTools, meansTool, PROFILES, TOOL_NAMES } from '../tool-catalogue.ts';
import { at, listAt, switchAt, textAt, type SettingsSource } from './source.ts';
import { surfacesOf } from './surfaces.ts';

const TOOLS_OF: Readonly<Record<Power, readonly string[]>> = {
  exec: ['exec', 'process', 'code_execution', 'terminal'],
  write: ['write', 'edit', 'apply_patch'],
  read: ['read', 'ls'],
  browser: ['browser', 'screen'],
  nodes: ['nodes', 'computer', 'mobile_ui'],
  control: ['gateway', 'plugins', 'openclaw'],
  schedule: ['automations'],
};
const WEAKEST_SANDBOX = ['off', 'non-main', 'all'];

export function toolSettings(source: SettingsSource): ToolSettings {
  const { config } = source;
  const agents = agentsOf(config);
  const allow = at(config, 'plugins.allow');
  return {
    reach: reachOf(source, agents),
    workspaceOnly: everyAgent(source, agents, 'fs.workspaceOnly', false),
    elevated: switchAt(source, 'tools.elevated.enabled', true),
    sandbox: weakestSandbox(source, agents),
    sandboxAccess: textAt(source, 'agents.defaults.sandbox.workspaceAccess', 'none'),
    httpAllow: listAt(source, 'gateway.tools.allow'),
    sessionReach: textAt(source, 'tools.sessions.visibility', 'all'),
    agentToAgent: switchAt(source, 'tools.agentToAgent.enabled', true),
    agents: Math.max(1, agents.length),
    crossContext: crossContext(source),
    pluginAllow: allow === undefined ? { value: null, from: 'default' } : listAt(source, 'plugins.allow'),
    pluginSources: [...listAt(source, 'plugins.load.paths').value, ...keysAt(config, 'plugins.entries').map((id) => `plugin ${id}`)],
    surfaces: surfacesOf(source),
  };
}

interface Agent {
  readonly key: string;
  readonly tools: Json;
  readonly sandbox: unknown;
}

function agentsOf(config: Readonly<Json>): readonly Agent[] {
  const entries = at(config, 'agents.entries');
  if (!isObject(entries)) return [];
  return Object.entries(entries)
    .slice(0, 200)
    .map(([id, agent]) => {
      const tools = isObject(agent) && isObject(agent['tools']) ? agent['tools'] : {};
      return { key: `agents.entries.${id}.tools`, tools, sandbox: isObject(agent) ? agent['sandbox'] : undefined };
    });
}

/** What the policy leaves, for the default agent and each that has a policy of its own. Deny wins; an agent narrows and adds within it. */
function reachOf(source: SettingsSource, agents: readonly Agent[]): ToolSettings['reach'] {
  const common = at(source.config, 'tools');
  const policies = [{ key: 'tools', tools: isObject(common) ? common : {} }, ...agents.filter(({ tools }) => Object.keys(tools).length > 0)];
  const reach: Partial<Record<Power, string>> = {};
  for (const { key, tools } of policies) {
    const granted = grants(isObject(common) ? common : {}, tools, key);
    for (const power of POWERS) {
      const by = TOOLS_OF[power].map(granted).find((grant) => grant !== undefined);
      if (by !== undefined && !isSwitchedOff(power, source.config, tools)) reach[power] ??= by;
    }
  }
  return reach;
}

/** Whether a `tools` section gives a tool. Of tools that are not OpenClaw's own only what it denies by name or pattern is known: the rest is the plugin's. */
export function giver(tools: Json): (tool: string) => boolean {
  const granted = grants(tools, tools, 'tools');
  const denied = expandTools(Array.isArray(tools['deny']) ? tools['deny'].filter((name) => typeof name === 'string') : []);
  return (tool) => (TOOL_NAMES.includes(tool) ? granted(tool) !== undefined : !meansTool(denied, tool));
}

/** For each tool: what grants it, or undefined where nothing does. `own` and `key`: of an agent, or the common policy once more. */
export function grants(common: Json, own: Json, key: string): (tool: string) => string | undefined {
  const names = (policy: Json, part: string): readonly string[] => {
    const list: unknown = policy[part];
    return expandTools(Array.isArray(list) ? list.filter((name) => typeof name === 'string') : []);
  };
  const deny = [...names(common, 'deny'), ...names(own, 'deny')];
  const profile = typeof own['profile'] === 'string' ? own['profile'] : typeof common['profile'] === 'string' ? common['profile'] : undefined;
  const base = profile === undefined || profile === 'full' ? undefined : expandTools(PROFILES[profile] ?? []);
  const allow = [common, own].map((policy) => names(policy, 'allow')).filter((list) => list.length > 0);
  const also = [...names(common, 'alsoAllow'), ...names(own, 'alsoAllow')];
  return (tool) => {
    if (meansTool(deny, tool)) return undefined;
    if (allowsTool(also, tool)) return `config:${key}.alsoAllow`;
    if (!allow.every((list) => allowsTool(list, tool))) return undefined;
    if (base === undefined)
      return allow.length > 0 ? `config:${key}.allow` : profile === undefined ? 'default: no tool policy' : `config:${key}.profile=full`;
    return allowsTool(base, tool) ? `config:${key}.profile=${profile}` : undefined;
  };
}

/** Offered, and refused when it is called; or not there at all. */
function isSwitchedOff(power: Power, config: Readonly<Json>, own: Json): boolean {
  if (power === 'browser') return at(config, 'browser.enabled') === false;
  if (power !== 'exec') return false;
  return (at({ tools: own }, 'tools.exec.security') ?? at(config, 'tools.exec.security')) === 'deny';
}

function everyAgent(source: SettingsSource, agents: readonly Agent[], key: string, byDefault: boolean): Setting<boolean> {
  const common = switchAt(source, `tools.${key}`, byDefault);
  const weaker = agents.find(({ tools }) => at({ tools }, `tools.${key}`) === false);
  return weaker === undefined ? common : { value: false, from: `config:${weaker.key}.${key}` };
}

function weakestSandbox(source: SettingsSource, agents: readonly Agent[]): Setting<string> {
  let weakest = textAt(source, 'agents.defaults.sandbox.mode', 'off');
  for (const { key, sandbox } of agents) {
    const mode = isObject(sandbox) ? sandbox['mode'] : undefined;
    if (typeof mode === 'string' && WEAKEST_SANDBOX.indexOf(mode) < WEAKEST_SANDBOX.indexOf(weakest.value))
      weakest = { value: mode, from: `config:${key.replace(/tools$/, 'sandbox.mode')}` };
  }
  return weakest;
}

function crossContext(source: SettingsSource): Setting<boolean> {
  const keys = ['allowWithinProvider', 'allowAcrossProviders'].map((key) => switchAt(source, `tools.message.crossContext.${key}`, true));
  return keys.find(({ value }) => value) ?? { value: false, from: 'config:tools.message.crossContext' };
}

function keysAt(config: Readonly<Json>, key: string): readonly string[] {
  const value = at(config, key);
  return isObject(value) ? Object.keys(value).slice(0, 200) : [];
}
