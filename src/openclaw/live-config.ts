/**
 * Reads a config as it lies in a tenant's tree, after the collector has masked its secrets. The tenant wrote it: nothing is taken for granted.
 * Source: openclaw 2026.9.6 `openclaw config schema`.
 */
import type { ChannelIdentity, PolicyFact } from '../core/facts.ts';
import type { PresetName } from '../core/fleet.ts';
import { BOUNDARY_KEYS } from './config.ts';
import { isObject, type Json } from './merge.ts';
import { at } from './settings/source.ts';

/** Key paths whose value is a secret when it is text; `*` is any one key. The collector replaces such text by a `MaskedSecret`. */
export const SECRET_KEYS: readonly string[] = [
  'gateway.auth.token',
  'gateway.auth.password',
  'gateway.remote.token',
  'gateway.remote.password',
  'hooks.token',
  'cron.webhookToken',
  ...[
    'botToken',
    'token',
    'appToken',
    'userToken',
    'accessToken',
    'password',
    'signingSecret',
    'appPassword',
    'authToken',
    'webhookSecret',
    'channelAccessToken',
    'channelSecret',
    'serviceAccount',
  ].flatMap((key) => [`channels.*.${key}`, `channels.*.accounts.*.${key}`]),
  'models.providers.*.apiKey',
  'env.*',
  'env.vars.*',
  'skills.entries.*.apiKey',
  'browser.profiles.*.cdpUrl',
  'diagnostics.otel.headers.*',
];

/** Stands where a secret was: its digest under the run's key, and the bot id when it was a Telegram token. */
export interface MaskedSecret {
  readonly masked: string;
  readonly account?: string;
}

export interface LiveConfig {
  /** Role of a path → the path, where the config names one. */
  readonly paths: Readonly<Record<string, string>>;
  /** Files that secret references and `tokenFile`s name, by role. */
  readonly secretFiles: readonly { readonly role: string; readonly path: string; readonly key: string }[];
  /** Secrets that lie in the config itself, masked. */
  readonly inline: readonly { readonly role: string; readonly key: string; readonly digest: string }[];
  readonly identities: readonly ChannelIdentity[];
  readonly policy: PolicyFact;
}

/** `rendered` is the blueprint's config; without it nothing is said about drift. */
export function readLiveConfig(live: unknown, preset?: PresetName, rendered?: Readonly<Json>): LiveConfig {
  const config = isObject(live) ? live : {};
  const drifted = rendered === undefined ? undefined : driftedKeys(config, rendered);
  const restricted = ['profile', 'allow', 'deny'].some((key) => at(config, `tools.${key}`) !== undefined);
  const found = secretsOf(config);
  return {
    paths: pathsOf(config),
    secretFiles: found.files,
    inline: found.inline,
    identities: identitiesOf(config),
    policy: { restricted, ...(preset === undefined ? {} : { preset }), ...(drifted === undefined ? {} : { drifted }) },
  };
}

/** Leaf keys below the boundary's own whose value is not what was rendered: changed, missing or added. Sorted, at most 100. */
export function driftedKeys(live: Readonly<Json>, rendered: Readonly<Json>): readonly string[] {
  const [left, right] = [boundaryLeaves(live), boundaryLeaves(rendered)];
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys]
    .filter((key) => left.get(key) !== right.get(key))
    .sort()
    .slice(0, 100);
}

function boundaryLeaves(config: Readonly<Json>): ReadonlyMap<string, string> {
  const owned = BOUNDARY_KEYS.map((key) => key.split('.'));
  const leaves = new Map<string, string>();
  for (const { path, value } of walk(config)) {
    if (owned.some((key) => key.length <= path.length && matches(key, path.slice(0, key.length))))
      leaves.set(path.join('.').slice(0, 300), JSON.stringify(value));
  }
  return leaves;
}

function pathsOf(config: Json): Readonly<Record<string, string>> {
  const keys: Readonly<Record<string, string>> = {
    workspace: 'agents.defaults.workspace',
    log: 'logging.file',
    agent: 'agents.entries.main.agentDir',
  };
  const named = Object.entries(keys).map(([role, key]) => [role, at(config, key)] as const);
  return Object.fromEntries(named.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function secretsOf(config: Json): { files: LiveConfig['secretFiles']; inline: LiveConfig['inline'] } {
  const files: { role: string; path: string; key: string }[] = [];
  const inline: { role: string; key: string; digest: string }[] = [];
  for (const { path, value } of walk(config)) {
    const key = path.join('.');
    const provider = isObject(value) && value['source'] === 'file' && typeof value['provider'] === 'string' ? value['provider'] : undefined;
    const file = provider === undefined ? undefined : at(config, `secrets.providers.${provider}.path`);
    if (typeof file === 'string' && path[0] !== 'secrets') files.push({ role: roleOf(path), path: file, key });
    if (path[0] === 'channels' && path.at(-1) === 'tokenFile' && typeof value === 'string') files.push({ role: roleOf(path), path: value, key });
    if (isMasked(value)) inline.push({ role: roleOf(path), key, digest: value.masked });
  }
  return { files, inline };
}

function identitiesOf(config: Json): readonly ChannelIdentity[] {
  const identities: ChannelIdentity[] = [];
  for (const { path, value } of walk(config)) {
    if (path[0] !== 'channels' || path[1] === undefined) continue;
    const location = `config:${path.join('.')}`;
    if (isMasked(value))
      identities.push({
        channel: path[1],
        location,
        reference: `digest:${value.masked}`,
        ...(value.account === undefined ? {} : { account: value.account }),
      });
    else if (path.at(-1) === 'tokenFile' && typeof value === 'string') identities.push({ channel: path[1], location, reference: `file:${value}` });
  }
  return identities;
}

function roleOf(path: readonly string[]): string {
  if (path[0] === 'gateway') return 'gateway-token';
  if (path[0] === 'channels') return `channel:${path[1] ?? ''}`;
  if (path[0] === 'models') return `model:${path[2] ?? ''}`;
  return path.join('.');
}

function isMasked(value: unknown): value is MaskedSecret {
  return isObject(value) && typeof value['masked'] === 'string';
}

/** Leaves: everything but plain objects; secret references and masked secrets are leaves too. Stops at depth 20 and 20,000 leaves. */
function* walk(root: Readonly<Json>): Generator<{ readonly path: readonly string[]; readonly value: unknown }> {
  let left = 20_000;
  function* visit(value: unknown, path: readonly string[]): Generator<{ readonly path: readonly string[]; readonly value: unknown }> {
    if (left <= 0) return;
    const entries = isObject(value) && !isMasked(value) && !isReference(value) ? Object.entries(value) : [];
    if (entries.length === 0 || path.length >= 20) {
      left -= 1;
      yield { path, value };
      return;
    }
    for (const [key, child] of entries) yield* visit(child, [...path, key]);
  }
  yield* visit(root, []);
}

function isReference(value: Json): boolean {
  return typeof value['source'] === 'string' && typeof value['provider'] === 'string' && 'id' in value;
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part === '*' || part === path[index]);
}
