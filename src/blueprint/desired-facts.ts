/** What would be true if the blueprints were built: checks judge it before anything is. Pure. */
import type { Blueprint } from '../core/blueprint.ts';
import { declaredApiClients, declaredFacts, declaredPaths, selectedPaths } from '../core/declared.ts';
import { known, unknown, type Facts, type PathFact, type PathRole, type TenantFacts } from '../core/facts.ts';
import type { ChannelIdentity, EnvironmentFact, PlaceFact } from '../core/secret-facts.ts';
import { secretReference, type Fleet } from '../core/fleet.ts';
import type { IncludeFact } from '../core/place-facts.ts';
import { directoryOf, normalised, resolvedFrom } from '../core/path-text.ts';
import type { Settings } from '../core/settings.ts';
import { readCredentials, type Credentials, type FileSeen } from '../openclaw/credentials/credentials.ts';
import { configLayer, effectiveEnvironment, environmentFiles, variableFact } from '../openclaw/credentials/environment.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import { wantedPlaces } from '../openclaw/credentials/places.ts';
import { VISIBLE } from '../openclaw/credentials/variables.ts';
import { makeMasker, type Masked, type Masker } from '../openclaw/masking.ts';
import { BOUNDARY_SECTIONS } from '../openclaw/config.ts';
import { isObject, type Json } from '../openclaw/merge.ts';
import { secretFiles } from '../openclaw/secrets.ts';
import { readSettings } from '../openclaw/settings/index.ts';
import { desiredOsFacts } from './desired-os-facts.ts';

export interface DesiredInput {
  readonly fleet: Fleet;
  readonly blueprints: readonly Blueprint[];
  /** By reference (`env:NAME`): what may be known of a value, under one key for all. */
  readonly provided?: ReadonlyMap<string, Masked>;
  /** Masks secrets that stand in the manifest itself, under the same key. */
  readonly masker?: Masker;
  /** ISO time. */
  readonly takenAt: string;
}

/** One for all: plans hold it some twenty times for each of thousands of tenants. */
const NOT_BUILT = unknown('nothing is built yet');

type Given = Required<Pick<DesiredInput, 'provided' | 'masker'>>;

export function desiredFacts({ fleet, blueprints, provided = new Map(), masker = makeMasker('', MASKING), takenAt }: DesiredInput): Facts {
  return {
    phase: 'desired',
    takenAt,
    trust: { default: fleet.trust, relations: fleet.relations },
    risks: fleet.namedRisks,
    hosts: fleet.hosts.map(({ id, admins, snapshots }) => ({
      host: id,
      admins,
      ...(snapshots === undefined ? {} : { snapshots }),
      accounts: NOT_BUILT,
      machine: NOT_BUILT,
      kernel: NOT_BUILT,
      portRange: NOT_BUILT,
      proxies: NOT_BUILT,
      schedules: NOT_BUILT,
      sockets: NOT_BUILT,
    })),
    tenants: blueprints.map((blueprint) => tenantFacts(blueprint, { provided, masker })),
  };
}

/** Whether a config restricts tools at all. */
export function restrictsTools(config: Readonly<Record<string, unknown>>): boolean {
  const { tools } = config;
  return isObject(tools) && ['profile', 'allow', 'deny'].some((key) => tools[key] !== undefined);
}

function tenantFacts(blueprint: Blueprint, given: Given): TenantFacts {
  const source = 'declared';
  const { ports, publishedPort, policy, user } = blueprint;
  const namespace = blueprint.rung === 'profile' ? 'host' : 'own';
  const config = maskFurther(blueprint.config, given.masker);
  const { credentials, environment, places } = credentialsOf(blueprint, config, given);
  const settings = readSettings({ config, environment: blueprint.environment });
  const paths = declaredPaths(blueprint);
  return {
    ...declaredFacts(blueprint),
    paths: known([...paths, ...selectedPaths(settings.places, paths)].map(pathFact), source),
    hardLinks: NOT_BUILT,
    links: NOT_BUILT,
    prompts: NOT_BUILT,
    access: NOT_BUILT,
    stores: NOT_BUILT,
    includes: known(includesOf(settings, blueprint.paths.configFile), source),
    secrets: known(credentials.secrets, source),
    identities: known(identities(blueprint, credentials), source),
    environment: known(environment, source),
    references: known(credentials.references, source),
    logins: NOT_BUILT,
    places: known(places, source),
    exposed: NOT_BUILT,
    ports: known({ ...ports, published: publishedPort, namespace }, source),
    // The rung profile runs every tenant as whoever runs Bulkhead.
    user: known(
      user === undefined ? { name: 'the invoking user' } : { name: user.name, ...(user.uid === undefined ? {} : { uid: user.uid }) },
      source,
    ),
    policy: known({ preset: policy.preset, restricted: restrictsTools(blueprint.config) }, source),
    settings: known(settings, source),
    ...desiredOsFacts(blueprint, settings, NOT_BUILT),
    process: NOT_BUILT,
    listener: NOT_BUILT,
    claim: NOT_BUILT,
    audit: NOT_BUILT,
    auditRun: NOT_BUILT,
    documents: known(null, source),
    statusDigest: NOT_BUILT,
    apiClients: known(
      declaredApiClients(blueprint, (reference) => given.provided.get(reference)?.masked),
      source,
    ),
    browserProfiles: NOT_BUILT,
    egress: NOT_BUILT,
    pairedNodes: NOT_BUILT,
  };
}

/** By text: what they include in turn is known only where they lie. */
function includesOf({ places }: Settings, from: string): readonly IncludeFact[] {
  return places.includes.map(({ value }) => {
    const declared = resolvedFrom(directoryOf(from), value);
    return { declared, real: declared, from };
  });
}

function pathFact({ role, path }: { readonly role: PathRole; readonly path: string }): PathFact {
  return { role, declared: path, real: normalised(path), exists: false };
}

/** What Bulkhead renders holds no secret; only the further config of a manifest may, and it never comes to the sections that the boundary owns. */
function maskFurther(config: Readonly<Json>, masker: Masker): Readonly<Json> {
  const sections = Object.entries(config).map(([name, section]): readonly [string, unknown] => {
    if (BOUNDARY_SECTIONS.has(name)) return [name, section];
    const masked = masker.config({ [name]: section });
    return [name, isObject(masked) ? masked[name] : undefined];
  });
  return Object.fromEntries(sections);
}

/** A generated token is made on the host for this tenant alone: its place tells it from every other, no value exists yet. */
function credentialsOf(
  blueprint: Blueprint,
  config: Readonly<Record<string, unknown>>,
  { provided }: Given,
): { credentials: Credentials; environment: EnvironmentFact; places: readonly PlaceFact[] } {
  const { paths, host, environment: declared } = blueprint;
  const files = secretFiles(blueprint).map(({ file, source }): FileSeen => {
    if (source === 'generated') return { wanted: file, location: `${host}:${file}`, identity: file };
    const location = secretReference(source);
    const value = provided.get(location);
    return { wanted: file, location, identity: file, ...(value === undefined ? {} : { value }) };
  });
  const selecting: Record<string, string> = {};
  for (const [name, value] of Object.entries(declared)) if (VISIBLE.has(name)) selecting[name] = value;
  const environment = effectiveEnvironment(
    [{ layer: 'process', location: (name) => `env:${name}`, variables: selecting }, configLayer(config)],
    declared,
  );
  const dirs = { home: declared['HOME'] ?? paths.home, credentials: paths.credentials, config: paths.configDir };
  const credentials = readCredentials({ config, environment, files, store: new Map(), dirs });
  const place = (what: string, path: string): PlaceFact => ({ what, declared: path, real: normalised(path), exists: false });
  return {
    credentials,
    environment: {
      variables: [...environment.values()].map(variableFact),
      files: environmentFiles(declared, paths.state).map(({ layer, path }) => place(layer, path)),
    },
    places: wantedPlaces({ config, environment: declared, dirs, homes: 'moved', accounts: credentials.accounts }).map(({ what, path }) =>
      place(what, path),
    ),
  };
}

/** A token that belongs to another bot than the declared one counts as both. */
function identities({ channels }: Blueprint, credentials: Credentials): readonly ChannelIdentity[] {
  const declared = channels.flatMap((channel): readonly ChannelIdentity[] => {
    const reference = secretReference(channel.botToken);
    return channel.bot === undefined ? [] : [{ channel: channel.kind, account: channel.bot, location: reference, reference }];
  });
  return [...declared, ...credentials.identities];
}
