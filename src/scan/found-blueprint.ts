/** What a found gateway would be declared as: its effective paths, ports and variables in the shape of a blueprint. Pure. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import type { Rung, Trust } from '../core/words.ts';
import type { SeenVariables } from '../openclaw/credentials/environment.ts';
import { compileCache, defaultLogFile } from '../openclaw/discovery.ts';
import { isObject, type Json } from '../openclaw/merge.ts';
import { blockOf } from '../openclaw/ports.ts';
import { readSettings } from '../openclaw/settings/index.ts';
import { at } from '../openclaw/settings/source.ts';
import type { Setting } from '../core/settings.ts';
import { directoryOf } from '../core/path-text.ts';
import type { Gateway, Looked } from './merge.ts';
import { textsOf } from './sighting.ts';

export interface FoundInput {
  readonly gateway: Gateway;
  readonly rung: Rung;
  readonly trust: Trust;
  readonly host: string;
  readonly layout: Layout;
  /** `2026-11-24` in the host's own time: logs are named by it. */
  readonly day: string;
  readonly common?: { readonly uid: number; readonly mode: number };
}

/** Variables that select something, as they are in effect: `--profile` sets three of them before anything reads them. */
export function effectiveTexts(
  variables: SeenVariables,
  { resolved, argv }: { readonly resolved: Looked['resolved']; readonly argv: readonly string[] },
): Readonly<Record<string, string>> {
  const own = textsOf(variables);
  const byArgument = argv.some((word) => word === '--profile' || word.startsWith('--profile=')) && resolved.profile !== undefined;
  const home = own['HOME'] === undefined ? { HOME: resolved.home } : {};
  // What is relative or begins with a tilde is told as what it means.
  const absolute = {
    ...(own['OPENCLAW_STATE_DIR'] === undefined ? {} : { OPENCLAW_STATE_DIR: resolved.stateDir }),
    ...(own['OPENCLAW_CONFIG_PATH'] === undefined ? {} : { OPENCLAW_CONFIG_PATH: resolved.configPath }),
  };
  if (!byArgument) return { ...home, ...own, ...absolute };
  return {
    ...home,
    ...own,
    OPENCLAW_PROFILE: resolved.profile ?? '',
    OPENCLAW_STATE_DIR: resolved.stateDir,
    OPENCLAW_CONFIG_PATH: resolved.configPath,
  };
}

/** The port that it has, and what selected it: what listens counts before what is configured. */
export function portOf({ main }: Gateway, environment: Readonly<Record<string, string>>): Setting<number> {
  const { looked, sighting } = main;
  const published = sighting.container?.publishedPort;
  const text = looked.known && looked.value.text.known ? looked.value.text.value : {};
  const configured = readSettings({ config: text, environment }).network.port;
  const argument = looked.known ? looked.value.resolved.portArgument : undefined;
  const wanted = argument === undefined ? configured : { value: argument, from: 'argument --port' };
  const { process } = sighting;
  const ports = process?.ports.ok === true ? process.ports.value : [];
  if (process === undefined || ports.length === 0 || ports.includes(wanted.value))
    return published === undefined ? wanted : { value: wanted.value, from: wanted.from };
  const told = Number(process.passedOn['OPENCLAW_GATEWAY_PORT']);
  const value = ports.includes(told) ? told : (ports[0] ?? wanted.value);
  return { value, from: `listening socket of process ${process.pid}` };
}

export function foundBlueprint({ gateway, rung, trust, host, layout, day, common }: FoundInput): Blueprint {
  const { id: tenant, main } = gateway;
  const { sighting, looked } = main;
  const { uid = -1, name = `uid ${uid}` } = sighting.runsAs ?? {};
  const variables = sighting.variables.known ? sighting.variables.value : {};
  const argv = sighting.launch.known ? sighting.launch.value.argv : [];
  const resolved = looked.known
    ? looked.value.resolved
    : { home: '/', stateDir: '/', configPath: '/', workspace: '/', profileByEnvironmentAlone: false };
  const environment = effectiveTexts(variables, { resolved, argv });
  const config = looked.known && looked.value.text.known ? inWordsOfHost(looked.value.text.value, sighting.toHost) : {};
  const { places } = readSettings({ config, environment });
  const port = portOf(gateway, environment);
  const { toHost = (path: string) => path } = sighting;
  const tmp = environment['TMPDIR'] ?? toHost('/tmp');
  const log = at(config, 'logging.file');
  const usual = defaultLogFile(resolved, { uid, tmp, day, ...(common === undefined ? {} : { common }) });
  const state = resolved.stateDir;
  const user = { name, namespace: '', link: '', ...(uid < 0 ? {} : { uid }) };
  return {
    tenant,
    host,
    rung,
    rungDeclared: false,
    found: true,
    ...(sighting.package === undefined ? {} : { package: sighting.package }),
    boundary: { owner: '', data: '', members: [] },
    trust,
    hostAdmins: [],
    policy: { preset: 'operator', allow: [], alsoAllow: [], deny: [] },
    channels: [],
    models: [],
    apiClients: [],
    browser: isBrowserOn(config),
    limits: { memoryBytes: 0, cpus: 0, pids: 0 },
    egress: 'open',
    allow: [],
    paths: {
      root: state,
      home: resolved.home,
      state,
      configDir: directoryOf(resolved.configPath),
      configFile: resolved.configPath,
      workspace: places.workspace.value,
      tmp,
      logFile: typeof log === 'string' && log.startsWith('/') ? log : usual.startsWith('/tmp/') ? toHost(usual) : usual,
      compileCache: compileCache(environment, tmp),
      credentials: environment['OPENCLAW_OAUTH_DIR'] ?? `${state}/credentials`,
      agentDir: places.agents[0]?.directory.value ?? `${state}/agents/main/agent`,
      browserData: `${state}/browser/openclaw/user-data`,
      secretsDir: '',
    },
    serviceName: sighting.process?.unit?.replace(/\.service$/, '') ?? tenant,
    user,
    ports: blockOf(port.value),
    publishedPort: sighting.container?.publishedPort ?? port.value,
    gatewayPort: port.value,
    environment,
    config,
    install: layout.install,
  };
}

function isBrowserOn(config: Readonly<Json>): boolean {
  const browser = config['browser'];
  return !(isObject(browser) && browser['enabled'] === false);
}

/** A config with every path in it as the host calls it. */
export function inWordsOfHost(config: Readonly<Json>, toHost: ((path: string) => string) | undefined): Readonly<Json> {
  if (toHost === undefined) return config;
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return value.startsWith('/') ? toHost(value) : value;
    if (Array.isArray(value)) return value.map(visit);
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visit(item)])) : value;
  };
  return Object.fromEntries(Object.entries(config).map(([name, item]) => [name, visit(item)]));
}
