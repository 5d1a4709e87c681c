/** What would be true if the blueprints were built: checks judge it before anything is. Pure. */
import type { Blueprint } from '../core/blueprint.ts';
import { declaredFacts, declaredPaths } from '../core/declared.ts';
import { known, unknown, type ChannelIdentity, type Facts, type PathFact, type PathRole, type SecretFact, type TenantFacts } from '../core/facts.ts';
import { secretReference, type Fleet } from '../core/fleet.ts';
import { isObject } from '../openclaw/merge.ts';
import { secretFiles } from '../openclaw/secrets.ts';
import { readSettings } from '../openclaw/settings/index.ts';
import { desiredOsFacts } from './desired-os-facts.ts';

export interface DesiredInput {
  readonly fleet: Fleet;
  readonly blueprints: readonly Blueprint[];
  /** By reference (`env:NAME`): digest under one key for all, and the bot id where the value is a bot token. */
  readonly provided?: ReadonlyMap<string, { readonly digest: string; readonly botId?: string }>;
  /** ISO time. */
  readonly takenAt: string;
}

const NOT_BUILT = 'nothing is built yet';

export function desiredFacts({ fleet, blueprints, provided = new Map(), takenAt }: DesiredInput): Facts {
  return {
    phase: 'desired',
    takenAt,
    trust: { default: fleet.trust, relations: fleet.relations },
    risks: fleet.namedRisks,
    hosts: fleet.hosts.map(({ id, admins, snapshots }) => ({
      host: id,
      admins,
      ...(snapshots === undefined ? {} : { snapshots }),
      accounts: unknown(NOT_BUILT),
      machine: unknown(NOT_BUILT),
      kernel: unknown(NOT_BUILT),
    })),
    tenants: blueprints.map((blueprint) => tenantFacts(blueprint, provided)),
  };
}

/** Whether a config restricts tools at all. */
export function restrictsTools(config: Readonly<Record<string, unknown>>): boolean {
  const { tools } = config;
  return isObject(tools) && ['profile', 'allow', 'deny'].some((key) => tools[key] !== undefined);
}

function tenantFacts(blueprint: Blueprint, provided: NonNullable<DesiredInput['provided']>): TenantFacts {
  const source = 'declared';
  const { ports, publishedPort, policy, config, user } = blueprint;
  const namespace = blueprint.rung === 'profile' ? 'host' : 'own';
  const settings = readSettings(blueprint);
  return {
    ...declaredFacts(blueprint),
    paths: known(declaredPaths(blueprint).map(pathFact), source),
    hardLinks: unknown(NOT_BUILT),
    secrets: known(secrets(blueprint, provided), source),
    identities: known(identities(blueprint, provided), source),
    ports: known({ ...ports, published: publishedPort, namespace }, source),
    // The rung profile runs every tenant as whoever runs Bulkhead.
    user: known(
      user === undefined ? { name: 'the invoking user' } : { name: user.name, ...(user.uid === undefined ? {} : { uid: user.uid }) },
      source,
    ),
    policy: known({ preset: policy.preset, restricted: restrictsTools(config) }, source),
    settings: known(settings, source),
    ...desiredOsFacts(blueprint, settings, normalised, NOT_BUILT),
    process: unknown(NOT_BUILT),
    listener: unknown(NOT_BUILT),
    claim: unknown(NOT_BUILT),
    audit: unknown(NOT_BUILT),
    auditRun: unknown(NOT_BUILT),
    documents: known(null, source),
    statusDigest: unknown(NOT_BUILT),
  };
}

function pathFact({ role, path }: { readonly role: PathRole; readonly path: string }): PathFact {
  return { role, declared: path, real: normalised(path), exists: false };
}

/** `a//b/../c/` → `a/c`; text only, links are followed once the path exists. */
function normalised(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}`;
}

/** A generated token is made on the host for this tenant alone: its place tells it from every other, no value exists yet. */
function secrets(blueprint: Blueprint, provided: NonNullable<DesiredInput['provided']>): readonly SecretFact[] {
  return secretFiles(blueprint).map(({ role, file, source }) => {
    if (source === 'generated') return { role, location: `${blueprint.host}:${file}` };
    const location = secretReference(source);
    const digest = provided.get(location)?.digest;
    return digest === undefined ? { role, location } : { role, location, digest };
  });
}

function identities({ channels }: Blueprint, provided: NonNullable<DesiredInput['provided']>): readonly ChannelIdentity[] {
  return channels.flatMap((channel) => {
    const reference = secretReference(channel.botToken);
    const found = provided.get(reference)?.botId;
    // A token that belongs to another bot than the declared one counts as both.
    const accounts = [...new Set([channel.bot, found].filter((account) => account !== undefined))];
    const identity = { channel: channel.kind, location: reference, reference };
    return accounts.length === 0 ? [identity] : accounts.map((account) => ({ ...identity, account }));
  });
}
