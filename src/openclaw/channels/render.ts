/** A declared channel to OpenClaw's config, its secret files and what it tells of its account. The same for all providers. */
import type { TenantPaths } from '../../core/blueprint.ts';
import { secretReference, type Channel } from '../../core/fleet.ts';
import type { ChannelIdentity } from '../../core/secret-facts.ts';
import { merge, type Json } from '../merge.ts';
import type { Preset } from '../presets/index.ts';
import { channelSecretFile, fileSecret } from '../secrets.ts';
import { declaredProvider } from './index.ts';

export interface ChannelInput {
  readonly paths: TenantPaths;
  readonly senders: Preset['senders'];
  /** A preset may leave every channel unconnected. */
  readonly enabled: boolean;
}

/** The part of a tenant's config that one channel makes. */
export function channelConfig(channel: Channel, { paths, senders, enabled }: ChannelInput): Json {
  const { channel: name, declared } = declaredProvider(channel.kind);
  const said = Object.entries(channel.settings).flatMap(([field, value]) => {
    const key = declared.fields[field]?.key;
    return key === null ? [] : [nested(key ?? field, value)];
  });
  const secrets = channel.secrets.map(({ field }) => secretConfig(channel, field, paths));
  const own = [{ enabled, configWrites: false }, ...said, declared.also?.(channel) ?? {}, ...secrets.map(({ settings }) => settings)];
  const settings = [...own, sendersConfig(channel, senders)].reduce<Json>(merge, {});
  return [{ channels: { [name]: settings } }, ...secrets.map(({ providers }) => providers)].reduce<Json>(merge, {});
}

/** A file where the provider's config can name one, otherwise a reference to the file's one value. */
function secretConfig(channel: Channel, field: string, paths: TenantPaths): { readonly settings: Json; readonly providers: Json } {
  const { declared, files = {} } = declaredProvider(channel.kind);
  const key = declared.fields[field]?.key ?? field;
  const path = channelSecretFile(paths, channel, field);
  const fileKey = Object.keys(files).find((name) => files[name] === key);
  if (fileKey !== undefined) return { settings: nested(fileKey, path), providers: {} };
  const { ref, provider } = fileSecret(path.slice(path.lastIndexOf('/') + 1), path);
  return { settings: nested(key, ref), providers: { secrets: { providers: provider } } };
}

/** Who may write to the agent, by the preset; in which rooms, by the manifest. */
function sendersConfig({ kind, allowFrom, rooms }: Channel, senders: Preset['senders']): Json {
  const { declared } = declaredProvider(kind);
  const { key, senders: perRoom, mention } = declared.rooms;
  const direct = declared.direct ?? { policy: 'dmPolicy', allowFrom: 'allowFrom' };
  const named = allowFrom.length > 0 ? [...allowFrom] : undefined;
  // An allow-list without a name would leave the agent deaf; pairing asks the tenant's own staff for each new sender.
  const policy = senders.dmPolicy === 'allowlist' && named === undefined ? 'pairing' : senders.dmPolicy;
  const parts: Json[] = [nested(direct.policy, policy), ...(named === undefined ? [] : [nested(direct.allowFrom, named)])];
  if (rooms.length === 0) return [...parts, { groupPolicy: senders.groupPolicy }].reduce<Json>(merge, {});
  const room = { ...(mention ? { requireMention: true } : {}), ...(perRoom === undefined || named === undefined ? {} : { [perRoom]: named }) };
  const common = perRoom === undefined && named !== undefined ? { groupAllowFrom: named } : {};
  return [...parts, { groupPolicy: 'allowlist', [key]: Object.fromEntries(rooms.map((one) => [one, room])), ...common }].reduce<Json>(merge, {});
}

/** Accounts that the manifest tells before any token exists. What OpenClaw's config says itself is read there. */
function declaredAccounts(channel: Channel): readonly { readonly field: string; readonly account: string }[] {
  const { declared } = declaredProvider(channel.kind);
  return Object.entries(channel.settings).flatMap(([field, value]) => {
    const account = declared.fields[field]?.tells?.(String(value), channel);
    return account === undefined ? [] : [{ field, account }];
  });
}

/** The same as identities, each with the source of the account's own secret, so that one source named twice is found. */
export function declaredIdentities(channels: readonly Channel[]): readonly ChannelIdentity[] {
  return channels.flatMap((channel) => {
    const [own] = channel.secrets;
    return declaredAccounts(channel).map(({ field, account }): ChannelIdentity => ({
      channel: channel.kind,
      account,
      location: `manifest:channels.${channel.kind}.${field}`,
      reference: own === undefined ? `account:${account}` : secretReference(own.source),
    }));
  });
}

function nested(key: string, value: unknown): Json {
  return key.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) as Json; // at least one part: an object
}
