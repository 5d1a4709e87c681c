/** Every channel provider, sorted by name. A file that is missing here fails index.test.ts. */
import { buzz } from './buzz.ts';
import type { DeclaredChannel } from './declared.ts';
import { clickclack } from './clickclack.ts';
import { discord } from './discord.ts';
import { feishu } from './feishu.ts';
import { googlechat } from './googlechat.ts';
import { imap } from './imap.ts';
import { imessage } from './imessage.ts';
import { irc } from './irc.ts';
import { line } from './line.ts';
import { matrix } from './matrix.ts';
import { mattermost } from './mattermost.ts';
import { msteams } from './msteams.ts';
import { nextcloudTalk } from './nextcloud-talk.ts';
import { nostr } from './nostr.ts';
import type { ChannelProvider } from './provider.ts';
import { qqbot } from './qqbot.ts';
import { reef } from './reef.ts';
import { signal } from './signal.ts';
import { slack } from './slack.ts';
import { sms } from './sms.ts';
import { synologyChat } from './synology-chat.ts';
import { telegram } from './telegram.ts';
import { tlon } from './tlon.ts';
import { twitch } from './twitch.ts';
import { whatsapp } from './whatsapp.ts';
import { zalo } from './zalo.ts';

export const CHANNELS: readonly ChannelProvider[] = [
  buzz,
  clickclack,
  discord,
  feishu,
  googlechat,
  imap,
  imessage,
  irc,
  line,
  matrix,
  mattermost,
  msteams,
  nextcloudTalk,
  nostr,
  qqbot,
  reef,
  signal,
  slack,
  sms,
  synologyChat,
  telegram,
  tlon,
  twitch,
  whatsapp,
  zalo,
];

const BY_VARIABLE: ReadonlyMap<string, ChannelProvider> = new Map(
  CHANNELS.flatMap((provider) => Object.keys(provider.variables ?? {}).map((name) => [name, provider] as const)),
);

/** Providers that a config or a variable may speak of, in the order of the list: plans ask for thousands of tenants that use one. */
export function channelsIn(channels: unknown, variables: Iterable<string>): readonly ChannelProvider[] {
  const named = new Set<ChannelProvider>();
  for (const name of variables) {
    const provider = BY_VARIABLE.get(name);
    if (provider !== undefined) named.add(provider);
  }
  const has = typeof channels === 'object' && channels !== null ? channels : {};
  return CHANNELS.filter((provider) => provider.at !== undefined || Object.hasOwn(has, provider.channel) || named.has(provider));
}

/** Those that a manifest may declare, by name. */
export const DECLARED: ReadonlyMap<string, DeclaredProvider> = new Map(
  CHANNELS.flatMap((provider) =>
    provider.declared === undefined ? [] : [[provider.channel, { ...provider, declared: provider.declared }] as const],
  ),
);

export type DeclaredProvider = ChannelProvider & { readonly declared: DeclaredChannel };

/** Throws plain Error for a channel that no manifest could have named. */
export function declaredProvider(kind: string): DeclaredProvider {
  const provider = DECLARED.get(kind);
  if (provider === undefined) throw new Error(`${kind} is no channel that a manifest may declare`);
  return provider;
}
