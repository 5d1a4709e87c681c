/** Source: openclaw 2026.9.6 `openclaw config schema` (channels.*, hooks.gmail), docs/channels/groups.md, docs/automation/imap.md. */
import type { ChannelSettings } from '../../core/settings.ts';
import type { AccountView } from '../channels/provider.ts';
import { channelsIn } from '../channels/index.ts';
import { accountsOf, type AccountSources } from '../credentials/accounts.ts';
import type { Variable } from '../credentials/environment.ts';
import { isObject, type Json } from '../merge.ts';
import { addressOf } from './address.ts';
import { at, type SettingsSource } from './source.ts';

const LISTS = ['allowFrom', 'groupAllowFrom', 'groupSenderAllowFrom', 'dm.allowFrom', 'allowedUserIds', 'dmAllowlist', 'allowedSenders'];
/** Objects whose names are groups that may talk. Guilds are places of their own (channels/discord.ts). */
const GROUPS = ['groups', 'channels', 'rooms', 'teams'];

export function channelSettings(source: SettingsSource): ChannelSettings {
  return { webhooks: webhooksOf(source), senders: sendersOf(source.config), mailboxes: mailboxesOf(source.config) };
}

function webhooksOf({ config, environment }: SettingsSource): ChannelSettings['webhooks'] {
  const providers = channelsIn(config['channels'], Object.keys(environment)).filter(({ webhooks }) => webhooks !== undefined);
  if (providers.length === 0) return [];
  const variable = (name: string): Variable | undefined => {
    const value = environment[name];
    return value === undefined ? undefined : { name, layer: 'process', location: `env:${name}`, value, secret: false, declared: false, tells: {} };
  };
  const sources: AccountSources = {
    config,
    environment: { has: (name) => environment[name] !== undefined, get: variable },
    held: () => undefined,
    heldIn: () => [],
    dirs: { home: '', credentials: '' },
  };
  return providers.flatMap((provider) =>
    accountsOf(provider, sources).flatMap((account: AccountView) =>
      [...(provider.webhooks?.(account) ?? [])].map(({ url, location, ...listener }) => {
        const address = addressOf(url);
        return { channel: provider.channel, ...listener, ...(address === undefined ? {} : { url: address }), from: location };
      }),
    ),
  );
}

function sendersOf(config: Readonly<Json>): ChannelSettings['senders'] {
  const found: ChannelSettings['senders'][number][] = [];
  const take = (channel: string, place: string, account: unknown): void => {
    if (!isObject(account)) return;
    for (const key of LISTS) {
      const list = at(account, key);
      if (!Array.isArray(list)) continue;
      for (const entry of list.slice(0, 1000))
        if (isSender(entry)) found.push({ channel, sender: senderName(String(entry)), from: `config:${place}.${key}` });
    }
    for (const key of GROUPS) {
      const groups = account[key];
      const names = Array.isArray(groups)
        ? groups.filter((name): name is string => typeof name === 'string')
        : isObject(groups)
          ? Object.keys(groups)
          : [];
      for (const name of names.slice(0, 1000))
        if (name !== '*') found.push({ channel, sender: `group ${senderName(name)}`, from: `config:${place}.${key}` });
    }
  };
  const channels = at(config, 'channels');
  for (const [channel, settings] of isObject(channels) ? Object.entries(channels) : []) {
    take(channel, `channels.${channel}`, settings);
    const accounts = isObject(settings) ? settings['accounts'] : undefined;
    for (const [id, account] of isObject(accounts) ? Object.entries(accounts) : []) take(channel, `channels.${channel}.accounts.${id}`, account);
  }
  return found;
}

function isSender(entry: unknown): boolean {
  return (typeof entry === 'string' && entry.trim() !== '' && entry !== '*' && !entry.startsWith('openclaw:')) || typeof entry === 'number';
}

/** `tg:4242`, `telegram:4242`, `+49 170…` and `@Name` are written in many ways. */
export function senderName(text: string): string {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z-]+:(?=[^/])/, '')
    .replace(/^@/, '');
  return (/^\+[0-9 ()-]+$/.test(plain) ? plain.replace(/[^0-9]/g, '') : plain).slice(0, 200);
}

function mailboxesOf(config: Readonly<Json>): ChannelSettings['mailboxes'] {
  const gmail = ['account', 'topic', 'subscription'].flatMap((key) => {
    const value = at(config, `hooks.gmail.${key}`);
    return typeof value === 'string' && value !== ''
      ? [{ account: `gmail ${key} ${value.trim().toLowerCase()}`, from: `config:hooks.gmail.${key}` }]
      : [];
  });
  const accounts = at(config, 'plugins.entries.imap.config.accounts');
  const imap = Object.entries(isObject(accounts) ? accounts : {}).flatMap(([id, account]) => {
    const [host, user] = isObject(account) ? [account['host'], account['user']] : [];
    return typeof host === 'string' && typeof user === 'string'
      ? [
          {
            account: `imap ${user.toLowerCase()} at ${host.toLowerCase().replace(/\.$/, '')}`,
            from: `config:plugins.entries.imap.config.accounts.${id}`,
          },
        ]
      : [];
  });
  return [...gmail, ...imap];
}
