/** A reverse proxy leads, or could be led, to the wrong tenant. */
import { defineCheck, type Violation } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import type { ProxyRoute } from '../../core/network-facts.ts';
import { names, sharedBy, sharing } from '../join.ts';
import { routesOf } from '../routes.ts';

export const check = defineCheck({
  id: 'proxy.route-mixup',
  title: 'A reverse proxy can lead to the wrong tenant',
  why: 'A name that leads to two gateways, a default route, or a header that a client may set itself turns the client of one tenant into one of another.',
  fix: 'One server name and one server block per tenant, a default server that answers nobody, and identity headers set by the proxy.',
  how: 'Routes in the config files that hosts.<host>.proxies names are matched with published ports; allowed origins are compared.',
  source: 'nginx.org request_processing (default server), openclaw 2026.9.6 docs/gateway/trusted-proxy-auth.md (overwrite identity headers)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['ports', 'settings', 'host.proxies'],
  phases: ['observed'],
  item: 'gateway',
  *judge(facts) {
    const routes = routesOf(facts);
    const byName = sharedBy(facts.tenants, ({ tenant, host }) =>
      (routes.get(tenant) ?? []).flatMap(({ names: served, location }) =>
        served.map((name) => ({ key: `${host} ${name}`, where: `${name} in ${location}` })),
      ),
    );
    for (const group of byName) yield sharing(group, 'one name at a reverse proxy');
    const origins = sharedBy(facts.tenants, ({ settings }) =>
      (settings.known ? settings.value.proxy.origins : []).map(({ value, from }) => ({ key: value, where: `${from}: ${value}` })),
    );
    for (const group of origins) yield sharing(group, 'one allowed origin');
    for (const tenant of facts.tenants) yield* ownRoutes(tenant, routes.get(tenant.tenant) ?? []);
  },
});

function* ownRoutes(tenant: TenantFacts, routes: readonly ProxyRoute[]): Iterable<Violation> {
  const catching = routes.filter(({ catchAll }) => catchAll);
  const tenants = [tenant.tenant] as const;
  if (catching.length > 0)
    yield { tenants, message: `requests for names that nobody lists reach ${tenant.tenant}`, evidence: catching.map(({ location }) => location) };
  const sites = new Map(routes.map((route) => [route.names.toSorted().join(' '), route]));
  sites.delete('');
  // One server block may well have several names; several blocks with different names are several sites.
  if (sites.size > 1)
    yield {
      tenants,
      message: `${names([...sites.keys()])} are separate sites that lead to ${tenant.tenant}`,
      evidence: [...sites.values()].map(({ location }) => location),
    };
  const header = tenant.settings.known ? tenant.settings.value.proxy.userHeader : undefined;
  if (header === undefined || !tenant.settings.known || tenant.settings.value.network.authMode.value !== 'trusted-proxy') return;
  const open = routes.filter(({ sets }) => !sets.includes(header.value));
  if (open.length > 0)
    yield {
      tenants,
      message: `a client of ${tenant.tenant} may send the header ${header.value} itself`,
      evidence: open.map(({ location }) => location),
    };
}
