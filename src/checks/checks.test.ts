import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known, unknown, type Facts, type PathFact, type PathRole, type TenantFacts } from '../core/facts.ts';
import { judge } from './judge.ts';
import { observedFacts, withAccess, withPaths } from './testing/clean-facts.ts';
import { settingsWith, withConfigs } from './testing/network-facts.ts';

type Mutation = (tenant: TenantFacts) => Partial<TenantFacts>;

function failing(facts: Facts): readonly string[] {
  return [
    ...new Set(
      judge(facts)
        .filter(({ verdict }) => verdict === 'fail')
        .map(({ id }) => id),
    ),
  ].toSorted();
}

function acme(mutation: Mutation): Facts {
  return observedFacts({}, { acme: mutation });
}

function path(role: PathRole, change: Partial<PathFact>): Mutation {
  return withPaths((one) => (one.role === role ? { ...one, ...change } : one));
}

function value<T>(fact: { known: boolean; value?: T }): T {
  assert.ok(fact.value !== undefined && fact.value !== null);
  return fact.value;
}

const sameInode = (role: PathRole, ...ids: readonly string[]): [string, Facts, readonly string[]] => {
  const theirs = value(observedFacts().tenants[1]?.paths ?? unknown('')).find((one) => one.role === role)?.identity;
  return [`two tenants with one ${role}`, acme(path(role, { identity: theirs ?? '' })), ids];
};

const process =
  (change: (seen: NonNullable<Extract<TenantFacts['process'], { known: true }>['value']>) => object): Mutation =>
  (tenant) => {
    const seen = value(tenant.process);
    assert.ok(seen !== null);
    return { process: known({ ...seen, ...change(seen) }, 'test') };
  };

const CASES: readonly (readonly [title: string, facts: Facts, ids: readonly string[]])[] = [
  ['two clean tenants', observedFacts(), []],
  sameInode('config', 'config.path-shared'),
  sameInode('state', 'boundary.shared-gateway', 'state.dir-shared'),
  sameInode('workspace', 'workspace.shared'),
  sameInode('credentials', 'credentials.store-shared'),
  sameInode('agent', 'agentdir.shared', 'model.auth-store-shared'),
  sameInode('browser', 'browser.userdata-shared'),
  sameInode('log', 'log.file-shared'),
  sameInode('home', 'os.shared-home'),
  sameInode('tmp', 'tmp.root-shared'),
  sameInode('compile-cache', 'tmp.compile-cache-shared'),
  sameInode('backup', 'backup.dest-shared'),
  [
    'one real path for two states',
    acme(path('state', { real: '/t/globex/state' })),
    ['boundary.shared-gateway', 'path.nested', 'path.symlink-alias', 'state.dir-shared'],
  ],
  ['a declared path below that of another', acme(path('workspace', { declared: '/t/globex/state/x', real: '/t/globex/state/x' })), ['path.nested']],
  ['a path above those of another', acme(path('backup', { declared: '/t', real: '/t' })), ['path.nested']],
  ['a link into the tree of another', acme(path('workspace', { real: '/t/globex/workspace/sub' })), ['path.nested', 'path.symlink-alias']],
  ['a sibling whose name begins the same is not inside', acme(path('workspace', { declared: '/t/globex2', real: '/t/globex2' })), []],
  ['a mount of the directory of another', acme(path('workspace', { backing: '254:0:/t/globex/workspace' })), ['path.bind-mount', 'workspace.shared']],
  ['a mount of a directory below that of another', acme(path('workspace', { backing: '254:0:/t/globex/workspace/sub' })), ['path.bind-mount']],
  [
    'a file with a name in both trees',
    observedFacts(
      {},
      {
        acme: () => ({ hardLinks: known([{ identity: '1:9', path: '/t/acme/a' }], 'test') }),
        globex: () => ({ hardLinks: known([{ identity: '1:9', path: '/t/globex/b' }], 'test') }),
      },
    ),
    ['path.hardlink'],
  ],
  ['an owner left blank', acme(() => ({ boundary: { owner: ' ', data: 'x', members: [] } })), ['boundary.undefined']],
  ['a client on the rung profile', acme(() => ({ rung: 'profile' })), ['boundary.rung-too-low']],
  [
    'adversaries on one machine',
    observedFacts({ trust: { default: 'adversarial', relations: [] } }),
    ['boundary.rung-too-low', 'host.shared-kernel', 'install.shared-readonly'],
  ],
  [
    'another state directory in the environment',
    acme(process(({ environment }: { environment: object }) => ({ environment: { ...environment, OPENCLAW_STATE_DIR: '/x' } }))),
    ['boundary.declared-vs-running'],
  ],
  [
    'a profile variable nobody declared',
    acme(process(({ environment }: { environment: object }) => ({ environment: { ...environment, OPENCLAW_PROFILE: 'zed' } }))),
    ['boundary.declared-vs-running'],
  ],
  ['capabilities left', acme(process(() => ({ capabilities: '0000000000000400' }))), ['boundary.rung-not-reached']],
  [
    'the process namespace of the host',
    acme(process(({ namespaces }: { namespaces: object }) => ({ namespaces: { ...namespaces, ipc: '4' } }))),
    ['boundary.rung-not-reached'],
  ],
  ['umask 022', acme(process(() => ({ umask: '0022' }))), ['fs.umask']],
  [
    'the loopback of another',
    acme(process(({ namespaces }: { namespaces: object }) => ({ namespaces: { ...namespaces, net: '22' } }))),
    ['audit.not-inside', 'net.loopback-shared'],
  ],
  [
    'root',
    acme((tenant) => ({ ...process(() => ({ uid: 0 }))(tenant), user: known({ name: 'root', uid: 0 }, 'test'), paths: known([], 'test') })),
    ['audit.not-inside', 'log.default-tmp', 'os.root', 'port.listener-owner'],
  ],
  [
    'the uid of another',
    acme(() => ({ user: known({ name: 'bh-globex', uid: 1002 }, 'test') })),
    ['boundary.declared-vs-running', 'fs.perms-cross', 'os.shared-uid', 'port.listener-owner', 'tmp.compile-cache-shared'],
  ],
  ['a state directory open to others', withAccess({ '/t/acme': { mode: 0o755 }, '/t/acme/state': { mode: 0o755 } }), ['fs.perms-cross']],
  ['a state directory of another user', withAccess({ '/t/acme': { mode: 0o711 }, '/t/acme/state': { uid: 1002 } }), ['fs.perms-cross']],
  ['a log in /tmp', acme(path('log', { declared: '/tmp/openclaw/x.log', real: '/tmp/openclaw/x.log' })), ['log.default-tmp']],
  [
    'a gateway that says it is another',
    acme(({ claim }) => ({ claim: known({ ...value(claim), stateDir: '/t/globex/state' }, 'test') })),
    ['gateway.claim-mismatch'],
  ],
  ['one status output', acme(() => ({ statusDigest: known('status-globex', 'test') })), ['status.output-shared']],
  [
    'one gateway token',
    acme(() => ({ secrets: known([{ role: 'gateway-token', location: 'file:/x', digest: 'token-globex' }], 'test') })),
    ['token.gateway-shared'],
  ],
  [
    'one model key',
    acme(() => ({ secrets: known([{ role: 'model:openai', location: 'file:/x', digest: 'model-globex' }], 'test') })),
    ['model.credential-shared'],
  ],
  [
    'a model key that is the token of another',
    acme(() => ({ secrets: known([{ role: 'model:openai', location: 'file:/x', digest: 'token-globex' }], 'test') })),
    ['secret.value-shared'],
  ],
  [
    'one bot under two tokens',
    acme(() => ({ identities: known([{ channel: 'telegram', account: '702', location: 'file:/x', reference: 'env:other' }], 'test') })),
    ['channel.telegram-bot-shared'],
  ],
  [
    'one source for two bots',
    acme(() => ({ identities: known([{ channel: 'telegram', location: 'file:/x', reference: 'env:globex' }], 'test') })),
    ['channel.telegram-bot-shared'],
  ],
  [
    'one published port',
    acme(({ ports }) => ({ ports: known({ ...value(ports), published: 20240 }, 'test') })),
    ['boundary.shared-gateway', 'port.base-equal'],
  ],
  ['a port too high', withConfigs({ acme: { gateway: { port: 65430 } } }, { OPENCLAW_GATEWAY_PORT: '65430' }), ['port.cdp-clamp']],
  [
    'a squatter on the port',
    acme(({ listener }) => ({
      listener: known({ ...value(listener), address: '127.0.0.1', port: 20120, holders: [{ pid: 9, uid: 1002, namespaces: {} }] }, 'test'),
    })),
    ['port.listener-owner'],
  ],
  [
    'root alone on the port',
    acme(() => ({ listener: known({ address: '127.0.0.1', port: 20120, holders: [{ pid: 9, uid: 0, namespaces: {} }] }, 'test') })),
    ['port.listener-owner'],
  ],
  ['no tool policy', acme(() => ({ policy: known({ restricted: false }, 'test') })), ['policy.missing']],
  ['a changed key', acme(() => ({ policy: known({ restricted: true, drifted: ['tools.deny'] }, 'test') })), ['policy.drift']],
  [
    'an audit as somebody else',
    acme(({ audit }) => ({ audit: known({ ...value(audit), ranAs: { ...value(audit).ranAs, uid: 0 } }, 'test') })),
    ['audit.not-inside'],
  ],
  [
    'a critical audit finding',
    acme(({ audit }) => ({ audit: known({ ...value(audit), findings: [{ checkId: 'x', severity: 'critical', title: 't', detail: 'd' }] }, 'test') })),
    ['audit.findings'],
  ],
  [
    'an audit severity nobody knows',
    acme(({ audit }) => ({ audit: known({ ...value(audit), findings: [{ checkId: 'x', severity: 'fatal', title: 't', detail: 'd' }] }, 'test') })),
    ['audit.findings'],
  ],
  [
    'an audit warning',
    acme(({ audit }) => ({ audit: known({ ...value(audit), findings: [{ checkId: 'x', severity: 'warn', title: 't', detail: 'd' }] }, 'test') })),
    ['audit.warnings'],
  ],
  ['host administrators nobody accepted', observedFacts({ risks: [] }), ['host.admins']],
];

for (const [title, facts, ids] of CASES) {
  test(`${title}: ${ids.join(', ') || 'no finding'}`, () => assert.deepEqual(failing(facts), ids));
}

test('blocks on one loopback overlap within 110 ports and not beyond', () => {
  const onHost =
    (gatewayPort: number): Mutation =>
    ({ ports }) => ({
      settings: known(settingsWith({ gateway: { port: gatewayPort } }, { OPENCLAW_GATEWAY_PORT: String(gatewayPort) }), 'test'),
      ports: known({ ...value(ports), namespace: 'host' }, 'test'),
    });
  const at = (left: number, right: number): readonly string[] =>
    failing(observedFacts({}, { acme: onHost(left), globex: onHost(right) })).filter((id) => id.startsWith('port.') && id !== 'port.spacing-tight');
  assert.deepEqual(at(20000, 20110), ['port.derived-overlap']);
  assert.deepEqual(at(20110, 20000), ['port.derived-overlap']);
  assert.deepEqual(at(20000, 20111), []);
  assert.deepEqual(at(20000, 20000), ['port.base-equal']);
});

test('a tenant without a process is unknown, not clean: gateway.not-running', () => {
  const findings = judge(acme(() => ({ process: known(null, 'test') }))).filter(({ id }) => id === 'gateway.not-running');
  assert.deepEqual(
    findings.map(({ verdict, tenants }) => ({ verdict, tenants })),
    [
      { verdict: 'unknown', tenants: ['acme'] },
      { verdict: 'pass', tenants: ['globex'] },
    ],
  );
  assert.match(findings[0]?.message ?? '', /nothing can be said/);
});
