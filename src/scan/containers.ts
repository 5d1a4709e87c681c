/** Containers in which a gateway runs, as their engines tell. Engines are only asked; what their containers keep secret is masked at once. */
import * as v from 'valibot';
import { known, unknown } from '../core/facts.ts';
import type { ContainerFact, ContainerMount } from '../core/container-facts.ts';
import { parseInspect } from '../observe/container.ts';
import { reason } from '../observe/subject.ts';
import { splitEnviron, tellVariables } from '../observe/variables.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import type { SeenVariables } from '../openclaw/credentials/environment.ts';
import { VISIBLE } from '../openclaw/credentials/variables.ts';
import { CONTAINER_HOME, CONTAINER_PORT, FLEET_LABELS, isGatewayCommand, isOpenclawImage } from '../openclaw/discovery.ts';
import { makeMasker } from '../openclaw/masking.ts';
import { resolveLaunch, type Launch } from '../openclaw/resolve.ts';
import type { Scanning, Source } from './discover.ts';
import type { GatewayProcess, MachineDiscovered } from './machine-discovery.ts';
import { textsOf, type ContainerSeen, type RunsAs, type Sighting } from './sighting.ts';

type Engine = Exclude<ContainerFact['engine'], 'kubernetes'>;
const MOST_CONTAINERS = 500;
const NOT_FOUND = 127;

const texts = v.nullish(v.array(v.string()), []);
const Inspected = v.object({
  Id: v.nullish(v.string(), ''),
  State: v.nullish(v.object({ Running: v.nullish(v.boolean(), false), Pid: v.nullish(v.number(), 0) }), {}),
  Path: v.nullish(v.string(), ''),
  Args: texts,
  Config: v.object({
    Env: texts,
    Labels: v.nullish(v.record(v.string(), v.string()), {}),
    WorkingDir: v.nullish(v.string(), '/'),
    User: v.nullish(v.string(), ''),
  }),
  HostConfig: v.object({
    PortBindings: v.nullish(v.record(v.string(), v.nullish(v.array(v.object({ HostPort: v.nullish(v.string(), '') })), [])), {}),
  }),
});

export async function discoverContainers(
  scanning: Scanning,
  machine: MachineDiscovered,
): Promise<{ readonly containers: readonly Sighting[]; readonly sources: readonly Source[] }> {
  const docker = await askEngine(scanning, machine, 'docker');
  // Podman makes its storage when it is first asked: where there is none, there are no containers of the system.
  const why =
    machine.uid === 0 ? 'the system has no storage of it; what users run without root was not looked for' : 'only root may see those of the system';
  const podman = machine.podmanStorage
    ? await askEngine(scanning, machine, 'podman')
    : { containers: [], source: { what: 'containers of podman', state: 'not-tried', detail: why } as const };
  return { containers: [...docker.containers, ...podman.containers], sources: [docker.source, podman.source] };
}

interface Asked {
  readonly containers: readonly Sighting[];
  readonly source: Source;
}

async function askEngine(scanning: Scanning, machine: MachineDiscovered, engine: Engine): Promise<Asked> {
  const { host, signal } = scanning;
  const what = `containers of ${engine}`;
  const passEnvironment = ['PATH'];
  try {
    const listed = await host.run({ title: `list ${what}`, argv: [engine, 'ps', '-aq', '--no-trunc'], timeoutMs: 20_000, passEnvironment }, signal);
    if (listed.exit !== 0) {
      const said = listed.exit === NOT_FOUND ? `${engine} is not there` : (listed.stderr.trim().split('\n').at(-1) ?? '').slice(0, 200);
      return { containers: [], source: { what, state: 'not-tried', detail: said } };
    }
    const ids = listed.stdout.split('\n').filter((id) => /^[0-9a-f]{12,64}$/.test(id));
    if (ids.length === 0) return { containers: [], source: { what, state: 'looked', detail: 'there is none' } };
    const argv = [engine, 'inspect', '--type', 'container', ...ids.slice(0, MOST_CONTAINERS)] as const;
    const result = await host.run({ title: `ask ${engine} for its containers`, argv: [...argv], timeoutMs: 60_000, passEnvironment }, signal);
    if (result.exit !== 0 || result.truncated)
      return { containers: [], source: { what, state: 'partly', detail: `${engine} inspect failed: ${result.stderr.trim().slice(0, 200)}` } };
    const all: unknown = JSON.parse(result.stdout);
    const seen = await Promise.all((Array.isArray(all) ? all : []).map(async (one: unknown) => await sightingOf(scanning, machine, engine, one)));
    const unread = seen.filter((one) => one === 'unreadable').length + Math.max(0, ids.length - MOST_CONTAINERS);
    const containers = seen.filter((one) => typeof one === 'object');
    const detail = `${ids.length} there, ${containers.length} with a gateway${unread === 0 ? '' : `; ${unread} could not be read`}`;
    return { containers, source: { what, state: unread === 0 ? 'looked' : 'partly', detail } };
  } catch (error) {
    return { containers: [], source: { what, state: 'not-tried', detail: reason(error, signal).slice(0, 200) } };
  }
}

async function sightingOf(scanning: Scanning, machine: MachineDiscovered, engine: Engine, one: unknown): Promise<Sighting | 'other' | 'unreadable'> {
  const parsed = v.safeParse(Inspected, one);
  const told = parseInspect(engine, JSON.stringify([one]));
  if (!parsed.success || !told.known) return 'unreadable';
  const { Id, State, Path, Args, Config, HostConfig } = parsed.output;
  const fact = told.value;
  const argv = [Path, ...Args];
  const tenant = Config.Labels?.[FLEET_LABELS.tenant];
  if (tenant === undefined && !isOpenclawImage(fact.image) && !isGatewayCommand(argv)) return 'other';
  const pid = State?.Running === true && (State.Pid ?? 0) > 0 ? State.Pid : undefined;
  const process = (machine.processes.ok ? machine.processes.value : []).find(
    (each) => pid !== undefined && (each.pid === pid || each.parent === pid),
  );
  const inside = {
    name: fact.name,
    argv,
    variables: tellVariables(splitEnviron(Config.Env.join('\0')), VISIBLE, makeMasker(scanning.key, MASKING)),
    directory: Config.WorkingDir ?? '/',
  };
  const seen = describedContainer({
    kind: 'container',
    where: `${engine} container ${fact.name}`,
    fact,
    inside,
    ...(tenant === undefined ? {} : { tenant }),
  });
  const bound = Object.entries(HostConfig.PortBindings ?? {}).find(([port]) => port === `${seen.insidePort}/tcp`)?.[1]?.[0]?.HostPort;
  const container: ContainerSeen = {
    id: Id ?? '',
    fact,
    running: pid !== undefined,
    ...(pid === undefined ? {} : { pid }),
    ...(bound === undefined || bound === '' ? {} : { publishedPort: Number(bound) }),
  };
  const runsAs = await userOf(scanning, process, seen.stateSource);
  return { ...seen.sighting, container, ...(process === undefined ? {} : { process }), ...(runsAs === undefined ? {} : { runsAs }) };
}

/** The user of its process; of one that does not run, the owner of what is mounted as its state. */
export async function userOf(
  { host, signal }: Scanning,
  process: GatewayProcess | undefined,
  source: string | undefined,
): Promise<RunsAs | undefined> {
  if (process !== undefined) return { uid: process.uid, gid: process.gid, groups: process.groups };
  if (source === undefined) return undefined;
  const result = await host.run({ title: `ask who owns ${source}`, argv: ['stat', '-c', '%u %g', '--', source] }, signal);
  const [uid = -1, gid = -1] = result.exit === 0 ? result.stdout.trim().split(' ').map(Number) : [];
  return uid < 0 ? undefined : { uid, gid, groups: [] };
}

export interface Described {
  readonly kind: 'container' | 'compose';
  readonly where: string;
  readonly tenant?: string;
  readonly fact: ContainerFact;
  readonly inside: Inside;
}

/** A gateway in a container, with its paths as the host calls them: what is not mounted has no name there but the container's own. */
export function describedContainer({ kind, where, tenant, fact, inside }: Described): {
  readonly sighting: Sighting;
  readonly insidePort: number;
  readonly stateSource?: string;
} {
  const { launch, variables, toHost, state, insideState, insidePort } = outsideWords(inside, fact.mounts);
  const isMounted = !state.startsWith('/container:');
  const names = [...(tenant === undefined ? [] : [tenant]), inside.name.replace(/^openclaw-(?:cell-)?/, '')];
  const sighting: Sighting = {
    kind,
    where,
    names,
    launch: isMounted
      ? known(launch, where)
      : unknown(`the state of ${where} lies in the container itself, at ${insideState}: it is not looked into`),
    variables: known(variables, where),
    toHost,
  };
  return { sighting, insidePort, ...(isMounted ? { stateSource: state } : {}) };
}

/** What is started in a container, in words of whoever mounts into it. */
export function outsideWords(
  { name, argv, variables, directory }: Inside,
  mounts: readonly ContainerMount[],
): {
  readonly launch: Launch;
  readonly variables: SeenVariables;
  readonly toHost: (path: string) => string;
  readonly state: string;
  readonly insideState: string;
  readonly insideConfig: string;
  readonly insidePort: number;
} {
  const toHost = hostPaths(mounts, name);
  const { PATH: _, ...selecting } = textsOf(variables);
  const own = { HOME: CONTAINER_HOME, ...selecting };
  const resolved = resolveLaunch({ argv, environment: own, osHome: CONTAINER_HOME, directory });
  const state = toHost(resolved.stateDir);
  const translated = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, value.startsWith('/') ? toHost(value) : value]));
  // Below a home that is not mounted, the mount alone tells where the state is.
  const environment = { ...translated, OPENCLAW_STATE_DIR: state };
  const { PATH: __, ...masked } = variables;
  return {
    launch: { argv, environment, osHome: toHost(CONTAINER_HOME), directory: toHost(directory) },
    variables: { ...masked, ...environment },
    toHost,
    state,
    insideState: resolved.stateDir,
    insideConfig: resolved.configPath,
    insidePort: resolved.portArgument ?? CONTAINER_PORT,
  };
}

export interface Inside {
  readonly name: string;
  readonly argv: readonly string[];
  readonly variables: Parameters<typeof textsOf>[0];
  readonly directory: string;
}

/** The nearest mount at or above a path counts. */
function hostPaths(mounts: readonly ContainerMount[], name: string): (path: string) => string {
  const nearest = mounts.filter(({ source }) => source.startsWith('/')).toSorted((left, right) => right.target.length - left.target.length);
  return (path) => {
    if (path.startsWith('/container:') || nearest.some(({ source }) => path === source || path.startsWith(`${source}/`))) return path;
    const mount = nearest.find(({ target }) => path === target || path.startsWith(`${target.replace(/\/$/, '')}/`));
    return mount === undefined ? `/container:${name}${path}` : `${mount.source}${path.slice(mount.target.replace(/\/$/, '').length)}`;
  };
}
