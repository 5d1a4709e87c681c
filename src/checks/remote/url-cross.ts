/** A gateway, or what runs beside it, is a client of another tenant's gateway. */
import { defineCheck } from '../../core/check.ts';
import { endpointOf } from '../../core/endpoint.ts';
import { ownerOf, publishedPorts, routesOf } from '../routes.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'remote.url-cross',
  title: 'A tenant is a client of another tenant’s gateway',
  why: 'Its commands, and whoever steers them, act on the other tenant with the credentials that are configured.',
  fix: 'Take gateway.remote.url and OPENCLAW_GATEWAY_URL out of the tenant.',
  how: 'The configured URLs are matched with published ports, with base ports on a shared loopback, and with names at reverse proxies.',
  source: 'openclaw 2026.9.6 docs/gateway/remote.md (gateway.remote.url, OPENCLAW_GATEWAY_URL)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['ports', 'settings'],
  phases: ['desired', 'observed'],
  item: 'gateway-token',
  *judge(facts) {
    const published = publishedPorts(facts.tenants);
    const bases = new Map<string, string>();
    for (const { tenant, host, ports, settings } of facts.tenants)
      if (ports.known && settings.known && ports.value.namespace !== 'own')
        bases.set(`${host} ${ports.value.namespace} ${settings.value.network.port.value}`, tenant);
    const named = new Map(
      [...routesOf(facts)].flatMap(([tenant, routes]) => routes.flatMap(({ names }) => names.map((name) => [name, tenant] as const))),
    );
    for (const { tenant, settings } of settingsOf(facts)) {
      for (const { value, from } of settings.network.remotes) {
        const endpoint = endpointOf(value);
        if (endpoint === undefined) continue;
        const beside =
          endpoint.host === 'loopback' && tenant.ports.known
            ? bases.get(`${tenant.host} ${tenant.ports.value.namespace} ${endpoint.port}`)
            : undefined;
        const owner = beside ?? named.get(endpoint.host) ?? ownerOf(published, tenant.host, endpoint);
        if (owner !== undefined && owner !== tenant.tenant)
          yield {
            tenants: [tenant.tenant, owner],
            message: `${tenant.tenant} is a client of the gateway of ${owner}`,
            evidence: [`${from}: ${value}`],
          };
      }
    }
  },
});
