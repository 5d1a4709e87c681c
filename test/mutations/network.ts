/** Leaks by way of networks, authentication and pairings. */
import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { TENANTS, observedFacts, withConfig } from '../../src/checks/testing/clean-facts.ts';
import { inContainer } from '../../src/checks/testing/clean-os-facts.ts';
import { acmeWith, withConfigs } from '../../src/checks/testing/network-facts.ts';
import { known, type Facts } from '../../src/core/facts.ts';
import { StoresCollected } from '../../src/observe/network-collected.ts';
import { MASKING } from '../../src/openclaw/credentials/masking-rules.ts';
import { makeMasker } from '../../src/openclaw/masking.ts';
import { pairedNodesQuery } from '../../src/openclaw/stores.ts';
import { collect, withTree } from './collected.ts';
import { both, crowded } from './crowded.ts';
import type { Mutation } from './mutation.ts';

export const network: readonly Mutation[] = [
  { id: 'gateway.auth-none', disguise: 'auth mode none', facts: () => withConfig({ gateway: { auth: { mode: 'none' } } }) },
  { id: 'net.bind-wide', disguise: 'bind lan', facts: () => withConfig({ gateway: { bind: 'lan' } }) },
  {
    id: 'net.bind-wide',
    disguise: 'a custom address of the machine',
    facts: () => withConfig({ gateway: { bind: 'custom', customBindHost: '192.0.2.1' } }),
  },
  {
    id: 'net.bind-wide',
    disguise: 'a webhook whose default is every address',
    facts: () => withConfig({ channels: { 'nextcloud-talk': { baseUrl: 'https://c.example' } } }),
  },
  {
    id: 'net.bind-wide',
    disguise: 'the published port on every IPv6 address',
    facts: () =>
      acmeWith({ listener: known({ address: '::', port: 20_120, holders: [{ pid: 101, uid: 1001, namespaces: { net: '12' } }] }, 'test') }),
  },
  {
    id: 'net.container-network-shared',
    disguise: 'the default bridge',
    facts: () => observedFacts({}, Object.fromEntries(TENANTS.map((name) => [name, inContainer({ networks: ['bridge'] })]))),
  },
  {
    id: 'net.container-network-shared',
    disguise: 'inside another container',
    facts: () => observedFacts({}, { acme: inContainer({ networks: ['container:f00'] }) }),
  },
  {
    id: 'net.egress-unrestricted',
    disguise: 'a flushed table',
    facts: () => acmeWith({ egress: known({ filtered: false, how: 'its rules are not loaded' }, 'test') }),
  },
  {
    id: 'net.mdns',
    disguise: 'the plugin is on',
    also: ['policy.plugins-open'],
    facts: () => withConfig({ discovery: { mdns: { mode: 'minimal' } }, plugins: { entries: { bonjour: { enabled: true } } } }),
  },
  {
    id: 'net.mdns',
    disguise: 'the variable says no by 0',
    also: ['policy.plugins-open'],
    facts: () =>
      withConfigs(
        { acme: { discovery: { mdns: { mode: 'full' } }, plugins: { entries: { bonjour: { enabled: true } } } } },
        { OPENCLAW_DISABLE_BONJOUR: '0' },
      ),
  },
  {
    id: 'net.mdns',
    disguise: 'one domain with a dot at its end',
    facts: () => withConfigs(both((name) => ({ discovery: { wideArea: { domain: name === 'acme' ? 'x.internal' : 'X.internal.' } } }))),
  },
  {
    id: 'net.tailscale-shared',
    disguise: 'serve and funnel',
    facts: () => withConfigs(both((name) => ({ gateway: { tailscale: { mode: name === 'acme' ? 'serve' : 'funnel' } } }))),
  },
  { id: 'net.tailscale-shared', disguise: 'without the token', facts: () => withConfig({ gateway: { auth: { allowTailscale: true } } }) },
  {
    id: 'proxy.shared-loopback-trust',
    disguise: 'allowLoopback',
    facts: () => withConfig({ gateway: { auth: { trustedProxy: { allowLoopback: true } } } }),
  },
  ...['127.0.0.0/8', '0.0.0.0/0', '::1/128', '::ffff:127.0.0.1', '[::1]', '10.0.0.0/8'].map((network): Mutation => ({
    id: 'proxy.shared-loopback-trust',
    disguise: `trusts ${network}`,
    facts: () => withConfig({ gateway: { trustedProxies: [network] } }),
  })),
  { id: 'proxy.allow-users-overlap', disguise: 'nobody listed', facts: () => withConfig({ gateway: { auth: { mode: 'trusted-proxy' } } }) },
  {
    id: 'proxy.allow-users-overlap',
    disguise: 'another case',
    facts: () =>
      withConfigs(
        both((name) => ({
          gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { allowUsers: [name === 'acme' ? 'Ann@x.test' : 'ann@X.test'] } } },
        })),
      ),
  },
  crowded('api.ratelimit-loopback', 'spared by default', {}),
  remote('another spelling of the loopback', 'ws://127.1:20240/'),
  remote('with a password', 'ws://u:p@[::1]:20240?x=y'),
  { id: 'remote.url-cross', disguise: 'by variable', facts: () => withConfigs({ acme: {} }, { OPENCLAW_GATEWAY_URL: 'ws://localhost:20240' }) },
  { id: 'node.paired-to-both', disguise: 'one device in both stores', also: ['browser.node-proxy-shared'], facts: pairedTwice },
  {
    id: 'node.paired-to-both',
    disguise: 'everybody on the loopback',
    facts: () => withConfig({ gateway: { nodes: { pairing: { autoApproveCidrs: ['::1'] } } } }),
  },
];

function remote(disguise: string, url: string): Mutation {
  // As the collector hands it on: masked where it carries a login.
  const facts = (): Facts => withConfig(makeMasker('00'.repeat(32), MASKING).config({ gateway: { remote: { url } } }) as Record<string, unknown>);
  return { id: 'remote.url-cross', disguise, facts };
}

/** Two real databases with one device in each. */
export async function pairedTwice(): Promise<Facts> {
  const nodes = async (operator: string): ReturnType<typeof readNodes> =>
    await withTree({ 'state/x': '' }, async (root) => {
      const database = new DatabaseSync(`${root}/state/openclaw.sqlite`);
      database.exec('CREATE TABLE device_pairing_paired (device_id TEXT PRIMARY KEY, display_name TEXT, role TEXT, roles_json TEXT)');
      database.exec(`INSERT INTO device_pairing_paired VALUES ('one', 'mac', 'node', NULL), ('${operator}', 'phone', 'operator', '["operator"]')`);
      database.close();
      return await readNodes(root);
    });
  const [acme, globex] = [await nodes('p1'), await nodes('p2')];
  return observedFacts({}, { acme: () => ({ pairedNodes: known(acme, 'test') }), globex: () => ({ pairedNodes: known(globex, 'test') }) });
}

async function readNodes(root: string): Promise<readonly { readonly device: string; readonly name?: string }[]> {
  const request = {
    browserDir: `${root}/browser`,
    userData: 'user-data',
    directories: [],
    nodes: pairedNodesQuery({ state: root }),
    cookies: { table: 'cookies', columns: ['host_key'] },
  };
  const { nodes } = v.parse(StoresCollected, await collect('stores-collector', request));
  if (!nodes.ok) throw new Error(nodes.why);
  return nodes.value;
}
