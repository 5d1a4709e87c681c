/** One scan of a host: find gateways, look at them with the collectors of `verify`, and put what was seen into facts. Changes nothing. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import { known, unknown, type Facts, type PortFact, type TenantFacts } from '../core/facts.ts';
import type { NetworkSettings } from '../core/settings.ts';
import type { Fleet } from '../core/fleet.ts';
import type { Trust } from '../core/words.ts';
import { inTurn } from '../observe/in-turn.ts';
import { observeFleet } from '../observe/observe.ts';
import type { Lens } from '../observe/subject.ts';
import { adopted } from './adopted.ts';
import { judgeable, lookAtCluster } from './cluster/cluster.ts';
import { composeSightings, type ComposeFile } from './compose.ts';
import { discoverContainers, userOf } from './containers.ts';
import { discoverHomes, discoverMachine, environmentOf, lookAtLaunches, type Scanning, type Source } from './discover.ts';
import { foundBlueprint, inWordsOfHost, portOf } from './found-blueprint.ts';
import { mergeSightings, type Gateway } from './merge.ts';
import { standingOf, type Standing, type Surroundings } from './rung.ts';
import { mountedInto, sightingsOf, type ContainerSeen, type Sighting } from './sighting.ts';
import type { MachineDiscovered } from './machine-discovery.ts';

export interface ScanInput extends Scanning {
  readonly layout: Layout;
  readonly trust: Trust;
  readonly takenAt: string;
  /** In the host's own time: `2026-11-24`. */
  readonly day: string;
  readonly compose: readonly ComposeFile[];
  /** An absolute path. */
  readonly kubeconfig?: string;
  readonly onProgress?: (line: string) => void;
}

export interface FoundGateway {
  readonly gateway: Gateway;
  readonly standing: Standing;
  readonly blueprint: Blueprint;
}

export interface Scan {
  readonly fleet: Pick<Fleet, 'name' | 'tenants' | 'source'>;
  readonly gateways: readonly FoundGateway[];
  readonly sources: readonly Source[];
  /** Absent where no gateway was found. */
  readonly facts: Facts;
}

export async function scanHost(input: ScanInput): Promise<Scan> {
  const { host, onProgress = () => {} } = input;
  onProgress(`look for gateways on ${host.id}`);
  const machine = await discoverMachine(input);
  const { homes, problems } = await discoverHomes(input, machine);
  const { containers, sources: engines } = await discoverContainers(input, machine);
  const { described, source } = await describedIn(input);
  const sightings = [...sightingsOf(machine, homes, containers), ...described];
  onProgress(`look at ${sightings.length} places where gateways show`);
  const looked = await lookAtLaunches(input, machine.uid, sightings);
  const cluster = await lookAtCluster(input, input.kubeconfig);
  const all = mergeSightings([...looked, ...cluster.pods.map((pod) => pod.looked)]);
  const isPod = ({ main }: Gateway): boolean => main.sighting.kind === 'pod';
  const merged = all.filter((gateway) => !isPod(gateway));
  const ofMachine = [...sourcesOf(machine, problems, homes.length), ...engines, source];
  const sawAll = ofMachine.every(({ state }) => state !== 'partly');
  const gateways = merged.map((gateway) => foundOf(input, gateway, { machine, all: merged, sawAll }));
  const facts = await factsOf(input, machine, gateways);
  const pods = judgeable(cluster, all.filter(isPod), input);
  return {
    fleet: fleetOf(input, machine),
    gateways: [...gateways, ...pods.found],
    sources: [...ofMachine, cluster.source],
    facts: { ...facts, hosts: [...facts.hosts, ...pods.facts.hosts], tenants: [...facts.tenants, ...pods.facts.tenants] },
  };
}

async function describedIn(input: ScanInput): Promise<{ readonly described: readonly Sighting[]; readonly source: Source }> {
  const what = 'compose files';
  if (input.compose.length === 0) return { described: [], source: { what, state: 'not-tried', detail: 'none was given with --compose' } };
  const read = input.compose.map((file): readonly Sighting[] | string => {
    try {
      return composeSightings(file, input.key);
    } catch {
      return `${file.path} is no compose file that can be read`;
    }
  });
  const described = await inTurn(read.filter((one) => typeof one !== 'string').flat(), 4, async (sighting) => {
    const runsAs = await userOf(input, undefined, sighting.container?.stateSource);
    return runsAs === undefined ? sighting : { ...sighting, runsAs };
  });
  const wrong = read.filter((one) => typeof one === 'string');
  const detail = wrong.length > 0 ? wrong.join('; ') : `${described.length} services with a gateway; files that env_file names are not read`;
  return { described, source: { what, state: wrong.length > 0 ? 'partly' : 'looked', detail } };
}

function sourcesOf(machine: MachineDiscovered, problems: readonly string[], homes: number): readonly Source[] {
  const { processes, units, hiddenProcesses } = machine;
  const closed = processes.ok
    ? processes.value.flatMap(({ pid, uid, variables }) => (variables.ok ? [] : [`environment of pid ${pid} belongs to uid ${uid}`]))
    : [];
  const partly = [...(hiddenProcesses === undefined ? [] : [hiddenProcesses]), ...closed];
  return [
    !processes.ok
      ? { what: 'processes', state: 'not-tried', detail: processes.why }
      : {
          what: 'processes',
          state: partly.length === 0 ? 'looked' : 'partly',
          detail: partly.length === 0 ? `${processes.value.length} gateways run` : partly.join('; '),
        },
    units.ok
      ? { what: 'units of the system', state: 'looked', detail: `${units.value.length} start a gateway` }
      : { what: 'units of the system', state: 'partly', detail: units.why },
    {
      what: 'homes',
      state: problems.length === 0 ? 'looked' : 'partly',
      detail: problems.length === 0 ? `${homes} homes` : problems.slice(0, 20).join('; '),
    },
  ];
}

function foundOf(
  { trust, host, layout, day }: ScanInput,
  gateway: Gateway,
  { machine, all, sawAll }: { readonly machine: MachineDiscovered; readonly all: readonly Gateway[]; readonly sawAll: boolean },
): FoundGateway {
  const around: Surroundings = { all, namespaces: machine.namespaces, groups: machine.groups.ok ? machine.groups.value : [], sawAll };
  const standing = standingOf(gateway, around);
  const { common } = machine;
  const blueprint = foundBlueprint({ gateway, rung: standing.rung, trust, host: host.id, layout, day, ...(common === undefined ? {} : { common }) });
  return { gateway, standing, blueprint };
}

function fleetOf({ trust, host }: ScanInput, { hostname }: MachineDiscovered): Fleet {
  return {
    name: hostname,
    trust,
    relations: [],
    hosts: [{ id: host.id, admins: [], proxies: [] }],
    tenants: [],
    namedRisks: [],
    source: { path: '', sha256: '' },
  };
}

async function factsOf(input: ScanInput, machine: MachineDiscovered, gateways: readonly FoundGateway[]): Promise<Facts> {
  const { host, layout, key, takenAt, signal, onProgress } = input;
  const found = new Map(gateways.map((one) => [one.blueprint.tenant, one]));
  const of = ({ tenant }: Pick<Blueprint, 'tenant'>): FoundGateway => {
    const one = found.get(tenant);
    if (one === undefined) throw new Error(`${tenant} was not found`);
    return one;
  };
  const facts = await observeFleet({
    fleet: fleetOf(input, machine),
    blueprints: gateways.map(({ blueprint }) => blueprint),
    layoutOf: () => layout,
    key,
    takenAt,
    signal,
    hostOf: () => host,
    isolationOf: (blueprint) => isolationOf(of(blueprint), machine),
    lensOf: (blueprint) => lensOf(of(blueprint)),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return { ...facts, tenants: facts.tenants.map((tenant) => asFound(tenant, of(tenant), machine)) };
}

function isolationOf({ gateway, standing }: FoundGateway, { uid: scanner }: MachineDiscovered): ReturnType<typeof adopted> {
  const { looked, sighting } = gateway.main;
  const runsAs = !looked.known ? looked : sighting.runsAs === undefined ? unknown('who it runs as is not known') : known(sighting.runsAs, 'the host');
  const pid = sighting.process?.pid;
  return adopted({ rung: standing.rung, runsAs, scanner, mounted: mountedInto(sighting), ...(pid === undefined ? {} : { pid }) });
}

function lensOf({ gateway }: FoundGateway): Lens {
  const { sighting } = gateway.main;
  const effective = environmentOf(gateway.main);
  return {
    variables: (seen) => ({ ...(seen ?? (sighting.variables.known ? sighting.variables.value : {})), ...effective }),
    config: (config) => inWordsOfHost(config, sighting.toHost),
  };
}

/** What only the finder knows: where it really listens, that nobody declared its variables, in which network an idle one would be. */
function asFound(tenant: TenantFacts, { gateway, blueprint, standing }: FoundGateway, { namespaces }: MachineDiscovered): TenantFacts {
  const { settings, environment, ports } = tenant;
  const port = portOf(gateway, blueprint.environment);
  const container = gateway.main.sighting.container;
  const process = gateway.main.sighting.process?.namespaces;
  const isLent = container?.fact.hostNamespaces.includes('net') === true;
  const idle = container === undefined || isLent ? (namespaces['net'] ?? 'host') : 'own';
  const namespace = process?.ok === true ? (process.value['net'] ?? idle) : idle;
  return {
    ...tenant,
    rung: standing.rung,
    settings: settings.known ? known({ ...settings.value, network: withPort(settings.value.network, port) }, settings.source) : settings,
    environment: environment.known
      ? known(
          { ...environment.value, variables: environment.value.variables.map((variable) => ({ ...variable, declared: true })) },
          environment.source,
        )
      : environment,
    ports: ports.known ? known(portsIn(namespace, ports.value, { host: namespaces['net'], container }), ports.source) : ports,
    install:
      gateway.main.sighting.process === undefined && blueprint.package === undefined && container === undefined
        ? known([], 'it does not run')
        : blueprint.package === undefined
          ? unknown(`${tenant.tenant}: which package it runs cannot be seen${container === undefined ? '' : ': it lies in the image'}`)
          : tenant.install,
    ...(container === undefined ? {} : { container: known(container.fact, gateway.main.sighting.where) }),
  };
}

/** Only a port of the host itself, or one that an engine publishes there, is on the host. */
function portsIn(
  namespace: string,
  { first, last, published }: PortFact,
  { host, container }: { readonly host: string | undefined; readonly container: ContainerSeen | undefined },
): PortFact {
  const isOnHost = container?.publishedPort !== undefined || namespace === (host ?? 'host');
  return { first, last, namespace, ...(isOnHost && published !== undefined ? { published } : {}) };
}

/** A port that the environment overrules stays told where the environment is what counted. */
function withPort({ overruledPort, ...network }: NetworkSettings, port: NetworkSettings['port']): NetworkSettings {
  return { ...network, port, ...(overruledPort !== undefined && port.from.startsWith('env:') ? { overruledPort } : {}) };
}
