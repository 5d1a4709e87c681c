/** What is known of a gateway in a pod, as facts: by its description, its ConfigMaps and its policies. All else is unknown, with the reason. Pure. */
import type { Blueprint } from '../../core/blueprint.ts';
import { declaredFacts, declaredPaths, selectedPaths } from '../../core/declared.ts';
import { inPart, known, unknown, type HostFacts, type Known, type PathFact, type TenantFacts } from '../../core/facts.ts';
import type { SecretReference } from '../../core/secret-facts.ts';
import type { Settings } from '../../core/settings.ts';
import type { Rung } from '../../core/words.ts';
import { readCredentials } from '../../openclaw/credentials/credentials.ts';
import { configLayer, effectiveEnvironment, variableFact, type SeenLayer } from '../../openclaw/credentials/environment.ts';
import { roleOfVariable } from '../../openclaw/credentials/variables.ts';
import { walk } from '../../openclaw/credentials/walk.ts';
import { readLiveConfig } from '../../openclaw/live-config.ts';
import type { Json } from '../../openclaw/merge.ts';
import { readSettings } from '../../openclaw/settings/index.ts';
import { inWordsOfHost, portOf } from '../found-blueprint.ts';
import type { Gateway } from '../merge.ts';
import type { PodSeen } from './pod.ts';
import type { ClusterSeen } from './read-cluster.ts';

const FILES = 'its files lie in volumes of the cluster, which a scan does not read';
const NODE = 'its processes run on a node of the cluster, which a scan does not enter';
const NODES = 'the nodes of a cluster are not entered';

export interface PodFound {
  readonly gateway: Gateway;
  readonly rung: Rung;
  readonly blueprint: Blueprint;
  readonly pod: PodSeen;
  /** Secrets, by `namespace/name`, that some gateway has whole: every key of them is its own too. */
  readonly wholes: ReadonlySet<string>;
  readonly storage: ClusterSeen['storage'];
}

export function podFacts(found: PodFound): TenantFacts {
  const { gateway, rung, blueprint, pod, storage } = found;
  const { where, toHost } = gateway.main.sighting;
  const text = gateway.main.looked.known ? gateway.main.looked.value.text : gateway.main.looked;
  const config: Known<Readonly<Json>> = text.known ? known(inWordsOfHost(text.value, toHost), text.source) : text;
  const settings = settingsOf(config, blueprint);
  return {
    ...declaredFacts(blueprint),
    ...outOfSight(),
    ...secretFacts(found, config),
    rung,
    paths: inPart(pathsOf(found, settings), where, `links in its volumes were not followed${storage.known ? '' : `, and ${storage.why}`}`),
    settings,
    policy: policyOf(config),
    ports: portsOf(found, settings),
    user: pod.user,
    container: pod.fact,
  };
}

/** The declared part of a found gateway, which is nothing, and what only a look at its node or its volumes would tell. */
function outOfSight() {
  const [files, node] = [unknown(FILES), unknown(NODE)];
  return {
    hardLinks: files,
    links: files,
    access: files,
    stores: files,
    includes: files,
    logins: files,
    places: files,
    prompts: files,
    codeRoots: files,
    homePathUses: files,
    logs: files,
    browserProfiles: files,
    pairedNodes: files,
    loginKeys: files,
    exposed: node,
    account: node,
    surroundings: node,
    process: node,
    listener: node,
    claim: node,
    audit: node,
    auditRun: node,
    effective: unknown('it was found: it is not spoken to'),
    statusDigest: unknown('it was found: it is not spoken to'),
    egress: node,
    install: unknown('which package it runs cannot be seen: it lies in the image'),
    service: known({ places: [] }, 'its cluster starts it'),
    backup: known(null, 'nobody declared one'),
    archives: known(null, 'nobody declared a backup'),
    documents: known(null, 'nobody declared one'),
    apiClients: known([], 'nobody declared one'),
  };
}

function settingsOf(config: Known<Readonly<Json>>, { environment }: Blueprint): Known<Settings> {
  if (!config.known) return config;
  return inPart(readSettings({ config: config.value, environment }), config.source, 'what a .env in its volume or an $include adds was not seen');
}

function policyOf(config: Known<Readonly<Json>>): TenantFacts['policy'] {
  if (!config.known) return config;
  const { policy } = readLiveConfig(config.value);
  return [...walk(config.value)].some(({ path }) => path.includes('$include'))
    ? inPart(policy, config.source, 'what an $include adds was not seen')
    : known(policy, config.source);
}

function pathsOf({ blueprint, storage }: PodFound, settings: Known<Settings>): readonly PathFact[] {
  const declared = declaredPaths(blueprint);
  const selected = settings.known ? selectedPaths(settings.value.places, declared) : [];
  return [...declared, ...selected].map(({ role, path }) => {
    const [, claim = '', rest = ''] = /^\/claim:([^/]+\/[^/]+)(.*)$/.exec(path) ?? [];
    const behind = storage.known ? storage.value.get(claim) : undefined;
    return { role, declared: path, real: path, exists: false, ...(behind === undefined ? {} : { backing: `${behind}${rest}` }) };
  });
}

function portsOf({ gateway, blueprint, pod }: PodFound, settings: Known<Settings>): TenantFacts['ports'] {
  const { value: port, from } = portOf(gateway, blueprint.environment);
  // A default counts only where nothing could have said otherwise.
  if (!settings.known && from === 'default') return settings;
  // A `hostPort` is left out: no node gets two pods with one.
  return known({ ...blueprint.ports, ...(pod.namespace === 'host' ? { published: port } : {}), namespace: pod.namespace }, `port ${port} by ${from}`);
}

type Secrets = Pick<TenantFacts, 'secrets' | 'identities' | 'environment' | 'references'>;

/** As from any gateway's config and variables; a value that stays in its Secret is told by its place. */
function secretFacts({ blueprint, pod, wholes }: PodFound, config: Known<Readonly<Json>>): Secrets {
  const { standIns, variables, files } = pod.variables;
  const layers: readonly SeenLayer[] = [
    { layer: 'process', location: (name) => `env:${name}`, variables },
    ...(config.known ? [configLayer(config.value)] : []),
  ];
  const environment = effectiveEnvironment(layers, {});
  const { paths } = blueprint;
  const sources = {
    config: config.known ? config.value : {},
    environment,
    store: new Map(),
    dirs: { home: paths.home, credentials: paths.credentials, config: paths.configDir },
  };
  const wanted = readCredentials({ ...sources, files: [] }).wanted.filter(({ path }) => path.startsWith('/secret:'));
  const inSecrets = wanted.map(({ path, pointer }) => ({
    wanted: path,
    location: `file:${path}`,
    identity: path,
    ...(pointer === undefined ? {} : { pointer }),
  }));
  const found = readCredentials({ ...sources, files: inSecrets });
  const source = `${pod.looked.sighting.where}${config.known ? `, ${config.source}` : ''}`;
  const unseen = config.known ? 'what lies in its volumes and in Secrets was not read' : config.why;
  return {
    secrets: inPart(
      found.secrets.map(({ digest, strength, ...rest }) => {
        const place = digest === undefined ? undefined : standIns.get(digest);
        if (place !== undefined) return { ...rest, location: place };
        return { ...rest, ...(digest === undefined ? {} : { digest }), ...(strength === undefined ? {} : { strength }) };
      }),
      source,
      unseen,
    ),
    identities: inPart(
      found.identities.map((identity) => ({
        ...identity,
        reference: standIns.get(identity.reference.replace(/^digest:/, '')) ?? identity.reference,
      })),
      source,
      unseen,
    ),
    references: inPart([...found.references, ...pod.secrets.map((use) => referenceOf(use, wholes, blueprint.host))], source, unseen),
    environment: inPart(
      {
        variables: [...environment.values()].map(variableFact).map(({ digest, ...fact }) => ({
          ...fact,
          declared: true,
          ...(digest === undefined || standIns.has(digest) ? {} : { digest }),
        })),
        files: files.map((path) => ({ what: 'env-file', declared: path, real: path, exists: true })),
      },
      source,
      'variables of its image and of a .env in its volume were not seen',
    ),
  };
}

function referenceOf({ secret, key, where, variable }: PodSeen['secrets'][number], wholes: ReadonlySet<string>, host: string): SecretReference {
  return {
    role: variable === undefined ? 'secret' : (roleOfVariable(variable) ?? `env:${variable}`),
    location: where,
    source: 'secret',
    text: `Secret ${secret}${key === undefined ? ', whole' : `, key ${key}`}`,
    target: `secret of ${host} ${secret}${key === undefined || wholes.has(secret) ? '' : `#${key}`}`,
    resolved: false,
  };
}

/** A cluster stands where a machine stands elsewhere; nothing of its nodes is known. */
export function clusterHost(host: string): HostFacts {
  const nodes = unknown(NODES);
  return { host, admins: [], accounts: nodes, schedules: nodes, machine: nodes, kernel: nodes, portRange: nodes, proxies: nodes, sockets: nodes };
}
