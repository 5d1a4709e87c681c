/**
 * All credentials, channel identities and references of a tenant, from its masked config, its variables and what was read for it. The same for
 * declared and observed. Source: openclaw 2026.9.6 docs/gateway/secrets/secretref-contract.md.
 */
import type { ChannelIdentity, SecretFact, SecretMeans, SecretReference } from '../../core/secret-facts.ts';
import type { AccountView, ChannelProvider, Held } from '../channels/provider.ts';
import { channelsIn } from '../channels/index.ts';
import type { Masked } from '../masking.ts';
import type { Json } from '../merge.ts';
import { accountsOf, type AccountSources } from './accounts.ts';
import type { Variable } from './environment.ts';
import { targetOf, fileOf } from './references.ts';
import { roleOf } from './roles.ts';
import { roleOfVariable } from './variables.ts';
import { isMasked, referenceOf, secretsIn, type Reference } from './walk.ts';

/** A secret file as it was read. */
export interface FileSeen {
  /** As it was asked for: may hold a segment `*`. */
  readonly wanted: string;
  readonly pointer?: string;
  /** `file:/…` or, on a plan, the reference that will fill it. */
  readonly location: string;
  /** `dev:ino` or the real path. */
  readonly identity: string;
  /** Undefined while nothing is provided. */
  readonly value?: Masked;
}

export interface CredentialSources {
  readonly config: Readonly<Json>;
  readonly environment: ReadonlyMap<string, Variable>;
  readonly files: readonly FileSeen[];
  /** OpenClaw's own secret store, by name. */
  readonly store: ReadonlyMap<string, Masked>;
  readonly dirs: { readonly home: string; readonly credentials: string; readonly config: string };
}

export interface Credentials {
  readonly secrets: readonly SecretFact[];
  readonly identities: readonly ChannelIdentity[];
  readonly references: readonly SecretReference[];
  /** Files that hold some of it, whether they were read or not. */
  readonly wanted: readonly { readonly path: string; readonly pointer?: string }[];
  /** Channel accounts, for whoever needs more of them. */
  readonly accounts: readonly { readonly provider: ChannelProvider; readonly account: AccountView }[];
}

export function readCredentials(sources: CredentialSources): Credentials {
  const resolver = makeResolver(sources);
  const secrets: SecretFact[] = [];
  const references: SecretReference[] = [];
  const referenced = new Set<string>();
  for (const { path, value } of secretsIn(sources.config)) {
    const reference = path[0] === 'secrets' ? undefined : referenceOf(value);
    if (reference !== undefined && path.length > 0) {
      if (reference.source === 'env') referenced.add(reference.id);
      references.push(...resolver.referencesOf(path, reference));
    }
    if (path[0] === 'env' || path[0] === 'secrets') continue;
    secrets.push(...resolver.secretsOf(path, value, reference));
  }
  for (const variable of sources.environment.values()) {
    const role = roleOfVariable(variable.name);
    if (role !== undefined && variable.digest !== undefined && !referenced.has(variable.name)) secrets.push(secretOfVariable(role, variable));
  }
  const accounts = channelsIn(sources.config['channels'], sources.environment.keys()).flatMap((provider) =>
    accountsOf(provider, resolver.sources).map((account) => ({ provider, account })),
  );
  const identities = accounts.flatMap(({ provider, account }) => [...identitiesOf(provider, account)]);
  for (const { provider, account } of accounts) secrets.push(...fileSecrets(provider, account));
  return { secrets: distinct(secrets), identities: distinct(identities), references, wanted: [...resolver.wanted.values()], accounts };
}

function makeResolver({ config, environment, files, store, dirs }: CredentialSources) {
  const wanted = new Map<string, { readonly path: string; readonly pointer?: string }>();
  const seen = new Map<string, FileSeen[]>();
  for (const file of files) {
    const key = `${file.wanted}#${file.pointer ?? ''}`;
    seen.set(key, [...(seen.get(key) ?? []), file]);
  }
  const look = (path: string, pointer?: string): readonly FileSeen[] => {
    const key = `${path}#${pointer ?? ''}`;
    wanted.set(key, pointer === undefined ? { path } : { path, pointer });
    return seen.get(key) ?? [];
  };
  const absolute = (path: string): string => fullPath(path, dirs);
  const filesOf = (reference: Reference): readonly FileSeen[] => {
    const file = fileOf(config, reference);
    return file === undefined ? [] : look(absolute(file.path), file.pointer);
  };
  /** Value and means of a reference; undefined when Bulkhead does not resolve it. */
  const resolve = (
    reference: Reference,
  ): { readonly value: Masked | undefined; readonly means: SecretMeans; readonly location: string } | undefined => {
    if (reference.source === 'env') {
      const found = environment.get(reference.id);
      if (found === undefined) return undefined;
      const value = found.digest === undefined ? undefined : { masked: found.digest, strength: found.strength ?? 'strong', tells: found.tells };
      return { value, means: found.layer === 'process' ? 'environment' : found.layer === 'config' ? 'config' : 'env-file', location: found.location };
    }
    if (reference.source === 'store') return { value: store.get(reference.id), means: 'store', location: `store:${reference.id}` };
    const [file] = reference.source === 'file' ? filesOf(reference) : [];
    return file === undefined ? undefined : { value: file.value, means: 'file', location: file.location };
  };
  const sources: AccountSources = {
    config,
    environment,
    dirs,
    held: (value, location) => {
      if (isMasked(value)) return heldOf(value, location);
      const reference = referenceOf(value);
      if (reference === undefined) return undefined;
      const found = resolve(reference);
      return found === undefined ? { tells: {}, location, reference: '' } : heldOf(found.value, found.location);
    },
    heldIn: (path) => look(absolute(path)).map(({ value, location }) => heldOf(value, location)),
  };
  return {
    sources,
    wanted,
    secretsOf: (path: readonly string[], value: unknown, reference: Reference | undefined): readonly SecretFact[] => {
      const key = path.join('.');
      if (isMasked(value)) return [secretOf(roleOf(path), `config:${key}`, value, 'config')];
      const found = reference === undefined ? undefined : resolve(reference);
      // A declared secret counts before its value is provided: two tenants may name one source.
      return found === undefined ? [] : [secretOf(roleOf(path), found.location, found.value, found.means)];
    },
    referencesOf: (path: readonly string[], reference: Reference): readonly SecretReference[] => {
      const [file] = reference.source === 'file' ? filesOf(reference) : [];
      const variable = reference.source === 'env' ? environment.get(reference.id) : undefined;
      const target = targetOf(config, reference, {
        environment,
        ...(file === undefined ? {} : { file }),
        ...(variable === undefined ? {} : { variable }),
      });
      const resolved = resolve(reference)?.value !== undefined;
      return [{ role: roleOf(path), location: `config:${path.join('.')}`, source: reference.source, ...target, resolved }];
    },
  };
}

function* identitiesOf(provider: ChannelProvider, account: AccountView): Iterable<ChannelIdentity> {
  const { channel } = provider;
  const named = [...(provider.identities?.(account) ?? [])];
  for (const one of named) yield { channel, reference: `account:${one.account}`, ...one };
  // Whoever has the same credential is the same account, also where it tells nothing of whose it is.
  for (const key of provider.credentials) {
    for (const { location, reference } of account.secrets(key)) yield { channel, location, reference };
  }
}

/** Secrets in files and variables that a channel names; those in the config itself were met on the walk. */
function* fileSecrets(provider: ChannelProvider, account: AccountView): Iterable<SecretFact> {
  const keys = new Set([...Object.values(provider.files ?? {}), ...(provider.channel === 'whatsapp' ? ['creds'] : [])]);
  for (const key of keys) {
    const role = provider.credentials.includes(key) || key === 'creds' ? `channel:${provider.channel}` : `channel-${key}:${provider.channel}`;
    for (const { location, digest } of account.secrets(key)) {
      if (location.startsWith('config:') || location.startsWith('env:')) continue;
      yield { role, location, means: 'file', ...(digest === undefined ? {} : { digest }) };
    }
  }
}

function secretOf(role: string, location: string, value: Masked | undefined, means: SecretMeans): SecretFact {
  return value === undefined ? { role, location, means } : { role, location, means, digest: value.masked, strength: value.strength };
}

function secretOfVariable(role: string, { location, digest, layer, strength }: Variable): SecretFact {
  const means = layer === 'process' ? 'environment' : layer === 'config' ? 'config' : 'env-file';
  return { role, location, means, ...(digest === undefined ? {} : { digest }), ...(strength === undefined ? {} : { strength }) };
}

/** Once its value is known a secret is itself, wherever it lies; until then it is its source. */
function heldOf(value: Masked | undefined, location: string): Held {
  if (value === undefined) return { tells: {}, location, reference: location };
  return { tells: value.tells ?? {}, location, reference: `digest:${value.masked}`, digest: value.masked };
}

/** `~` is the tenant's home; anything relative is taken as lying beside the config. */
function fullPath(path: string, dirs: CredentialSources['dirs']): string {
  if (path === '~' || path.startsWith('~/')) return `${dirs.home}${path.slice(1)}`;
  return path.startsWith('/') ? path : `${dirs.config}/${path}`;
}

/** Two that agree in all their parts are one: a file can be met under two keys. */
function distinct<T extends object>(items: readonly T[]): readonly T[] {
  if (items.length < 2) return items;
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = JSON.stringify(item);
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
