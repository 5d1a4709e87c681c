import { known } from '../../core/facts.ts';
import type { ProxyRoute } from '../../core/network-facts.ts';
import { wholeHost, observedFacts } from '../testing/clean-facts.ts';
import { settingsWith, withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const route = (change: Partial<ProxyRoute> = {}): ProxyRoute => ({
  location: '/etc/nginx/a:1',
  names: ['acme.example'],
  catchAll: false,
  upstreams: ['http://127.0.0.1:20120'],
  sets: [],
  ...change,
});
const toGlobex = { upstreams: ['localhost:20240'] };
const proxied = (acme: Readonly<Record<string, unknown>>, ...proxies: readonly ProxyRoute[]) =>
  observedFacts({ hosts: [{ ...wholeHost(), proxies: known(proxies, 'test') }] }, { acme: () => ({ settings: known(settingsWith(acme), 'test') }) });
const byHeader = { gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { userHeader: 'X-User', allowUsers: ['a'] } } } };
const origin = (...allowedOrigins: readonly string[]) => ({ gateway: { controlUi: { allowedOrigins } } });

cases('proxy.route-mixup', {
  ok: {
    'a site each': proxied({}, route(), route({ names: ['globex.example'], ...toGlobex })),
    'one site in two blocks': proxied({}, route(), route({ location: '/etc/nginx/a:9' })),
    'a default site that leads nowhere near': proxied({}, route(), route({ names: [], catchAll: true, upstreams: ['127.0.0.1:8080'] })),
    'a header that the proxy sets': proxied(byHeader, route({ sets: ['x-user'] })),
    'origins of their own': withConfigs({ acme: origin('https://acme.example'), globex: origin('https://globex.example') }),
  },
  ng: {
    'one name for two': proxied({}, route(), route(toGlobex)),
    'the default site': proxied({}, route({ catchAll: true })),
    'two sites for one': proxied({}, route(), route({ names: ['other.example'] })),
    'a header that the client sets': proxied(byHeader, route()),
    'one origin': withConfigs({ acme: origin('https://A.example'), globex: origin('https://a.example:443/') }),
  },
});
