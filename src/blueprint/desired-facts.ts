/** What would be true if the blueprints were built: checks judge it before anything is. Pure. */
import type { Blueprint } from '../core/blueprint.ts';
import { declaredApiClients, declaredFacts } from '../core/declared.ts';
import { known, unknown, type Facts, type TenantFacts } from '../core/facts.ts';
import type { Fleet } from '../core/fleet.ts';
import type { ChannelIdentity } from '../core/secret-facts.ts';
import { declaredIdentities } from '../openclaw/channels/render.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import { makeMasker, type Masked, type Masker } from '../openclaw/masking.ts';
import { isObject } from '../openclaw/merge.ts';
import { desiredOsFacts } from './desired-os-facts.ts';
import { makeReader, type Reading } from './shared-reading.ts';

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

export function desiredFacts({ fleet, blueprints, provided = new Map(), masker = makeMasker('', MASKING), takenAt }: DesiredInput): Facts {
  const read = makeReader(provided, masker);
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
    tenants: blueprints.map((blueprint) => tenantFacts(blueprint, read, provided)),
  };
}

/** Whether a config restricts tools at all. */
export function restrictsTools(config: Readonly<Record<string, unknown>>): boolean {
  const { tools } = config;
  return isObject(tools) && ['profile', 'allow', 'deny'].some((key) => tools[key] !== undefined);
}

function tenantFacts(blueprint: Blueprint, read: (blueprint: Blueprint) => Reading, provided: DesiredInput['provided']): TenantFacts {
  const source = 'declared';
  const { ports, publishedPort, policy, user } = blueprint;
  const namespace = blueprint.rung === 'profile' ? 'host' : 'own';
  const { settings, paths, includes, secrets, identities, references, environment, places } = read(blueprint);
  return {
    ...declaredFacts(blueprint),
    paths,
    hardLinks: NOT_BUILT,
    links: NOT_BUILT,
    prompts: NOT_BUILT,
    access: NOT_BUILT,
    stores: NOT_BUILT,
    includes,
    secrets,
    identities: known(identitiesOf(blueprint, identities), source),
    environment,
    references,
    logins: NOT_BUILT,
    places,
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
    effective: NOT_BUILT,
    audit: NOT_BUILT,
    auditRun: NOT_BUILT,
    documents: known(null, source),
    statusDigest: NOT_BUILT,
    apiClients: known(
      declaredApiClients(blueprint, (reference) => provided?.get(reference)?.masked),
      source,
    ),
    browserProfiles: NOT_BUILT,
    egress: NOT_BUILT,
    pairedNodes: NOT_BUILT,
  };
}

/** A token that belongs to another bot than the declared one counts as both. */
function identitiesOf({ channels }: Blueprint, told: readonly ChannelIdentity[]): readonly ChannelIdentity[] {
  return [...declaredIdentities(channels), ...told];
}
