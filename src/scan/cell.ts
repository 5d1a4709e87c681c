/** A container with a gateway, as probes need it: its paths in its own words, a way in through its engine, and what it can see of another's. Pure. */
import type { Blueprint, TenantPaths } from '../core/blueprint.ts';
import type { Command, Program } from '../core/command.ts';
import type { ContainerMount } from '../core/container-facts.ts';
import { BulkheadError } from '../core/error.ts';
import type { BoundaryDetails, Isolation } from '../core/host.ts';

/** What is not mounted has no name on the host: src/scan/containers.ts gives it this one. */
const UNMOUNTED = /^\/container:[^/]+/;

export interface Cell {
  readonly engine: 'docker' | 'podman';
  /** Id of its container. */
  readonly id: string;
  readonly mounts: readonly ContainerMount[];
  /** Absolute, in its own words. */
  readonly node: string;
  readonly openclaw: string;
  /** Host pid of its gateway, and who that runs as. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  /** On its own network, and its engine's end of that. */
  readonly address?: string;
  readonly hostAddress?: string;
}

/** A path of the host in the words of a container: the nearest mount above it counts. What is mounted nowhere in it keeps its name. */
export function inside(path: string, mounts: readonly ContainerMount[]): string {
  if (UNMOUNTED.test(path)) return path.replace(UNMOUNTED, '') || '/';
  return (
    moved(
      path,
      mounts.map(({ source, target }) => [source, target]),
    ) ?? path
  );
}

/** A path of a container in the words of its host, or undefined where it lies in the container itself. */
function outside(path: string, mounts: readonly ContainerMount[]): string | undefined {
  return moved(
    path,
    mounts.filter(({ source }) => source.startsWith('/')).map(({ source, target }) => [target, source]),
  );
}

/** The same path once the nearest of these directories above it is moved. What has no absolute name is no directory. */
function moved(path: string, moves: readonly (readonly [from: string, to: string])[]): string | undefined {
  const bare = (directory: string): string => directory.replace(/\/$/, '');
  const [nearest] = moves
    .filter(([from]) => from.startsWith('/') && (path === from || path.startsWith(`${bare(from)}/`)))
    .toSorted(([left], [right]) => right.length - left.length);
  if (nearest === undefined) return undefined;
  const [from, to] = nearest;
  return `${bare(to)}${path.slice(bare(from).length)}` || '/';
}

/** The blueprint that was found, as its own container says it, with the Node and the OpenClaw that are in it. */
export function insideBlueprint(found: Blueprint, { mounts, node, openclaw }: Cell): Blueprint {
  const told = (path: string): string => inside(path, mounts);
  const { backup, ...paths } = found.paths;
  const own = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, path === '' ? '' : told(path)])) as unknown as TenantPaths; // the same names
  const environment = Object.fromEntries(
    Object.entries(found.environment).map(([name, value]) => [name, value.startsWith('/') ? told(value) : value]),
  );
  return {
    ...found,
    paths: { ...own, ...(backup === undefined ? {} : { backup }) },
    environment,
    install: { ...found.install, root: openclaw.slice(0, openclaw.lastIndexOf('/')), node, openclaw },
  };
}

/** Where a victim's things are, as a probe is told. */
export interface Places {
  readonly root: string;
  readonly state: string;
  readonly workspace: string;
  readonly credentials: string;
  readonly logFile: string;
  readonly logDir: string;
  readonly configDir: string;
  readonly canaries: Readonly<Record<string, string>>;
}

/** What `attacker` would have to name to get at a path of `victim`: through whatever both have mounted, else the name that it has on the host. */
export function seenFrom<T extends Places>(attacker: Cell, victim: Cell, side: T): T {
  const told = (path: string): string => {
    const onHost = outside(path, victim.mounts);
    return onHost === undefined ? path : inside(onHost, attacker.mounts);
  };
  return {
    ...side,
    root: told(side.root),
    state: told(side.state),
    workspace: told(side.workspace),
    credentials: told(side.credentials),
    logFile: told(side.logFile),
    logDir: told(side.logDir),
    configDir: told(side.configDir),
    canaries: Object.fromEntries(Object.entries(side.canaries).map(([surface, path]) => [surface, told(path)])),
  };
}

const NOTHING = { files: false, processes: false, loopback: false, tmp: false, limits: false, egress: false };

/** Entered as its engine enters it: its user, its namespaces, its control group, its filters. Never built, changed or removed. */
export function cellIsolation(cell: Cell, rung: Blueprint['rung']): Isolation<Cell> {
  return {
    rung,
    separates: NOTHING,
    fingerprint: async () => ({ state: 'usable', detail: 'it was found; nothing is built' }),
    observe: async () => cell,
    converge: () => [],
    foresee: (_blueprint, _layout, observed) => observed,
    hasTree: () => true,
    remove: () => [],
    service: ({ tenant }) => notOurs(tenant),
    enter: (blueprint, _layout, observed, program) => execIn(observed, blueprint, program),
    asTenant: ({ tenant }) => notOurs(tenant),
    details: ({ uid, gid, pid, address, hostAddress }): BoundaryDetails => ({
      uid,
      gid,
      pid,
      ...(address === undefined ? {} : { address }),
      ...(hostAddress === undefined ? {} : { hostAddress }),
    }),
  };
}

function notOurs(tenant: string): never {
  throw new BulkheadError('apply', `${tenant} was not built by Bulkhead`, 'write a manifest with: bulkhead scan --write bulkhead.yaml');
}

/** The two that select where a gateway's things are: a program that is told them is told the same as the gateway. */
const SELECTING = ['OPENCLAW_CONFIG_PATH', 'OPENCLAW_STATE_DIR'] as const;

function execIn({ engine, id }: Cell, { paths }: Blueprint, { title, argv, env = {}, ...rest }: Program): Command {
  const [config, state] = SELECTING;
  const variables = Object.entries({ [config]: paths.configFile, [state]: paths.state, ...env }).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ]);
  return { title, argv: [engine, 'exec', '--interactive', ...variables, id, ...argv], passEnvironment: ['PATH'], ...rest };
}
