/** Leaks by way of the browsers that agents drive. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { TENANTS, wholeHost, observedFacts, withConfig } from '../../src/checks/testing/clean-facts.ts';
import { acmeWith, onOneLoopback, settingsWith, withConfigs } from '../../src/checks/testing/network-facts.ts';
import { known, type Facts, type TenantFacts } from '../../src/core/facts.ts';
import type { BrowserProfileFact } from '../../src/core/network-facts.ts';
import { StoresCollected } from '../../src/observe/network-collected.ts';
import { browserStore, COOKIE_HOSTS, pairedNodesQuery } from '../../src/openclaw/stores.ts';
import { collect, withTree } from './collected.ts';
import type { Mutation } from './mutation.ts';
import { pairedTwice } from './network.ts';

interface Seeded {
  readonly preferences?: object;
  readonly localState?: object;
  readonly cookies?: readonly string[];
}

/** A user data directory below `root`, as Chromium lays it out. */
function makeProfile(root: string, { preferences = {}, localState = {}, cookies = [] }: Seeded): void {
  const directory = `${root}/browser/openclaw/user-data`;
  mkdirSync(`${directory}/Default/Network`, { recursive: true });
  writeFileSync(`${directory}/Local State`, JSON.stringify(localState));
  writeFileSync(`${directory}/Default/Preferences`, JSON.stringify(preferences));
  const database = new DatabaseSync(`${directory}/Default/Network/Cookies`);
  database.exec('CREATE TABLE cookies (host_key TEXT, name TEXT)');
  for (const host of cookies) database.prepare('INSERT INTO cookies VALUES (?, ?)').run(host, 'sid');
  database.close();
}

async function read(root: string, directories: readonly string[] = []): Promise<readonly BrowserProfileFact[]> {
  const request = { ...browserStore({ state: root }), directories, nodes: pairedNodesQuery({ state: root }), cookies: COOKIE_HOSTS };
  const { profiles } = v.parse(StoresCollected, await collect('stores-collector', request));
  if (!profiles.ok) throw new Error(profiles.why);
  return profiles.value.map(({ declared, real, identity, ...rest }) => ({
    ...rest,
    directory: { role: 'browser', declared, real, exists: true, identity },
  }));
}

function seeded(id: string, disguise: string, of: Seeded): Mutation {
  const facts = async (): Promise<Facts> =>
    await withTree({}, async (root) => {
      makeProfile(root, of);
      return acmeWith({ browserProfiles: known(await read(root), 'test') });
    });
  return { id, disguise, facts };
}

/** Two tenants, of which globex's config names a directory that leads to acme's. */
async function linkedTo(below: string): Promise<Facts> {
  return await withTree({}, async (root) => {
    const [acme, globex] = [`${root}/acme`, `${root}/globex`];
    makeProfile(acme, {});
    makeProfile(globex, {});
    symlinkSync(`${acme}/browser/openclaw/user-data${below}`, `${globex}/chrome`);
    const [one, other] = [await read(acme), await read(globex, [`${globex}/chrome`])];
    return observedFacts({}, { acme: () => ({ browserProfiles: known(one, 'test') }), globex: () => ({ browserProfiles: known(other, 'test') }) });
  });
}

function on(id: string, disguise: string, browser: Readonly<Record<string, unknown>>): Mutation {
  return { id, disguise, facts: () => withConfig({ browser: { enabled: true, ...browser } }) };
}

function crowded(id: string, disguise: string, acme: object, globex: object): Mutation {
  const config = (browser: object): Readonly<Record<string, unknown>> => ({ browser: { enabled: true, ...browser } });
  return {
    id,
    disguise,
    also: ['api.ratelimit-loopback', 'browser.existing-session'],
    facts: () => onOneLoopback({ acme: config(acme), globex: config(globex) }),
  };
}

function listening(namespace: string, port: number, address = '127.0.0.1'): Partial<Facts> {
  const one = { namespace, address, port, uid: 1001, pids: [] };
  return { hosts: [{ ...wholeHost(), sockets: known([one], 'test') }] };
}

const at = (cdpUrl: unknown): object => ({ profiles: { remote: { cdpUrl } } });
const pinned = (cdpPort: number): object => ({ profiles: { openclaw: { cdpPort } } });

export const browser: readonly Mutation[] = [
  { id: 'browser.userdata-shared', disguise: 'through a symlink that the config names', facts: () => linkedTo('') },
  { id: 'browser.userdata-shared', disguise: 'a directory inside the other, through a symlink', facts: () => linkedTo('/Default') },
  crowded(
    'browser.cdpurl-shared',
    'localhost and [::1], with and without a path',
    at('http://localhost:9222/json/version/'),
    at('ws://[::1]:9222/devtools/browser/1'),
  ),
  crowded(
    'browser.cdpurl-shared',
    'by argument',
    { profiles: { c: { driver: 'existing-session', mcpArgs: ['--wsEndpoint', 'ws://127.0.0.1:9222/x'] } } },
    at('http://127.0.0.1:9222/x'),
  ),
  {
    id: 'browser.cdpurl-shared',
    disguise: 'one session at a provider, masked',
    facts: () =>
      withConfigs(
        Object.fromEntries(
          TENANTS.map((name) => [
            name,
            {
              browser: at({
                masked: 'd'.repeat(64),
                strength: 'strong',
                tells: { 'url.origin': name === 'acme' ? 'wss://B.example' : 'https://b.example:443' },
              }),
            },
          ]),
        ),
      ),
  },
  crowded('browser.cdpport-conflict', 'one port', pinned(9222), pinned(9222)),
  crowded('browser.cdpport-conflict', 'inside the block of another', pinned(20_300), {}),
  on('browser.existing-session', 'the built-in profile', { defaultProfile: 'user' }),
  on('browser.existing-session', 'a driver', { profiles: { work: { driver: 'existing-session', userDataDir: '~/.config/google-chrome' } } }),
  seeded('browser.mixed-identity', 'signed in outside the boundary', { preferences: { account_info: [{ email: 'Me@gmail.com' }] } }),
  seeded('browser.mixed-identity', 'only in Local State', { localState: { profile: { info_cache: { Default: { user_name: 'x@other.test' } } } } }),
  seeded('browser.mixed-identity', 'a cookie of another tenant', { cookies: ['.Login.globex.test'] }),
  seeded('browser.sync-enabled', 'sync is set up', { preferences: { sync: { has_setup_completed: true } } }),
  seeded('browser.sync-enabled', 'the password manager', { preferences: { credentials_enable_service: true } }),
  {
    id: 'browser.cdp-reachable',
    disguise: 'on a loopback with others',
    also: ['api.ratelimit-loopback'],
    facts: () => onOneLoopback({}, listening('2', 20_131)),
  },
  { id: 'browser.cdp-reachable', disguise: 'beyond its own loopback', facts: () => observedFacts(listening('12', 18_800, '::')) },
  {
    id: 'browser.control-reachable',
    disguise: 'on a loopback with others',
    also: ['api.ratelimit-loopback'],
    facts: () => onOneLoopback({}, listening('2', 20_122)),
  },
  {
    id: 'browser.tmp-shared',
    disguise: 'one user and one mount namespace',
    also: [
      'boundary.declared-vs-running',
      'boundary.rung-not-reached',
      'fs.perms-cross',
      'os.shared-uid',
      'port.listener-owner',
      'audit.not-inside',
      'log.readable',
      'tmp.compile-cache-shared',
    ],
    facts: oneUser,
  },
  on('browser.ssrf-private', 'the switch', { ssrfPolicy: { dangerouslyAllowPrivateNetwork: true } }),
  on('browser.ssrf-private', 'its older name', { ssrfPolicy: { allowPrivateNetwork: true } }),
  ...['localhost', '127.0.0.1', '[::1]', 'app.localhost', '169.254.169.254', '::ffff:127.0.0.1'].map((name) =>
    on('browser.ssrf-private', `names ${name}`, { ssrfPolicy: { allowedHostnames: [name] } }),
  ),
  on('browser.sandbox-off', 'the switch', { noSandbox: true }),
  on('browser.sandbox-off', 'an argument', { extraArgs: [' --no-sandbox'] }),
  { id: 'browser.node-proxy-shared', disguise: 'one node, browsers by default', also: ['node.paired-to-both'], facts: pairedTwice },
];

function oneUser(): Facts {
  const change = ({ tenant, process }: TenantFacts): Partial<TenantFacts> => ({
    settings: known(settingsWith({ browser: { enabled: true } }, {}, tenant), 'test'),
    user: known({ name: 'u', uid: 1001 }, 'test'),
    process:
      process.known && process.value !== null
        ? known({ ...process.value, uid: 1001, namespaces: { ...process.value.namespaces, mnt: '1' } }, 'test')
        : process,
  });
  return observedFacts({}, { acme: change, globex: change });
}
