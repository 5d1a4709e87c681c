/** Leaks by way of secrets, variables and agents of a session. */
import { known } from '../../src/core/facts.ts';
import { declared } from './declared.ts';
import type { Mutation } from './mutation.ts';
import { seededTrees, type Seed } from './seeded-trees.ts';

const STRONG = '9b1f6c0d2e7a4835b6c1d0e9f8a7362514c3b2a1908f7e6d';
const STATE_DB = 'state/state/openclaw.sqlite';
/** What a leak in a config or an environment file rightly is, too. */
const PLAIN = ['secret.plaintext'];

const both = (seed: Seed): Promise<ReturnType<typeof declared>> => seededTrees(seed, seed);
const vars = (all: Readonly<Record<string, unknown>>): Seed => ({ config: { env: { vars: all } } });
const provider = (own: Readonly<Record<string, unknown>>): Seed => ({ config: { models: { providers: { own } } } });

export const secrets: readonly Mutation[] = [
  {
    id: 'token.gateway-shared',
    disguise: 'one value in two files, one with a line end',
    facts: () => seededTrees({ gatewayToken: STRONG }, { gatewayToken: `${STRONG}\n` }),
  },
  {
    id: 'token.gateway-shared',
    disguise: 'the file of one is the password in the config of the other',
    also: PLAIN,
    facts: () => seededTrees({ gatewayToken: STRONG }, { config: { gateway: { auth: { password: ` ${STRONG} ` } } } }),
  },
  {
    id: 'token.gateway-shared',
    disguise: 'one variable of two environment files',
    also: [...PLAIN, 'token.env-overrides-config'],
    facts: () =>
      seededTrees(
        { files: { 'state/.env': `OPENCLAW_GATEWAY_TOKEN="${STRONG}"\n` } },
        { files: { 'state/.env': `export OPENCLAW_GATEWAY_TOKEN=${STRONG} # same\n` } },
      ),
  },
  {
    id: 'token.gateway-shared',
    disguise: 'a reference to a JSON file by pointer, and a file',
    facts: () =>
      seededTrees(
        {
          files: { 's.json': JSON.stringify({ a: { 'b/c': STRONG } }) },
          config: {
            gateway: { remote: { token: { source: 'file', provider: 'all', id: '/a/b~1c' } } },
            secrets: { providers: { all: { source: 'file', path: 'ROOT/acme/s.json' } } },
          },
        },
        { gatewayToken: STRONG },
      ),
  },
  {
    id: 'token.env-overrides-config',
    disguise: 'in the environment file',
    also: PLAIN,
    facts: () => seededTrees({ files: { 'state/.env': `OPENCLAW_GATEWAY_PASSWORD=${STRONG}` } }, {}),
  },
  {
    id: 'token.env-overrides-config',
    disguise: 'in the process',
    also: ['env.leaked-inherit'],
    facts: () => seededTrees({ variables: { OPENCLAW_GATEWAY_TOKEN: STRONG } }, {}),
  },
  {
    id: 'token.weak-or-placeholder',
    disguise: 'a placeholder',
    facts: () => seededTrees({ gatewayToken: 'changeme-changeme-changeme-changeme' }, {}),
  },
  { id: 'token.weak-or-placeholder', disguise: 'blank', facts: () => seededTrees({ gatewayToken: ' \n' }, {}) },
  { id: 'token.weak-or-placeholder', disguise: 'long, of one letter', facts: () => seededTrees({ gatewayToken: 'a'.repeat(64) }, {}) },
  { id: 'token.weak-or-placeholder', disguise: 'a hook', also: PLAIN, facts: () => seededTrees({ config: { hooks: { token: 'hook' } } }, {}) },
  {
    id: 'token.in-argv',
    disguise: 'typed into a shell',
    facts: () => seededTrees({ gatewayToken: STRONG, files: { 'home/.bash_history': `ls\nopenclaw status --token=${STRONG}\n` } }, {}),
  },
  {
    id: 'token.hooks-shared',
    disguise: 'two kinds of hook',
    also: PLAIN,
    facts: () => seededTrees({ config: { hooks: { token: STRONG } } }, { config: { cron: { webhookToken: STRONG } } }),
  },
  {
    id: 'token.hooks-shared',
    disguise: 'a webhook route and the gateway token of the other',
    also: [...PLAIN, 'policy.plugins-open'],
    facts: () =>
      seededTrees({ config: { plugins: { entries: { webhooks: { config: { routes: { r: { secret: STRONG } } } } } } } }, { gatewayToken: STRONG }),
  },
  {
    id: 'token.hooks-shared',
    disguise: 'its own gateway token',
    also: PLAIN,
    facts: () => seededTrees({ gatewayToken: STRONG, config: { hooks: { gmail: { pushToken: STRONG } } } }, {}),
  },
  {
    id: 'secret.value-shared',
    disguise: 'a model key that is the token of a hook',
    also: PLAIN,
    facts: () => seededTrees(provider({ apiKey: STRONG }), { config: { hooks: { token: STRONG } } }),
  },
  {
    id: 'secret.value-shared',
    disguise: 'one key of a skill',
    also: PLAIN,
    facts: () => both({ config: { skills: { entries: { x: { apiKey: STRONG } } } } }),
  },
  { id: 'secret.value-shared', disguise: 'a variable that no provider knows', also: PLAIN, facts: () => both(vars({ CRM_PASSWORD: STRONG })) },
  {
    id: 'secret.value-shared',
    disguise: 'the store of secrets of both',
    facts: () =>
      both({
        config: { skills: { entries: { x: { apiKey: { source: 'store', provider: 'default', id: 'X' } } } } },
        databases: {
          [STATE_DB]: [
            'CREATE TABLE secret_store_entries (scope_kind TEXT, scope_id TEXT, name TEXT, value TEXT, kind TEXT, deleted_at_ms INTEGER)',
            `INSERT INTO secret_store_entries VALUES ('team', '', 'X', '${STRONG}', 'secret', NULL)`,
          ],
        },
      }),
  },
  {
    id: 'secret.ref-shared',
    disguise: 'one file through a symlink',
    facts: () => {
      const config = (tenant: string) => ({
        skills: { entries: { x: { apiKey: { source: 'file', provider: 'all', id: '/none' } } } },
        secrets: { providers: { all: { source: 'file', path: `ROOT/${tenant}/shared/s.json` } } },
      });
      return seededTrees(
        { files: { '../both/s.json': '{"none":"x"}' }, links: { shared: 'both' }, config: config('acme') },
        { links: { shared: 'both' }, config: config('globex') },
      );
    },
    also: ['secret.value-shared'],
  },
  {
    id: 'secret.ref-shared',
    disguise: 'one command, arguments and id',
    facts: () =>
      both({
        config: {
          skills: { entries: { x: { apiKey: { source: 'exec', provider: 'op', id: 'op://all/key' } } } },
          secrets: { providers: { op: { source: 'exec', command: '/usr/bin/op', args: ['read'] } } },
        },
      }),
  },
  {
    id: 'secret.provider-principal-shared',
    disguise: 'one token of Vault',
    also: ['env.leaked-inherit'],
    facts: () => both({ variables: { VAULT_TOKEN: STRONG } }),
  },
  {
    id: 'secret.provider-principal-shared',
    disguise: 'one service account of 1Password, in the config',
    also: PLAIN,
    facts: () => both(vars({ OP_SERVICE_ACCOUNT_TOKEN: STRONG })),
  },
  {
    id: 'secret.provider-principal-shared',
    disguise: 'one role, the address with and without a slash',
    facts: () => {
      const as = (address: string): Seed => ({ variables: { VAULT_ADDR: address, OPENCLAW_VAULT_AUTH_ROLE: 'all' } });
      return seededTrees(as('https://vault.example'), as('https://vault.example/'));
    },
  },
  { id: 'secret.plaintext', disguise: 'a variable of the config', facts: () => seededTrees(vars({ OPENAI_API_KEY: STRONG }), {}) },
  {
    id: 'secret.plaintext',
    disguise: 'in the manifest',
    facts: () => declared(`config: { skills: { entries: { x: { apiKey: "${STRONG}" } } } }`, 'browser: off'),
  },
  { id: 'env.file-shared', disguise: 'through a symlink', facts: () => both({ files: { '../env': 'LOG=1' }, links: { 'state/.env': 'env' } }) },
  {
    id: 'env.file-shared',
    disguise: 'gateway.env of one home',
    facts: () => both({ variables: { HOME: 'ROOT/home', OPENCLAW_HOME: 'ROOT/home', OPENCLAW_STATE_DIR: 'ROOT/home/.openclaw' } }),
    also: ['config.path-defaulted', 'model.external-cli-shared', 'keychain.shared'],
  },
  { id: 'env.leaked-inherit', disguise: 'a provider key', facts: () => seededTrees({ variables: { ANTHROPIC_API_KEY: STRONG } }, {}) },
  {
    id: 'env.leaked-inherit',
    disguise: 'a path with a trailing slash',
    also: ['config.cross-reference'],
    facts: () => seededTrees({ variables: { OPENCLAW_WORKSPACE_DIR: 'ROOT/globex/workspace/' } }, {}),
  },
  {
    id: 'env.shell-import',
    disguise: 'by the variable, with one home',
    also: ['os.shared-home', 'path.symlink-alias'],
    facts: () =>
      seededTrees({ variables: { OPENCLAW_LOAD_SHELL_ENV: '1' } }, {}, ({ paths }) => ({
        paths: paths.known
          ? known(
              paths.value.map((path) => (path.role === 'home' ? { ...path, real: '/home/ops' } : path)),
              'test',
            )
          : paths,
      })),
  },
  {
    id: 'keychain.shared',
    disguise: 'one bus of the session',
    facts: () => both({ variables: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/0/bus,guid=1' } }),
  },
  { id: 'keychain.shared', disguise: 'one directory of GnuPG through a symlink', facts: () => both({ links: { 'home/.gnupg': 'keys' } }) },
];
