/** Leaks by way of model accounts and tool servers. */
import { known } from '../../src/core/facts.ts';
import { declared } from './declared.ts';
import type { Mutation } from './mutation.ts';
import { seededTrees, type Seed } from './seeded-trees.ts';

const STRONG = '9b1f6c0d2e7a4835b6c1d0e9f8a7362514c3b2a1908f7e6d';
const AGENT_DB = 'state/agents/main/agent/openclaw-agent.sqlite';
const STATE_DB = 'state/state/openclaw.sqlite';
/** What a leak in a config or an environment file rightly is, too. */
const PLAIN = ['secret.plaintext'];

const both = (seed: Seed): Promise<ReturnType<typeof declared>> => seededTrees(seed, seed);
const provider = (own: Readonly<Record<string, unknown>>): Seed => ({ config: { models: { providers: { own } } } });

function profiles(credential: Readonly<Record<string, unknown>>): readonly string[] {
  const json = JSON.stringify({ version: 1, profiles: { 'openai:default': credential } }).replaceAll("'", "''");
  return [
    'CREATE TABLE auth_profile_store (store_key TEXT NOT NULL PRIMARY KEY, store_json TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT',
    `INSERT INTO auth_profile_store VALUES ('primary', '${json}', 1)`,
  ];
}

function jwt(claims: Readonly<Record<string, unknown>>, signature: string): string {
  return `${['{"alg":"none"}', JSON.stringify(claims)].map((part) => Buffer.from(part).toString('base64url')).join('.')}.${signature}`;
}

export const models: readonly Mutation[] = [
  {
    id: 'model.credential-shared',
    disguise: 'a header, and a key',
    also: PLAIN,
    facts: () => seededTrees(provider({ headers: { 'X-Key': STRONG } }), provider({ apiKey: STRONG })),
  },
  {
    id: 'model.credential-shared',
    disguise: 'a variable, and a key',
    also: [...PLAIN, 'env.leaked-inherit'],
    facts: () => seededTrees({ variables: { OPENAI_API_KEY: STRONG } }, provider({ apiKey: STRONG })),
  },
  {
    id: 'model.credential-shared',
    disguise: 'the shorthand of a variable, and the environment file of the other',
    also: PLAIN,
    facts: () =>
      seededTrees(
        { ...provider({ apiKey: '${MY_KEY}' }), files: { 'state/.env': `MY_KEY='${STRONG}'` } },
        { files: { 'state/.env': `XAI_API_KEY=${STRONG}` } },
      ),
  },
  {
    id: 'model.credential-shared',
    disguise: 'one login, copied',
    facts: () => both({ databases: { [AGENT_DB]: profiles({ type: 'oauth', provider: 'openai', refresh: STRONG }) } }),
  },
  {
    id: 'model.credential-shared',
    disguise: 'one source in the manifest',
    facts: () => declared('models: { anthropic: { apiKey: { env: KEY } } }', 'models: { openai: { apiKey: { env: KEY } } }'),
  },
  {
    id: 'model.credential-shared',
    disguise: 'in the manifest: one item of a vault, read by one command',
    facts: () =>
      declared(
        'models: { anthropic: { apiKey: { exec: [op, read, "op://a/key"] } } }',
        'models: { openai: { apiKey: { exec: ["op", "read", op://a/key] } } }',
      ),
  },
  {
    id: 'model.credential-shared',
    disguise: 'in the manifest: one value of one encrypted file, named by two paths',
    facts: () =>
      declared(
        'models: { anthropic: { apiKey: { age: keys/all.age, key: a } } }',
        'models: { anthropic: { apiKey: { age: ./keys//all.age, key: a } } }',
      ),
  },
  {
    id: 'model.oauth-account-shared',
    disguise: 'as the profile says, and as the token says',
    facts: () =>
      seededTrees(
        { databases: { [AGENT_DB]: profiles({ type: 'oauth', provider: 'openai', refresh: STRONG, email: 'Desk@a.example' }) } },
        {
          databases: {
            [AGENT_DB]: profiles({ type: 'oauth', provider: 'openai', access: jwt({ email: 'desk@a.example' }, 'b'), refresh: `${STRONG}1` }),
          },
        },
      ),
  },
  {
    id: 'model.oauth-account-shared',
    disguise: 'in the shared store of one',
    facts: () => {
      const access = (signature: string): string => jwt({ 'https://api.openai.com/auth': { chatgpt_account_id: 'acc-1' } }, signature);
      const json = JSON.stringify({ profiles: { x: { type: 'oauth', provider: 'openai', access: access('a') } } });
      const shared = [
        'CREATE TABLE config_machine_state (state_key TEXT, value_json TEXT)',
        `INSERT INTO config_machine_state VALUES ('authProfiles.store', '${json}')`,
      ];
      return seededTrees(
        { databases: { [STATE_DB]: shared } },
        { databases: { [AGENT_DB]: profiles({ type: 'oauth', provider: 'openai', access: access('b') }) } },
      );
    },
  },
  {
    id: 'model.provider-org-shared',
    disguise: 'one header, written in two ways',
    facts: () => seededTrees(provider({ headers: { 'OpenAI-Organization': 'org-1' } }), provider({ headers: { 'openai-organization': 'org-1 ' } })),
  },
  {
    id: 'model.provider-org-shared',
    disguise: 'one project of Google by two variables',
    facts: () => seededTrees({ variables: { GOOGLE_CLOUD_PROJECT: 'p-1' } }, { variables: { GCLOUD_PROJECT: 'p-1' } }),
  },
  { id: 'model.external-cli-shared', disguise: 'one home of Codex by a variable', facts: () => both({ variables: { CODEX_HOME: '/srv/codex' } }) },
  { id: 'model.external-cli-shared', disguise: 'a login through a symlink', facts: () => both({ links: { 'home/.claude': 'claude' } }) },
  {
    id: 'model.local-service-shared',
    disguise: 'one by two ways to write it',
    facts: () => seededTrees(provider({ baseUrl: 'http://10.0.0.5:8000/v1/' }), provider({ baseUrl: 'http://10.0.0.5:8000' })),
  },
  { id: 'model.local-service-shared', disguise: 'one by name', facts: () => both(provider({ baseUrl: 'http://GPU.local:11434' })) },
  {
    id: 'model.local-service-shared',
    disguise: 'localhost and [::1] of one namespace',
    also: ['api.ratelimit-loopback', 'port.base-equal'],
    facts: () =>
      seededTrees(provider({ baseUrl: 'http://localhost:11434' }), provider({ baseUrl: 'http://[::1]:11434/v1' }), ({ ports }) => ({
        ports: ports.known ? known({ ...ports.value, namespace: 'host' }, 'test') : ports,
      })),
  },
  {
    id: 'mcp.server-shared',
    disguise: 'one address and token, with a trailing slash',
    also: [...PLAIN, 'secret.value-shared'],
    facts: () => {
      const server = (url: string): Seed => ({ config: { mcp: { servers: { notes: { url, headers: { Authorization: `Bearer ${STRONG}` } } } } } });
      return seededTrees(server('https://mcp.example/notes'), server('https://mcp.example/notes/'));
    },
  },
  {
    id: 'mcp.server-shared',
    disguise: 'one directory among the arguments',
    facts: () => both({ config: { mcp: { servers: { files: { command: 'npx', args: ['-y', 'server', '--root=/srv/both'] } } } } }),
  },
  {
    id: 'mcp.server-shared',
    disguise: 'one working directory through a symlink',
    facts: () =>
      seededTrees(
        { links: { data: 'data' }, config: { mcp: { servers: { d: { command: 'd', cwd: 'ROOT/acme/data' } } } } },
        { config: { mcp: { servers: { d: { command: 'd', cwd: 'ROOT/data' } } } } },
      ),
  },
  {
    id: 'mcp.server-shared',
    disguise: 'in the manifest',
    facts: () => {
      const one = 'config: { mcp: { servers: { n: { url: "https://mcp.example/x" } } } }';
      return declared(one, one);
    },
  },
];
