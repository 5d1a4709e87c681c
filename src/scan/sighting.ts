/** A place where a gateway shows: a process, a unit, a job, a directory, a container. Several may be one gateway. Pure. */
import type { ContainerFact } from '../core/container-facts.ts';
import { known, unknown, type Known } from '../core/facts.ts';
import type { SeenVariables } from '../openclaw/credentials/environment.ts';
import { argvOfStateName } from '../openclaw/discovery.ts';
import type { Launch } from '../openclaw/resolve.ts';
import type { HomeDiscovered } from './home-discovery.ts';
import type { Account, GatewayProcess, MachineDiscovered } from './machine-discovery.ts';
import type { UnitSeen } from './read-units.ts';

export const SIGHTING_KINDS = ['process', 'container', 'pod', 'compose', 'unit', 'user-unit', 'job', 'directory'] as const;
export type SightingKind = (typeof SIGHTING_KINDS)[number];

/** Who a gateway runs as, in the host's numbers. */
export interface RunsAs {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly name?: string;
}

/** A container as its engine or its description tells it. */
export interface ContainerSeen {
  readonly id: string;
  readonly fact: ContainerFact;
  readonly running: boolean;
  /** Host pid of its first process; absent while it does not run. */
  readonly pid?: number;
  /** Port of the host that leads to the gateway. */
  readonly publishedPort?: number;
  /** Directory of the host in which its state lies. */
  readonly stateSource?: string;
}

export interface Sighting {
  readonly kind: SightingKind;
  /** For people: `process 4711`, `/etc/systemd/system/openclaw-gateway.service`. */
  readonly where: string;
  /** What the gateway may be called, best first. */
  readonly names: readonly string[];
  readonly runsAs?: RunsAs;
  /** In paths of the host. */
  readonly launch: Known<Launch>;
  /** Its variables as they were seen, secrets masked. */
  readonly variables: Known<SeenVariables>;
  readonly process?: GatewayProcess;
  readonly container?: ContainerSeen;
  /** From a path in the words of the gateway to that of the host; absent where they are the same. */
  readonly toHost?: (path: string) => string;
  /** Directory of the package that it runs. */
  readonly package?: string;
}

/** Directories of the host that its container holds. */
export function mountedInto({ container }: Sighting): readonly string[] {
  return (container?.fact.mounts ?? []).map(({ source }) => source).filter((source) => source.startsWith('/'));
}

/** The variables whose text may be told. */
export function textsOf(variables: SeenVariables): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** `containers`: with their processes where those run; these are not told once more. */
export function sightingsOf(machine: MachineDiscovered, homes: readonly HomeDiscovered[], containers: readonly Sighting[]): readonly Sighting[] {
  const accounts = machine.accounts.ok ? machine.accounts.value : [];
  const inside = new Set(containers.flatMap(({ process }) => process?.pid ?? []));
  const processes = (machine.processes.ok ? machine.processes.value : []).filter(({ pid }) => !inside.has(pid));
  const units = machine.units.ok ? machine.units.value : [];
  return [
    ...containers,
    ...processes.map((process) => ofProcess(process, accounts)),
    ...units.map((unit) =>
      ofUnit(
        'unit',
        unit,
        accounts.find(({ name }) => name === (unit.user ?? 'root')),
      ),
    ),
    ...homes.flatMap((home) => ofHome(home, accounts)),
  ];
}

function ofProcess(process: GatewayProcess, accounts: readonly Account[]): Sighting {
  const { pid, uid, gid, groups, variables, directory } = process;
  const account = accounts.find((one) => one.uid === uid);
  const runsAs = { uid, gid, groups, ...(account === undefined ? {} : { name: account.name }) };
  const common = {
    kind: 'process',
    where: `process ${pid}`,
    runsAs,
    process,
    ...(process.package === undefined ? {} : { package: process.package }),
  } as const;
  if (!variables.ok) {
    const why = unknown(`the environment of process ${pid} belongs to uid ${uid}: ${variables.why}`);
    return { ...common, names: [account?.name ?? `uid-${uid}`], launch: why, variables: why };
  }
  const environment = textsOf(variables.value);
  const argv = process.argv.length > 0 ? process.argv : hiddenArgv(process, environment);
  const launch = { argv, environment, osHome: account?.home ?? environment['HOME'] ?? '/', directory: directory.ok ? directory.value : '/' };
  return {
    ...common,
    names: unitNames(process.unit),
    launch: known(launch, `/proc/${pid}`),
    variables: known(variables.value, `/proc/${pid}/environ`),
  };
}

/** A gateway hides its words; what they selected, its helpers were told, or its open database shows. */
function hiddenArgv({ passedOn, openStates }: GatewayProcess, environment: Readonly<Record<string, string>>): readonly string[] {
  const told = passedOn['OPENCLAW_PROFILE'];
  const isSet = environment['OPENCLAW_STATE_DIR'] !== undefined || environment['OPENCLAW_CONFIG_PATH'] !== undefined;
  // The variable alone selects no state: then the helpers would not have been told of one.
  if (told !== undefined && (isSet || passedOn['OPENCLAW_STATE_DIR'] !== undefined) && environment['OPENCLAW_PROFILE'] !== told)
    return ['--profile', told];
  const open = openStates.ok ? openStates.value[0] : undefined;
  const name = open?.split('/').at(-1) ?? '';
  return told === undefined && !isSet && /^\.openclaw-./.test(name) ? argvOfStateName(name) : [];
}

function ofUnit(kind: 'unit' | 'user-unit', unit: UnitSeen, account: Account | undefined): Sighting {
  const { path, variables, argv, directory } = unit;
  const common = {
    kind,
    where: path,
    names: unitNames(unit.name),
    ...(account === undefined ? {} : { runsAs: runsAsOf(account) }),
    ...packageIn(argv),
  };
  if (account === undefined) {
    const why = unknown(`${path} runs as ${unit.user ?? 'root'}, of whom no home directory was found`);
    return { ...common, launch: why, variables: why };
  }
  if (!variables.ok) return { ...common, launch: unknown(`${path}: ${variables.why}`), variables: unknown(variables.why) };
  const seen = { HOME: account.home, ...variables.value };
  const launch = { argv, environment: textsOf(seen), osHome: account.home, directory: directory ?? (kind === 'unit' ? '/' : account.home) };
  return { ...common, launch: known(launch, path), variables: known(seen, path) };
}

function ofHome({ name, directories, units, jobs }: HomeDiscovered, accounts: readonly Account[]): readonly Sighting[] {
  const account = accounts.find((one) => one.name === name);
  if (account === undefined) return [];
  const runsAs = runsAsOf(account);
  const { home } = account;
  return [
    ...(units.ok ? units.value.map((unit) => ofUnit('user-unit', unit, account)) : []),
    ...(jobs.ok ? jobs.value : []).map((job): Sighting => {
      const seen = { HOME: home, ...job.variables };
      const launch = { argv: job.argv, environment: textsOf(seen), osHome: home, directory: job.directory ?? home };
      const names = [job.name.replace(/^ai\.openclaw\./, '')];
      return {
        kind: 'job',
        where: job.path,
        names,
        runsAs,
        launch: known(launch, job.path),
        variables: known(seen, job.path),
        ...packageIn(job.argv),
      };
    }),
    ...(directories.ok ? directories.value : []).map((directory): Sighting => {
      const seen = { HOME: home };
      const launch = { argv: argvOfStateName(directory), environment: seen, osHome: home, directory: home };
      const where = `${home}/${directory}`;
      return { kind: 'directory', where, names: [], runsAs, launch: known(launch, where), variables: known(seen, where) };
    }),
  ];
}

export function runsAsOf({ uid, gid, name }: Account): RunsAs {
  return { uid, gid, groups: [], name };
}

function packageIn(argv: readonly string[]): { readonly package?: string } {
  const program = argv
    .map((word) => /^(\/.*)\/openclaw\.m?js$/.exec(word)?.[1] ?? /^(\/.*\/node_modules\/openclaw)\//.exec(word)?.[1])
    .find((one) => one !== undefined);
  return program === undefined ? {} : { package: program };
}

/** `openclaw-gateway-acme.service` is called acme; a unit that merely holds a whole session names nothing. */
function unitNames(unit: string | undefined): readonly string[] {
  const name = unit?.replace(/\.service$/, '').replace(/^openclaw-gateway-?/, '') ?? '';
  return name === '' || name.includes('@') || /^(?:session|ssh|docker|containerd|cron)/.test(name) ? [] : [name];
}
