/** Who may start a turn, by channel and account. Source: openclaw 2026.9.6 `openclaw config schema` (channels.*), docs/channels/groups.md. */
import type { Surface } from '../../core/tool-settings.ts';
import { isObject, type Json } from '../merge.ts';
import { at, type SettingsSource } from './source.ts';

const MOST_SURFACES = 200;
const MOST_SENDERS = 1000;

export function surfacesOf({ config }: SettingsSource): readonly Surface[] {
  const channels = at(config, 'channels');
  if (!isObject(channels)) return [];
  const surfaces: Surface[] = [];
  for (const [channel, settings] of Object.entries(channels)) {
    if (channel === 'defaults' || !isObject(settings)) continue;
    const { accounts } = settings;
    const own = isObject(accounts) ? Object.entries(accounts).filter((entry): entry is [string, Json] => isObject(entry[1])) : [];
    if (own.length === 0) surfaces.push(surface(channel, channel, settings, `channels.${channel}`));
    // An account inherits what it does not say.
    for (const [id, account] of own)
      surfaces.push(surface(channel, `${channel} account ${id}`, { ...settings, ...account }, `channels.${channel}.accounts.${id}`));
  }
  return surfaces.slice(0, MOST_SURFACES);
}

function surface(channel: string, name: string, settings: Json, key: string): Surface {
  if (settings['enabled'] === false) return { name, admits: 'nobody', senders: [], from: `config:${key}.enabled` };
  // Matrix keeps what concerns direct messages apart.
  const dm = isObject(settings['dm']) ? settings['dm'] : {};
  const dms = policyOf(settings, 'dmPolicy', policyOf(dm, 'policy', 'pairing'));
  const groups = policyOf(settings, 'groupPolicy', 'allowlist');
  const ofGroups = ids(settings['groupAllowFrom']);
  const perRoom = roomsOf(settings).map((room) => [...ids(room['users']), ...ids(room['allowFrom'])]);
  const listed = [...new Set([...ids(settings['allowFrom']), ...ids(dm['allowFrom']), ...ofGroups, ...perRoom.flat()])];
  const senders = listed.filter((id) => id !== '*').map((id) => `${channel} ${id}`);
  const base = { name, senders: senders.slice(0, MOST_SENDERS) };
  if (listed.includes('*') || dms === 'open' || groups === 'open') return { ...base, admits: 'anyone', from: `config:${key}` };
  // A group on the list admits whoever is in it, unless the senders are named as well.
  const isNamed = ofGroups.length > 0 || (perRoom.length > 0 && perRoom.every((named) => named.length > 0));
  if (groups === 'allowlist' && hasGroups(settings) && !isNamed) return { ...base, admits: 'group', from: `config:${key}.groups` };
  if (dms === 'pairing') return { ...base, admits: 'paired', from: `config:${key}.dmPolicy` };
  return { ...base, admits: senders.length > 0 ? 'listed' : 'nobody', from: `config:${key}.allowFrom` };
}

function policyOf(settings: Json, key: string, byDefault: string): string {
  const value = settings[key];
  return typeof value === 'string' ? value : byDefault;
}

const ROOMS = ['groups', 'guilds', 'channels', 'rooms', 'teams'];

function roomsOf(settings: Json): readonly Json[] {
  return ROOMS.flatMap((key) => (isObject(settings[key]) ? Object.values(settings[key]).filter(isObject) : []));
}

function hasGroups(settings: Json): boolean {
  return ROOMS.some((key) => {
    const value = settings[key];
    return isObject(value) ? Object.keys(value).length > 0 : Array.isArray(value) && value.length > 0;
  });
}

function ids(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((id) => typeof id === 'string' || typeof id === 'number').map((id) => String(id).trim().toLowerCase())
    : [];
}
