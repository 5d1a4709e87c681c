/**
 * Where a gateway puts things. Source: openclaw 2026.9.6 `openclaw config schema` (agents.*), docs/concepts/agent-workspace.md,
 * docs/gateway/sandboxing.md; the defaults of further agents were read from the running version.
 */
import type { AgentPlaces, PlaceSettings } from '../../core/place-settings.ts';
import type { Setting } from '../../core/settings.ts';
import { isObject, type Json } from '../merge.ts';
import { absolute, basesOf, type Bases } from './paths.ts';
import { namedPaths } from './named-paths.ts';
import { at, variable, type SettingsSource } from './source.ts';

const REMOTE_SANDBOX_ROOT = '/tmp/openclaw-sandboxes';
const MOST_AGENTS = 200;

export function placeSettings(source: SettingsSource): PlaceSettings {
  const bases = basesOf(source);
  const { state, config, profile } = bases;
  const agents = agentsIn(source.config);
  const workspace = textIn(source.config, 'agents.defaults.workspace', bases) ?? implicitWorkspace(source, bases);
  return {
    config,
    state,
    ...(profile === undefined ? {} : { profile }),
    workspace,
    agents: placesOfAgents(source, bases, agents, workspace),
    ...sandboxes(source, bases, agents),
    includeRoots: includeRoots(source, bases),
    multiGateway: switchOf(source, 'OPENCLAW_ALLOW_MULTI_GATEWAY'),
    ...namedPaths(source, bases.home.value),
  };
}

export interface AgentEntry {
  readonly id: string;
  readonly key: string;
  readonly entry: Readonly<Json>;
}

/** Agents that the config names, by id; the built-in `main` is not among them. An older config has them in a list. */
export function agentsIn(config: Readonly<Json>): readonly AgentEntry[] {
  const entries = at(config, 'agents.entries');
  const list = at(config, 'agents.list');
  const keyed = isObject(entries) ? Object.entries(entries).map(([id, entry]) => ({ id, key: `agents.entries.${id}`, entry })) : [];
  const listed = Array.isArray(list)
    ? list.map((entry: unknown, index) => ({ id: isObject(entry) ? entry['id'] : undefined, key: `agents.list.${index}`, entry }))
    : [];
  return [...keyed, ...listed].slice(0, MOST_AGENTS).flatMap(({ id, key, entry }) => {
    if (typeof id !== 'string') return [];
    const plain = id
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 64);
    return [{ id: plain === '' ? 'main' : plain, key, entry: isObject(entry) ? entry : {} }];
  });
}

function placesOfAgents(source: SettingsSource, bases: Bases, named: readonly AgentEntry[], workspace: Setting<string>): readonly AgentPlaces[] {
  const agents = named.length === 0 ? [{ id: 'main', key: 'agents.entries.main', entry: {} }] : named;
  const owner = agents.find(({ entry }) => entry['default'] === true)?.id ?? (agents.length === 1 ? agents[0]?.id : undefined);
  const commonCwd = textIn(source.config, 'agents.defaults.cwd', bases);
  const fromEnvironment = variable(source, 'OPENCLAW_AGENT_DIR');
  const places = agents.map(({ id, key, entry }): AgentPlaces => {
    const own = textOf(entry['workspace'], `config:${key}.workspace`, bases);
    const cwd = textOf(entry['cwd'], `config:${key}.cwd`, bases) ?? commonCwd;
    const directory = textOf(entry['agentDir'], `config:${key}.agentDir`, bases) ?? {
      value: `${bases.state.value}/agents/${id}/agent`,
      from: 'default',
    };
    const inherited = id === owner ? workspace : nestedWorkspace(workspace, bases, id);
    return { id, workspaces: [own ?? inherited, ...(cwd === undefined ? [] : [cwd])], directory };
  });
  if (fromEnvironment === undefined) return places;
  return [...places, { id: 'main', workspaces: [], directory: { ...fromEnvironment, value: absolute(fromEnvironment.value, bases.home.value) } }];
}

/** An agent without a workspace of its own works below the common one, or beside it in the state directory when none is set. */
function nestedWorkspace(workspace: Setting<string>, { state }: Bases, id: string): Setting<string> {
  if (workspace.from.startsWith('config:')) return { value: `${workspace.value}/${id}`, from: workspace.from };
  return { value: `${state.value}/workspace-${id}`, from: 'default' };
}

/** Nothing in the config says so: the environment selects it, so `from` is `default`. */
function implicitWorkspace(source: SettingsSource, { home, state, profile }: Bases): Setting<string> {
  const named = variable(source, 'OPENCLAW_WORKSPACE_DIR');
  if (named !== undefined) return { ...named, value: absolute(named.value, home.value) };
  if (state.from !== 'default') return { value: `${state.value}/workspace`, from: 'default' };
  return { value: `${home.value}/.openclaw${profile === undefined ? '' : `-${profile.value}`}/workspace`, from: 'default' };
}

function sandboxes({ config }: SettingsSource, bases: Bases, agents: readonly AgentEntry[]): Pick<PlaceSettings, 'sandboxRoots' | 'remoteSandboxes'> {
  const common = sandboxOf(at(config, 'agents.defaults.sandbox'));
  const all = [{ key: 'agents.defaults', here: common }, ...agents.map(({ key, entry }) => ({ key, here: sandboxOf(entry['sandbox']) }))];
  return {
    sandboxRoots: all.flatMap(({ key, here }) => textOf(here.root, `config:${key}.sandbox.workspaceRoot`, bases) ?? []),
    remoteSandboxes: all.flatMap(({ key, here }) => {
      const target = here.target ?? (here.remoteRoot === undefined ? undefined : common.target);
      const root = here.remoteRoot ?? common.remoteRoot ?? REMOTE_SANDBOX_ROOT;
      return target === undefined ? [] : [{ value: `${target}:${absolute(root, '~')}`, from: `config:${key}.sandbox.ssh` }];
    }),
  };
}

function sandboxOf(value: unknown): { readonly root?: unknown; readonly target?: string; readonly remoteRoot?: string } {
  if (!isObject(value)) return {};
  const ssh = isObject(value['ssh']) ? value['ssh'] : {};
  const [target, remoteRoot] = [ssh['target'], ssh['workspaceRoot']];
  return {
    root: value['workspaceRoot'],
    // Host names know no case.
    ...(typeof target === 'string' && target.trim() !== '' ? { target: target.trim().toLowerCase() } : {}),
    ...(typeof remoteRoot === 'string' && remoteRoot.trim() !== '' ? { remoteRoot: remoteRoot.trim() } : {}),
  };
}

function includeRoots(source: SettingsSource, { home }: Bases): readonly Setting<string>[] {
  const { value, from } = variable(source, 'OPENCLAW_INCLUDE_ROOTS') ?? { value: '', from: '' };
  return value
    .split(':')
    .map((root) => absolute(root.trim(), home.value))
    .filter((root) => root.startsWith('/'))
    .map((root) => ({ value: root, from }));
}

function switchOf(source: SettingsSource, name: string): Setting<boolean> {
  const { value, from } = variable(source, name) ?? { value: '', from: 'default' };
  return { value: /^(?:1|true|yes|on)$/i.test(value), from };
}

function textIn(config: Readonly<Json>, key: string, bases: Bases): Setting<string> | undefined {
  return textOf(at(config, key), `config:${key}`, bases);
}

function textOf(value: unknown, from: string, { home }: Bases): Setting<string> | undefined {
  return typeof value === 'string' && value.trim() !== '' ? { value: absolute(value.trim(), home.value), from } : undefined;
}
