/** Gathers facts about a running fleet: tenants' own collectors, the hosts' view, what gateways claim, audits. A failed look is `unknown`. */
import { createHash, randomBytes } from 'node:crypto';
import { declaredFacts } from '../core/declared.ts';
import type { Blueprint } from '../core/blueprint.ts';
import { known, unknown, type Facts, type HostFacts, type Known, type PathFact, type ProcessFact, type TenantFacts } from '../core/facts.ts';
import type { Fleet } from '../core/fleet.ts';
import type { ServiceStatus } from '../core/host.ts';
import { isWithin } from '../core/path-text.ts';
import type { HostId } from '../core/words.ts';
import type { SeenVariables } from '../openclaw/credentials/environment.ts';
import { senderName } from '../openclaw/settings/channels.ts';
import { readSettings } from '../openclaw/settings/index.ts';
import { collectExposed, type Exposed } from './collect-exposed.ts';
import { collectHost, type Backings, type HostView } from './collect-host.ts';
import { apiClientsOf, collectNetwork, type NetworkView } from './collect-network.ts';
import { collectStores } from './collect-stores.ts';
import { collectOsHost, collectOsTenant, osHostFacts, type OsView } from './collect-os.ts';
import { collectSecrets, type SecretView } from './collect-secrets.ts';
import { collectTenant, type TenantView } from './collect-tenant.ts';
import { inTurnOnEach } from './in-turn.ts';
import { lookAtGateway, mayHoldToken, noAudit } from './live.ts';
import { subjectOf, type Subject, type SubjectInput } from './subject.ts';

export interface ObserveInput extends SubjectInput {
  readonly fleet: Fleet;
  readonly blueprints: readonly Blueprint[];
  /** What the supervisor of its host says of a tenant, where it was asked. */
  serviceOf?(blueprint: Blueprint): ServiceStatus | undefined;
  /** Key of the run, hex, where others have masked secrets with it already. */
  readonly key?: string;
  /** ISO time. */
  readonly takenAt: string;
  readonly onProgress?: (line: string) => void;
}

/** Looks at everything once. Rejects only when it is aborted or has a bug; what could not be seen is `unknown` with the reason. */
export async function observeFleet(input: ObserveInput): Promise<Facts> {
  const { fleet, blueprints, onProgress = () => {} } = input;
  const key = input.key ?? randomBytes(32).toString('hex');
  const subjects = await inTurnOnEach(blueprints, 4, (blueprint) => subjectOf(input, blueprint));
  onProgress(`look at the files of ${subjects.length} tenants`);
  const views = new Map(await onEach(subjects, async (subject) => [subject.blueprint.tenant, await collectTenant(subject, key)] as const));
  onProgress('look at processes, listeners and mounts');
  const hosts = new Map<HostId, Known<HostView>>();
  const networks = new Map<HostId, NetworkView>();
  const systems = new Map<HostId, OsView>();
  const lookAtHost = async (host: Fleet['hosts'][number]): Promise<void> => {
    const { id } = host;
    const here = subjects.filter(({ blueprint }) => blueprint.host === id);
    if (here.length === 0) return;
    const [view, network] = await Promise.all([collectHost(here, views, key), collectNetwork(host, here, key)]);
    networks.set(id, network);
    hosts.set(id, view);
    const processes = new Map(Object.entries(view.known ? view.value.tenants : {}).map(([tenant, { process }]) => [tenant, process]));
    systems.set(id, await collectOsHost(here, processes));
  };
  await Promise.all(fleet.hosts.map(lookAtHost));
  onProgress('look at secrets and channel accounts');
  const hostOf = ({ blueprint }: Subject): Known<HostView> => hosts.get(blueprint.host) ?? unknown('the host was not looked at');
  const secrets = new Map(
    await onEach(subjects, async (subject) => {
      const { tenant } = subject.blueprint;
      const input = {
        key,
        config: views.get(tenant)?.config ?? unknown('its files were not looked at'),
        process: variablesOf(subject, hostOf(subject)),
      };
      return [tenant, await collectSecrets(subject, input)] as const;
    }),
  );
  const isWithin = (subject: Subject): boolean => {
    const host = hostOf(subject);
    const process = host.known ? host.value.tenants[subject.blueprint.tenant]?.process : undefined;
    return process?.known === true && process.value?.kernel !== undefined;
  };
  const exposed = await collectExposed({ subjects, views: secrets, key, isWithin });
  onProgress('ask the gateways');
  const tenants = await onEach(subjects, async (subject) => {
    const { tenant, host: id } = subject.blueprint;
    const [view, held] = [views.get(tenant), secrets.get(tenant)];
    if (view === undefined || held === undefined) throw new Error(`${tenant} was not looked at`);
    return await tenantFacts({ input, subject, view, held, exposed, host: hostOf(subject), system: systems.get(id), network: networks.get(id) });
  });
  return {
    phase: 'observed',
    takenAt: input.takenAt,
    trust: { default: fleet.trust, relations: fleet.relations },
    risks: fleet.namedRisks,
    hosts: fleet.hosts.map(({ id, admins, snapshots }): HostFacts => ({
      host: id,
      admins,
      ...(snapshots === undefined ? {} : { snapshots }),
      ...osHostFacts(systems.get(id)),
      ...addressesOf(hosts.get(id)),
      kernel: kernelOf(hosts.get(id)),
      ...networkOf(networks.get(id)),
    })),
    tenants,
  };
}

/** Four tenants of each host at a time. */
async function onEach<T>(subjects: readonly Subject[], work: (subject: Subject) => Promise<T>): Promise<T[]> {
  const placed = subjects.map((subject) => ({ host: subject.blueprint.host, subject }));
  return await inTurnOnEach(placed, 4, ({ subject }) => work(subject));
}

interface Looked {
  readonly input: ObserveInput;
  readonly subject: Subject;
  readonly view: TenantView;
  readonly held: SecretView;
  readonly exposed: Exposed;
  readonly host: Known<HostView>;
  readonly system: OsView | undefined;
  readonly network: NetworkView | undefined;
}

async function tenantFacts({ input, subject, view, held, exposed, host, system, network }: Looked): Promise<TenantFacts> {
  const { blueprint, details, observed } = subject;
  const seen = host.known ? host.value.tenants[blueprint.tenant] : undefined;
  const notSeen = unknown(host.known ? 'the host said nothing about it' : host.why);
  const process: Known<ProcessFact | null> = observed.known ? inWordsOfHost(seen?.process ?? notSeen, subject) : observed;
  const listener = seen?.listener ?? notSeen;
  const gate = blueprint.found === true ? unknown('a gateway that was found is not spoken to') : mayHoldToken(subject, process, listener);
  const idle = gate.known ? '' : (idleReason(input, blueprint) ?? gate.why);
  const { hello, effective } = gate.known ? await lookAtGateway(subject) : { hello: unknown(idle), effective: unknown(idle) };
  const settings = settingsOf(view.config, held);
  const [os, stores] = await Promise.all([collectOsTenant(subject, system, settings, process), collectStores(subject, settings)]);
  return {
    ...declaredFacts(blueprint),
    ...os,
    paths: withBackings(view.paths, seen?.backings ?? notSeen),
    hardLinks: view.hardLinks,
    links: view.links,
    access: view.access,
    stores: view.stores,
    prompts: view.prompts,
    includes: view.includes,
    secrets: held.secrets,
    identities: held.identities,
    environment: held.environment,
    references: held.references,
    logins: held.logins,
    places: held.places,
    exposed: exposed(blueprint.tenant),
    policy: view.policy,
    configSha256: digestOfConfig(view.config),
    settings,
    ports: portsOf(blueprint, process, host),
    user:
      details.uid === undefined
        ? unknown(observed.known ? 'its OS user does not exist' : observed.why)
        : known(
            { name: blueprint.user?.name ?? `uid ${details.uid}`, uid: details.uid, ...(details.gid === undefined ? {} : { gid: details.gid }) },
            'the rung',
          ),
    process,
    listener,
    claim: hello.known ? known(hello.value.claim, hello.source) : hello,
    effective,
    documents: known(null, 'not looked at here'),
    statusDigest: hello.known ? known(hello.value.statusDigest, hello.source) : hello,
    ...noAudit('no audit was asked for'),
    apiClients: apiClientsOf(subject, network?.files ?? unknown('the host was not looked at')),
    ...stores,
    egress: egressOf(subject),
  };
}

/** What its own variables select, as the host calls it. */
function inWordsOfHost(process: Known<ProcessFact | null>, { lens }: Subject): Known<ProcessFact | null> {
  if (lens === undefined || !process.known || process.value === null) return process;
  const told = Object.entries(lens.variables(process.value.environment)).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return known({ ...process.value, environment: Object.fromEntries(told) }, process.source);
}

function egressOf({ isolation, observed, details }: Subject): TenantFacts['egress'] {
  if (!observed.known) return observed;
  if (!isolation.separates.egress) return known({ filtered: false, how: `the rung ${isolation.rung} filters nothing` }, 'the rung');
  if (details.egressFiltered === undefined) return unknown('whether its rules are loaded was not told');
  return known({ filtered: details.egressFiltered, how: details.egressFiltered ? 'its rules are loaded' : 'its rules are not loaded' }, 'the rung');
}

function networkOf(view: NetworkView | undefined): Pick<HostFacts, 'portRange' | 'proxies' | 'sockets'> {
  const why = unknown('the host was not looked at');
  return { portRange: view?.portRange ?? why, proxies: view?.proxies ?? why, sockets: view?.sockets ?? why };
}

/** The variables that its gateway has; the declared ones while none runs. */
function variablesOf({ blueprint, lens }: Subject, host: Known<HostView>): Known<SeenVariables> {
  const seen = host.known ? host.value.tenants[blueprint.tenant]?.variables : host;
  if (seen === undefined) return unknown('the host said nothing about it');
  if (!seen.known) return seen;
  return known(lens === undefined ? (seen.value ?? blueprint.environment) : lens.variables(seen.value), seen.source);
}

function settingsOf(config: TenantView['config'], { selecting, paired }: SecretView): TenantFacts['settings'] {
  if (!config.known) return config;
  if (!selecting.known) return selecting;
  const settings = readSettings({ config: config.value, environment: selecting.value });
  const senders = paired.map(({ channel, entry }) => ({ channel, sender: senderName(entry), from: 'paired' }));
  return known({ ...settings, channels: { ...settings.channels, senders: [...settings.channels.senders, ...senders] } }, config.source);
}

/** Tells a changed config from the same one. What stands in the place of a secret has the run's key in it and is left out. */
function digestOfConfig(config: TenantView['config']): Known<string> {
  if (!config.known) return config;
  const text = JSON.stringify(config.value, (name, value: unknown) => (name === 'masked' ? '' : value));
  return known(createHash('sha256').update(text).digest('hex'), config.source);
}

/** Why the supervisor does not run it, in its own words. */
function idleReason({ serviceOf }: ObserveInput, blueprint: Blueprint): string | undefined {
  const status = serviceOf?.(blueprint);
  return status === undefined || status.state === 'running'
    ? undefined
    : `its service is ${status.state}${status.reason === undefined ? '' : `: ${status.reason}`}`;
}

function portsOf({ ports, publishedPort, rung }: Blueprint, process: TenantFacts['process'], host: Known<HostView>): TenantFacts['ports'] {
  const running = process.known ? process.value?.namespaces['net'] : undefined;
  const idle = rung === 'profile' && host.known ? host.value.namespaces['net'] : undefined;
  if (running === undefined && rung === 'profile' && idle === undefined)
    return unknown(host.known ? 'the network namespace of the host is not known' : host.why);
  return known(
    { ...ports, published: publishedPort, namespace: running ?? idle ?? 'own' },
    running === undefined ? 'declared' : '/proc/<pid>/ns/net',
  );
}

/** Paths are as sure as what lies behind them: without the mounts, two names may be one place. */
function withBackings(paths: TenantView['paths'], backings: Known<Backings>): Known<readonly PathFact[]> {
  if (!paths.known) return paths;
  if (!backings.known) return unknown(`what is mounted at its paths is not known: ${backings.why}`);
  const own = paths.value.map((path): PathFact => ({ ...path, ...backings.value[path.real] }));
  const reals = new Set(own.map(({ real }) => real));
  const mounted = Object.entries(backings.value).flatMap(([point, backing]): readonly PathFact[] => {
    if (reals.has(point)) return [];
    const [around] = own.filter(({ real }) => isWithin(point, real)).toSorted((one, other) => other.real.length - one.real.length);
    return around === undefined ? [] : [{ role: around.role, declared: point, real: point, exists: true, ...backing }];
  });
  return known([...own, ...mounted], `${paths.source}, /proc/<pid>/mountinfo`);
}

function addressesOf(host: Known<HostView> | undefined): Pick<HostFacts, 'addresses'> {
  if (host === undefined) return {};
  return { addresses: host.known ? known(host.value.addresses, 'the interfaces of the host') : host };
}

function kernelOf(host: Known<HostView> | undefined): HostFacts['kernel'] {
  if (host === undefined) return unknown('no tenant is placed on it');
  return host.known ? known({ bootId: host.value.bootId, namespaces: host.value.namespaces }, '/proc/self/ns') : host;
}
