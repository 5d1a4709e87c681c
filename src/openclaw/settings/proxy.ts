/** Source: openclaw 2026.9.6 `openclaw config schema` (gateway.trustedProxies, gateway.auth.trustedProxy), docs/gateway/trusted-proxy-auth.md. */
import { endpointOf, endpointText } from '../../core/endpoint.ts';
import type { ProxySettings, Setting } from '../../core/settings.ts';
import type { Json } from '../merge.ts';
import { listOf, OFF, section, switchOf } from './section.ts';
import type { SettingsSource } from './source.ts';

const NO_ORIGINS: ProxySettings['origins'] = [];

export function proxySettings({ config }: SettingsSource): ProxySettings {
  const gateway = section(config, 'gateway');
  const proxy = section(section(gateway, 'auth'), 'trustedProxy');
  const { userHeader } = proxy;
  return {
    trusted: listOf(gateway['trustedProxies'], 'gateway.trustedProxies'),
    loopback: switchOf(proxy['allowLoopback'], 'gateway.auth.trustedProxy.allowLoopback', OFF),
    users: listOf(proxy['allowUsers'], 'gateway.auth.trustedProxy.allowUsers'),
    ...(typeof userHeader === 'string'
      ? { userHeader: { value: userHeader.toLowerCase(), from: 'config:gateway.auth.trustedProxy.userHeader' } }
      : {}),
    origins: originsOf(gateway),
  };
}

/** In one spelling: `https://A.example/` and `https://a.example:443` are one origin. */
function originsOf(gateway: Readonly<Json>): ProxySettings['origins'] {
  const own = gateway['publicOrigin'];
  const listed = listOf(section(gateway, 'controlUi')['allowedOrigins'], 'gateway.controlUi.allowedOrigins');
  const named = listed.value.map((value): Setting<string> => ({ value, from: listed.from }));
  if (typeof own === 'string') named.push({ value: own, from: 'config:gateway.publicOrigin' });
  if (named.length === 0) return NO_ORIGINS;
  return named.flatMap(({ value, from }) => {
    if (value === '*') return [{ value, from }];
    const endpoint = endpointOf(value);
    return endpoint === undefined ? [] : [{ value: endpointText({ ...endpoint, path: '' }), from }];
  });
}
