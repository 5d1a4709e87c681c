/** Source: openclaw 2026.9.6 `openclaw config schema` (gateway.*, discovery.*), docs/gateway/network-model.md, config-gateway.md, discovery.md. */
import { endpointOf } from '../../core/endpoint.ts';
import type { NetworkSettings, Setting } from '../../core/settings.ts';
import { isMasked } from '../credentials/walk.ts';
import { isObject, type Json } from '../merge.ts';
import { INSIDE_PORT, profilePort } from '../ports.ts';
import { listOf, OFF, section, switchOf, textOf } from './section.ts';
import { servicePorts } from './services.ts';
import type { SettingsSource } from './source.ts';

const LOOPBACK: Setting<string> = { value: 'loopback', from: 'default' };
const TOKEN: Setting<string> = { value: 'token', from: 'default' };
const NOT_THERE: Setting<string> = { value: 'off', from: 'default' };
const AUTO: Setting<string> = { value: 'auto', from: 'default' };
const MINIMAL: Setting<string> = { value: 'minimal', from: 'default' };
const NONE: readonly Setting<string>[] = [];

export function networkSettings(source: SettingsSource): NetworkSettings {
  const { config, environment } = source;
  const gateway = section(config, 'gateway');
  const auth = section(gateway, 'auth');
  const nodes = section(gateway, 'nodes');
  const wideArea = section(section(config, 'discovery'), 'wideArea')['domain'];
  return {
    bind: bindOf(gateway),
    authMode: textOf(auth['mode'], 'gateway.auth.mode', TOKEN),
    ...portsOf(gateway['port'], environment),
    services: servicePorts(source),
    loginLimit: loginLimitOf(auth['rateLimit']),
    tailscale: textOf(section(gateway, 'tailscale')['mode'], 'gateway.tailscale.mode', NOT_THERE),
    tailscaleLogin: switchOf(auth['allowTailscale'], 'gateway.auth.allowTailscale', OFF),
    announces: announcementOf(source),
    ...(typeof wideArea === 'string' ? { wideArea: { value: wideArea, from: 'config:discovery.wideArea.domain' } } : {}),
    remotes: remotesOf(section(gateway, 'remote')['url'], environment['OPENCLAW_GATEWAY_URL']),
    apis: apisOf(section(section(gateway, 'http'), 'endpoints'), config),
    nodeBrowser: textOf(section(nodes, 'browser')['mode'], 'gateway.nodes.browser.mode', AUTO),
    autoApproved: listOf(section(nodes, 'pairing')['autoApproveCidrs'], 'gateway.nodes.pairing.autoApproveCidrs'),
  };
}

function bindOf(gateway: Readonly<Json>): Setting<string> {
  const bind = textOf(gateway['bind'], 'gateway.bind', LOOPBACK);
  const host = gateway['customBindHost'];
  return bind.value === 'custom' && typeof host === 'string' ? { value: host, from: 'config:gateway.customBindHost' } : bind;
}

/** The environment before the config before the hash of a profile's name. `--port` comes first; a running gateway no longer shows its arguments. */
function portsOf(value: unknown, environment: SettingsSource['environment']): Pick<NetworkSettings, 'port' | 'overruledPort'> {
  const fromEnvironment = environmentPort(environment['OPENCLAW_GATEWAY_PORT']);
  const fromConfig = typeof value === 'number' && isPort(value) ? { value, from: 'config:gateway.port' } : undefined;
  if (fromEnvironment !== undefined) {
    const port = { value: fromEnvironment, from: 'env:OPENCLAW_GATEWAY_PORT' };
    return fromConfig === undefined || fromConfig.value === port.value ? { port } : { port, overruledPort: fromConfig };
  }
  if (fromConfig !== undefined) return { port: fromConfig };
  const profile = environment['OPENCLAW_PROFILE']?.trim() ?? '';
  const hashed = profilePort(profile);
  return { port: hashed === undefined ? { value: INSIDE_PORT, from: 'default' } : { value: hashed, from: `profile:${profile}` } };
}

/** `N`, `host:N` or `[v6]:N`; anything else is not used. */
function environmentPort(text: string | undefined): number | undefined {
  const digits = /^(?:\[[^\]]*\]:|[^:\s]+:)?(\d{1,5})$/.exec(text?.trim() ?? '')?.[1];
  const port = Number(digits ?? 0);
  return isPort(port) ? port : undefined;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535;
}

/** Without a limit wrong tokens are only slowed; with one, the loopback is spared unless the config says otherwise. */
function loginLimitOf(limit: unknown): NetworkSettings['loginLimit'] {
  if (!isObject(limit)) return { value: 'nowhere', from: 'default' };
  const key = 'gateway.auth.rateLimit.exemptLoopback';
  return { value: limit['exemptLoopback'] === false ? 'everywhere' : 'not on loopback', from: `config:${key}` };
}

/** On Linux nothing is announced unless the plugin is switched on by name. */
function announcementOf({ config, environment }: SettingsSource): Setting<string> {
  if (/^(?:1|true|yes|on)$/i.test(environment['OPENCLAW_DISABLE_BONJOUR']?.trim() ?? '')) return SILENCED;
  const mode = textOf(section(section(config, 'discovery'), 'mdns')['mode'], 'discovery.mdns.mode', MINIMAL);
  return mode.value === 'off' || isPluginOn(config, 'bonjour') ? mode : NOT_LOADED;
}

const SILENCED: Setting<string> = { value: 'off', from: 'env:OPENCLAW_DISABLE_BONJOUR' };
const NOT_LOADED: Setting<string> = { value: 'off', from: 'config:plugins.entries.bonjour' };

function isPluginOn(config: Readonly<Json>, id: string): boolean {
  const plugins = section(config, 'plugins');
  if (section(section(plugins, 'entries'), id)['enabled'] !== true || plugins['enabled'] === false) return false;
  return !(Array.isArray(plugins['deny']) && plugins['deny'].includes(id));
}

function remotesOf(fromConfig: unknown, fromEnvironment: string | undefined): readonly Setting<string>[] {
  if (fromConfig === undefined && fromEnvironment === undefined) return NONE;
  const named: readonly (readonly [string, unknown])[] = [
    // An address that carries a login is masked; where it leads is told.
    ['config:gateway.remote.url', isMasked(fromConfig) ? fromConfig.tells?.['url.origin'] : fromConfig],
    ['env:OPENCLAW_GATEWAY_URL', fromEnvironment],
  ];
  return named.flatMap(([from, value]) =>
    typeof value === 'string' && endpointOf(value) !== undefined ? [{ value: withoutKeys(value), from }] : [],
  );
}

/** User, password and query of a URL may be secrets. */
function withoutKeys(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');
}

function apisOf(endpoints: Readonly<Json>, config: Readonly<Json>): readonly Setting<string>[] {
  const apis: Setting<string>[] = [];
  for (const name of ['chatCompletions', 'responses'])
    if (section(endpoints, name)['enabled'] === true) apis.push({ value: name, from: `config:gateway.http.endpoints.${name}.enabled` });
  if (isPluginOn(config, 'admin-http-rpc')) apis.push({ value: 'admin-http-rpc', from: 'config:plugins.entries.admin-http-rpc' });
  return apis;
}
