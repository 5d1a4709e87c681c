/** Which tenant an endpoint on a host leads to, and which routes of reverse proxies do. */
import { endpointOf, type Endpoint } from '../core/endpoint.ts';
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { ProxyRoute } from '../core/network-facts.ts';
import type { HostId, TenantId } from '../core/words.ts';

/** Routes by the tenant whose published port is behind them. */
export function routesOf({ hosts, tenants }: Facts): ReadonlyMap<TenantId, readonly ProxyRoute[]> {
  const owners = publishedPorts(tenants);
  const routes = new Map<TenantId, ProxyRoute[]>();
  for (const { host, proxies } of hosts) {
    for (const route of proxies.known ? proxies.value : []) {
      const behind = new Set(route.upstreams.flatMap((upstream) => ownerOf(owners, host, endpointOf(upstream.replace(/^:/, 'localhost:'))) ?? []));
      for (const tenant of behind) routes.set(tenant, [...(routes.get(tenant) ?? []), route]);
    }
  }
  return routes;
}

/** Host and port → the tenant that is reached there on the host's loopback. */
export function publishedPorts(tenants: readonly TenantFacts[]): ReadonlyMap<string, TenantId> {
  return new Map(
    tenants.flatMap(({ tenant, host, ports }) => {
      const port = ports.known ? ports.value.published : undefined;
      return port === undefined ? [] : [[`${host} ${port}`, tenant] as const];
    }),
  );
}

/** The tenant behind an endpoint of the host's loopback. */
export function ownerOf(owners: ReadonlyMap<string, TenantId>, host: HostId, endpoint: Endpoint | undefined): TenantId | undefined {
  if (endpoint === undefined || (endpoint.host !== 'loopback' && endpoint.host !== 'any')) return undefined;
  return owners.get(`${host} ${endpoint.port}`);
}
