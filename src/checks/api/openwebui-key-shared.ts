/** One API client, key or address stands for two customers. */
import { defineCheck, type Violation } from '../../core/check.ts';
import { endpointOf, endpointText } from '../../core/endpoint.ts';
import type { Facts } from '../../core/facts.ts';
import type { TenantId } from '../../core/words.ts';
import { sharedBy, sharing } from '../join.ts';
import { ownerOf, publishedPorts } from '../routes.ts';

export const check = defineCheck({
  id: 'api.openwebui-key-shared',
  title: 'One API key or address is used for two customers',
  why: 'A gateway does not tell the users of an API client apart: one connection for two customers gives each the sessions and tools of the other.',
  fix: 'One connection, one key and one gateway per customer.',
  how: 'Keys (by keyed digest and by source) and addresses in one spelling are compared, those of the manifest and of Open WebUI’s own files.',
  source:
    'openclaw 2026.9.6 docs/gateway/openai-http-api.md (the shared secret is an operator); docs.openwebui.com (OPENAI_API_KEYS, OPENAI_API_BASE_URLS)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['apiClients'],
  phases: ['desired', 'observed'],
  item: 'gateway-token',
  *judge(facts) {
    const keys = sharedBy(facts.tenants, ({ apiClients }) =>
      (apiClients.known ? apiClients.value : []).flatMap((client) =>
        client.keys.flatMap(({ location, reference, digest }) => [
          ...(reference === undefined ? [] : [{ key: `source ${reference}`, where: `key of ${client.name} in ${location}` }]),
          ...(digest === undefined ? [] : [{ key: `digest ${digest}`, where: `key of ${client.name} in ${location}` }]),
        ]),
      ),
    );
    for (const group of keys) yield sharing(group, 'one API key');
    const urls = sharedBy(facts.tenants, ({ host, apiClients }) =>
      (apiClients.known ? apiClients.value : []).flatMap((client) =>
        client.urls.map(({ location, url }) => ({ key: `${host} ${spelling(url)}`, where: `${client.name} calls ${url} (${location})` })),
      ),
    );
    for (const group of urls) yield sharing(group, 'one API address');
    yield* crossed(facts);
  },
});

/** `http://localhost:20000/v1/`, `http://127.0.0.1:20000` and `http://[::1]:20000/V1` reach one API. Another host's loopback is another place. */
function spelling(url: string): string {
  const endpoint = endpointOf(url);
  return endpoint === undefined ? url.trim() : endpointText({ ...endpoint, path: endpoint.path.replace(/\/v1$/i, '') });
}

/** A client of one tenant that calls the gateway, or holds the token, of another. */
function* crossed({ tenants }: Facts): Iterable<Violation> {
  const owners = publishedPorts(tenants);
  const tokens = new Map<string, TenantId>();
  for (const { tenant, secrets } of tenants)
    for (const { role, digest } of secrets.known ? secrets.value : [])
      if (role === 'gateway-token' && digest !== undefined) tokens.set(digest, tenant);
  for (const { tenant, host, apiClients } of tenants)
    for (const { name, keys, urls } of apiClients.known ? apiClients.value : []) {
      const called = urls.map(({ location, url }) => ({ where: `${url} (${location})`, owner: ownerOf(owners, host, endpointOf(url)) }));
      const held = keys.map(({ location, digest }) => ({
        where: `its token in ${location}`,
        owner: digest === undefined ? undefined : tokens.get(digest),
      }));
      for (const { where, owner } of [...called, ...held])
        if (owner !== undefined && owner !== tenant)
          yield { tenants: [tenant, owner], message: `${name} of ${tenant} uses the gateway of ${owner}`, evidence: [where] };
    }
}
