/**
 * Listeners on fixed ports. Source: openclaw 2026.9.6 docs/channels/{telegram/transports,nextcloud-talk,msteams/configuration}.md,
 * docs/gateway/{config-hooks,config-browser-ui-desktop}.md, docs/plugins/voice-call/configuration.md.
 */
import type { ServicePort } from '../../core/settings.ts';
import { isObject, type Json } from '../merge.ts';
import { section } from './section.ts';
import type { SettingsSource } from './source.ts';

const DEFAULTS = {
  telegram: { address: '127.0.0.1', port: 8787 },
  gmail: { address: '127.0.0.1', port: 8788 },
  nextcloud: { address: '0.0.0.0', port: 8788 },
  // Its own pages name a port and no address.
  msteams: { address: '', port: 3978 },
  voice: { address: '127.0.0.1', port: 3334 },
  desktop: { address: '127.0.0.1', port: 5900 },
} as const;

export function servicePorts({ config }: SettingsSource): readonly ServicePort[] {
  return [...channelPorts(config), ...hookPorts(config), ...pluginPorts(config), ...desktopPorts(config), ...ingressPorts(config)];
}

function* channelPorts(config: Readonly<Json>): Iterable<ServicePort> {
  for (const [key, part] of accountsOf(config, 'telegram')) {
    // Without a URL it polls, and listens on nothing.
    if (typeof part['webhookUrl'] === 'string')
      yield* service('Telegram webhook', key, part, { address: 'webhookHost', port: 'webhookPort' }, DEFAULTS.telegram);
  }
  for (const [key, part] of accountsOf(config, 'nextcloud-talk'))
    yield* service('Nextcloud Talk webhook', key, part, { address: 'webhookHost', port: 'webhookPort' }, DEFAULTS.nextcloud);
  for (const [key, part] of accountsOf(config, 'msteams').slice(0, 1)) {
    yield* service('Microsoft Teams webhook', `${key}.webhook`, section(part, 'webhook'), { port: 'port' }, DEFAULTS.msteams);
  }
}

/** A channel and its accounts, each with what it inherits; none when it is off. */
function accountsOf(config: Readonly<Json>, channel: string): readonly (readonly [string, Json])[] {
  const channels = config['channels'];
  const own = isObject(channels) && Object.hasOwn(channels, channel) ? channels[channel] : undefined;
  if (!isObject(own) || own['enabled'] === false) return [];
  const accounts = isObject(own['accounts']) ? Object.entries(own['accounts']).slice(0, 100) : [];
  const named = accounts.flatMap(([name, account]): (readonly [string, Json])[] =>
    isObject(account) && account['enabled'] !== false ? [[`channels.${channel}.accounts.${name}`, { ...own, ...account }]] : [],
  );
  return [[`channels.${channel}`, own], ...named];
}

function* hookPorts(config: Readonly<Json>): Iterable<ServicePort> {
  const hooks = section(config, 'hooks');
  const gmail = section(hooks, 'gmail');
  if (hooks['enabled'] !== true || typeof gmail['account'] !== 'string') return;
  yield* service('Gmail watcher', 'hooks.gmail.serve', section(gmail, 'serve'), { address: 'bind', port: 'port' }, DEFAULTS.gmail);
}

function* pluginPorts(config: Readonly<Json>): Iterable<ServicePort> {
  const voice = section(section(config, 'plugins'), 'entries')['voice-call'];
  if (!isObject(voice) || voice['enabled'] === false) return;
  const serve = section(section(voice, 'config'), 'serve');
  const key = 'plugins.entries.voice-call.config.serve';
  yield* service('voice call webhook', key, serve, { address: 'bind', port: 'port' }, DEFAULTS.voice);
}

function* desktopPorts(config: Readonly<Json>): Iterable<ServicePort> {
  const host = section(section(config, 'desktop'), 'host');
  if (host['enabled'] === true) yield* service('desktop', 'desktop.host', host, { port: 'port' }, DEFAULTS.desktop);
}

function* ingressPorts(config: Readonly<Json>): Iterable<ServicePort> {
  const { port } = section(section(section(config, 'gateway'), 'portals'), 'ingress');
  if (typeof port === 'number') yield { label: 'portal ingress', address: '127.0.0.1', port, from: 'config:gateway.portals.ingress.port' };
}

interface Keys {
  readonly address?: string;
  readonly port: string;
}

/** Port 0 is one that the kernel chooses: it meets nobody. */
function* service(label: string, key: string, part: Readonly<Json>, keys: Keys, byDefault: { address: string; port: number }): Iterable<ServicePort> {
  const port = part[keys.port];
  const address = keys.address === undefined ? undefined : part[keys.address];
  const pinned = typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (pinned && port === 0) return;
  yield {
    label,
    address: typeof address === 'string' ? address : byDefault.address,
    port: pinned ? port : byDefault.port,
    from: pinned ? `config:${key}.${keys.port}` : 'default',
  };
}
