/** Leaks by way of reverse proxies and API clients. */
import * as v from 'valibot';
import { observedFacts } from '../../src/checks/testing/clean-facts.ts';
import { onHost, withConfigs } from '../../src/checks/testing/network-facts.ts';
import { known, type Facts } from '../../src/core/facts.ts';
import { NetworkCollected } from '../../src/observe/network-collected.ts';
import { readProxyFiles } from '../../src/observe/proxies/index.ts';
import { OPEN_WEBUI } from '../../src/openclaw/stores.ts';
import { collect, withTree } from './collected.ts';
import { both } from './crowded.ts';
import { declaredFleet } from './declared-fleet.ts';
import type { Mutation } from './mutation.ts';

const NGINX = `
upstream globex { server 127.0.0.1:20240; }
server { listen 80 default_server; return 444; }
server { listen 80; server_name acme.example; location / { proxy_pass http://127.0.0.1:20120; } }
`;

function routes(disguise: string, path: string, text: string): Mutation {
  return { id: 'proxy.route-mixup', disguise, facts: () => onHost({ proxies: readProxyFiles([{ path, text }]) }) };
}

const CLIENT = (name: string, rest: string): readonly string[] => ['apiClients:', `  - { name: ${name}-webui, kind: open-webui, ${rest} }`];

export const api: readonly Mutation[] = [
  routes(
    'nginx: one name, other case, through an upstream group',
    '/n',
    `${NGINX}server { listen 80; server_name ACME.example; location /x { proxy_pass http://globex; } }`,
  ),
  routes(
    'nginx: the first server answers unknown names',
    '/n',
    NGINX.replace(' default_server', '').replace('return 444;', 'location / { proxy_pass http://[::1]:20240; }'),
  ),
  routes(
    'nginx: two sites for one gateway',
    '/n',
    `${NGINX}server { listen 80; server_name other.example; location / { proxy_pass http://localhost:20120; } }`,
  ),
  routes('Caddy: a site without a name', '/Caddyfile', ':443 {\n  reverse_proxy localhost:20120\n}\n'),
  routes(
    'Traefik: a rule without a host',
    '/t.yml',
    'http: { routers: { a: { rule: "PathPrefix(`/`)", service: a } }, services: { a: { loadBalancer: { servers: [{ url: "http://127.0.0.1:20240" }] } } } }',
  ),
  {
    id: 'proxy.route-mixup',
    disguise: 'one origin with its default port',
    facts: () =>
      withConfigs(
        both((name) => ({ gateway: { controlUi: { allowedOrigins: [name === 'acme' ? 'https://chat.example' : 'https://CHAT.example:443/'] } } })),
      ),
  },
  {
    id: 'api.openwebui-key-shared',
    disguise: 'one variable',
    facts: () => declaredFleet({ acme: CLIENT('a', 'key: { env: K }'), globex: CLIENT('b', 'key: { env: K }') }),
  },
  {
    id: 'api.openwebui-key-shared',
    disguise: 'two variables with one value',
    facts: () => declaredFleet({ acme: CLIENT('a', 'key: { env: K }'), globex: CLIENT('b', 'key: { env: L }'), env: { K: 'sk-1', L: ' sk-1\n' } }),
  },
  {
    id: 'api.openwebui-key-shared',
    disguise: 'one address in two spellings',
    facts: () => declaredFleet({ acme: CLIENT('a', 'baseUrl: "http://localhost:9000/v1/"'), globex: CLIENT('b', 'baseUrl: "http://[::1]:9000"') }),
  },
  {
    id: 'api.openwebui-key-shared',
    disguise: 'the published port of another',
    facts: () => declaredFleet({ acme: CLIENT('a', 'baseUrl: "http://127.0.0.1:20120/v1"') }),
  },
  {
    id: 'api.openwebui-key-shared',
    disguise: 'second in a list of an environment file',
    facts: () => webui("OPENAI_API_KEYS='k1;k2'\n", 'export OPENAI_API_KEY=k2\n'),
  },
  {
    id: 'api.openwebui-key-shared',
    disguise: 'one address in two environment files',
    facts: () => webui('OPENAI_API_BASE_URLS=http://127.0.0.1:9000/v1;http://x\n', 'OPENAI_API_BASE_URL="http://localhost:9000/"\n'),
  },
  { id: 'api.openai-http-exposed', disguise: 'declared in the manifest', facts: () => declaredFleet({ acme: CLIENT('a', 'keyWithUsers: true') }) },
];

/** Two environment files of Open WebUI, read by the collector. */
async function webui(acme: string, globex: string): Promise<Facts> {
  const seen = await withTree(
    { acme, globex },
    async (root) => {
      const request = {
        key: '00'.repeat(32),
        pids: [],
        proxyFiles: [],
        envFiles: [`${root}/acme`, `${root}/globex`],
        keyFiles: [],
        keyNames: OPEN_WEBUI.keys,
        urlNames: OPEN_WEBUI.urls,
      };
      return v.parse(NetworkCollected, await collect('network-collector', request)).envFiles;
    },
    true,
  );
  const [first, second] = Object.values(seen).map((file) => {
    if (!file.ok) throw new Error(file.why);
    const keys = file.value.keys.map(({ name, digest }) => ({ location: name, digest }));
    const urls = file.value.urls.map(({ name, url }) => ({ location: name, url }));
    return { apiClients: known([{ name: 'webui', kind: 'open-webui', keyWithUsers: false, keys, urls }], 'test') };
  });
  return observedFacts({}, { acme: () => first ?? {}, globex: () => second ?? {} });
}
