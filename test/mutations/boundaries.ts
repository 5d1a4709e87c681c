/** Leaks by what stands for a boundary and is none: one gateway, agents, sessions, models, scopes, profiles, a rung too low. */
import { known, type Facts, type TenantFacts } from '../../src/core/facts.ts';
import { observedFacts, servedTogether, withConfig, withPaths } from '../../src/checks/testing/clean-facts.ts';
import { declared } from './declared.ts';
import { declaredFleet } from './declared-fleet.ts';
import { IN_ONE_STATE } from './one-state.ts';
import type { Mutation } from './mutation.ts';
import { seededTrees, type Seed } from './seeded-trees.ts';

type Change = (tenant: TenantFacts) => Partial<TenantFacts>;

/** What always goes with gateways whose state is one. */
const ONE_STATE = ['boundary.shared-gateway', 'state.dir-shared'];

const atAcme = (change: Change): Facts => observedFacts({}, { acme: change });
const gateway = (change: Partial<NonNullable<Extract<TenantFacts['process'], { known: true }>['value']>>): Change => {
  return ({ process: seen }) => (seen.known && seen.value !== null ? { process: known({ ...seen.value, ...change }, 'test') } : {});
};
const environment = (change: Readonly<Record<string, string>>): Facts =>
  atAcme((tenant) => (tenant.process.known ? gateway({ environment: { ...tenant.process.value?.environment, ...change } })(tenant) : {}));
const boundary = (owner: string, data: string): Facts => atAcme(() => ({ boundary: { owner, data, members: [] } }));
const config = (patch: Readonly<Record<string, unknown>>): Seed => ({ config: patch });
const named = (id: string, disguise: string, patch: Readonly<Record<string, unknown>>, also: readonly string[] = []): Mutation => ({
  id,
  disguise,
  also,
  facts: () => seededTrees(config(patch), {}),
});
const together = (id: string, disguise: string, patch: Readonly<Record<string, unknown>>, also: readonly string[] = []): Mutation => ({
  id,
  disguise,
  also: [...ONE_STATE, ...also],
  facts: () => servedTogether(patch),
});

export const boundaries: readonly Mutation[] = [
  { id: 'boundary.quarantined', disguise: 'by its manifest', facts: () => declaredFleet({ policy: 'quarantine' }) },
  { id: 'boundary.undefined', disguise: 'an owner of blanks', facts: () => boundary(' \t', 'tickets') },
  { id: 'boundary.undefined', disguise: 'no data', facts: () => boundary('owner@acme.test', '') },
  {
    id: 'boundary.shared-gateway',
    disguise: 'one state through a symlink',
    also: [...ONE_STATE, ...IN_ONE_STATE],
    facts: () => seededTrees({}, { links: { state: 'acme/state' } }),
  },
  {
    id: 'boundary.shared-gateway',
    disguise: 'one port pinned in the manifest',
    also: ['api.ratelimit-loopback', 'boundary.sessionkey-as-boundary', 'boundary.shared-tool-agent', 'os.shared-uid', 'port.base-equal'],
    facts: () => declaredFleet({ trust: 'team', acme: ['port: 20000'], globex: ['port: 20000'] }),
  },
  {
    id: 'boundary.shared-gateway',
    disguise: 'one process under two names',
    facts: () => observedFacts({}, { acme: gateway({ pid: 7, startTicks: '9' }), globex: gateway({ pid: 7, startTicks: '9' }) }),
  },
  together('boundary.shared-tool-agent', 'everything allowed', { tools: { profile: 'full', deny: [] } }, ['policy.control-plane']),
  together('boundary.shared-tool-agent', 'programs by an alias', { tools: { alsoAllow: ['bash'], deny: [] } }, ['policy.fs-deny-exec-open']),
  together('boundary.agents-as-tenants', 'one gateway with two agents', { agents: { entries: { desk: {}, night: {} } } }),
  named('boundary.agents-as-tenants', 'called after another tenant, in capitals', { agents: { entries: { GLOBEX: {} } } }),
  named('boundary.agents-as-tenants', 'in the list of an older config', { agents: { list: [{ id: 'globex' }] } }),
  together('boundary.sessionkey-as-boundary', 'one gateway with scoped sessions', { session: { dmScope: 'per-peer' } }),
  named('boundary.sessionkey-as-boundary', 'a prefix of another', { hooks: { allowedSessionKeyPrefixes: ['hook:globex:'] } }),
  named('boundary.sessionkey-as-boundary', 'a link of identities', { session: { identityLinks: { globex: ['telegram:4242'] } } }),
  together('boundary.model-as-boundary', 'one gateway with two models', { models: { providers: { own: { models: [{ id: 'a' }, { id: 'b' }] } } } }),
  named('boundary.model-as-boundary', 'an alias', { agents: { defaults: { models: { 'own/a': { alias: 'Globex' } } } } }),
  named('boundary.model-as-boundary', 'a model that selects an agent', { models: { providers: { gate: { models: [{ id: 'openclaw/globex' }] } } } }),
  together('boundary.scopes-as-boundary', 'one gateway with roles', { gateway: { roles: { definitions: { reader: {} } } } }),
  named('boundary.scopes-as-boundary', 'a role called after another tenant', { gateway: { roles: { definitions: { 'desk.globex': {} } } } }),
  named('boundary.scopes-as-boundary', 'somebody of another boundary, in capitals and with blanks', {
    gateway: { auth: { identityScopes: { ' Owner@GLOBEX.test ': ['operator.read'] } } },
  }),
  {
    id: 'boundary.rung-too-low',
    disguise: 'in the manifest',
    facts: () => declared('isolation: profile', 'isolation: os-user'),
  },
  {
    id: 'boundary.rung-too-low',
    disguise: 'adversaries as users of one machine',
    also: ['host.shared-kernel', 'install.shared-readonly'],
    facts: () => observedFacts({ trust: { default: 'adversarial', relations: [] } }),
  },
  {
    id: 'boundary.rung-too-low',
    disguise: 'one pair that trusts each other less than the rest',
    also: ['host.shared-kernel', 'install.shared-readonly'],
    facts: () => observedFacts({ trust: { default: 'team', relations: [{ between: ['acme', 'globex'], trust: 'adversarial' }] } }),
  },
  ...(['capabilities', 'groups', 'privileges', 'the host’s processes'] as const).map((what): Mutation => ({
    id: 'boundary.rung-not-reached',
    disguise: what,
    also: what === 'the host’s processes' ? ['audit.not-inside', 'os.proc-visible'] : [],
    facts: () => {
      if (what === 'capabilities') return atAcme(gateway({ capabilities: '0000000000000400' }));
      if (what === 'groups') return atAcme(gateway({ groups: [1001, 44] }));
      if (what === 'privileges') return atAcme(gateway({ noNewPrivs: false }));
      return atAcme(gateway({ namespaces: { mnt: '11', net: '12', pid: '3', ipc: '14' } }));
    },
  })),
  {
    id: 'boundary.profile-only',
    disguise: 'one user, one home by a symlink',
    also: [
      'audit.not-inside',
      'boundary.declared-vs-running',
      'fs.perms-cross',
      'os.shared-home',
      'path.symlink-alias',
      'os.shared-uid',
      'port.listener-owner',
      'tmp.compile-cache-shared',
    ],
    facts: () => {
      const user = { user: known({ name: 'ops', uid: 1000 }, 'test') };
      const home: Change = withPaths((path) => (path.role === 'home' ? { ...path, real: '/home/ops' } : path));
      const change: Change = (tenant) => ({ ...home(tenant), ...user });
      return observedFacts({}, { acme: change, globex: change });
    },
  },
  {
    id: 'boundary.env-profile-only',
    disguise: 'a state directory of the word undefined',
    also: ['config.path-defaulted'],
    facts: () => withConfig({}, { OPENCLAW_PROFILE: 'zed', OPENCLAW_STATE_DIR: 'undefined' }),
  },
  {
    id: 'boundary.env-profile-only',
    disguise: 'a blank config path',
    also: ['config.path-defaulted'],
    facts: () => withConfig({}, { OPENCLAW_PROFILE: 'Zed', OPENCLAW_CONFIG_PATH: '  ' }),
  },
  { id: 'boundary.declared-vs-running', disguise: 'another state', facts: () => environment({ OPENCLAW_STATE_DIR: '/t/acme/state2' }) },
  { id: 'boundary.declared-vs-running', disguise: 'a profile that nobody declared', facts: () => environment({ OPENCLAW_PROFILE: 'zed' }) },
  { id: 'boundary.declared-vs-running', disguise: 'another port', facts: () => environment({ OPENCLAW_GATEWAY_PORT: '18790' }) },
];
