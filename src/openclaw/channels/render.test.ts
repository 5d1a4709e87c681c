/** The ten channels that a manifest may declare: read, rendered, and judged by OpenClaw itself. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tenantPaths } from '../../blueprint/paths.ts';
import type { Channel, Tenant } from '../../core/fleet.ts';
import { parseManifest } from '../../manifest/parse.ts';
import { requires, testInstall } from '../../../test/support/requires.ts';
import { renderConfig } from '../config.ts';
import { isObject, type Json } from '../merge.ts';
import { channelPlugins } from '../plugins.ts';
import { configIssues, validateConfig } from '../programs.ts';
import { secretFiles } from '../secrets.ts';
import { DECLARED } from './index.ts';
import { declaredIdentities } from './render.ts';

/** The examples of docs/channels.md. */
const ALL: Readonly<Record<string, string>> = Object.fromEntries(
  [...readFileSync(new URL('../../../docs/channels.md', import.meta.url), 'utf8').matchAll(/^([a-z]+): (\{.*\})$/gm)]
    .map(([, kind = '', text = '']) => [kind, text] as const)
    .toSorted(([left], [right]) => (left < right ? -1 : 1)),
);
const BARE: Readonly<Record<string, string>> = {
  slack: '{ botToken: { env: A }, mode: http, signingSecret: { env: B } }',
  matrix: '{ homeserver: "https://matrix.example", userId: "@acme:matrix.example", password: { env: A } }',
  signal: '{ account: "+491700000002" }',
  irc: '{ host: 127.0.0.1, port: 6667, tls: false, nick: acme }',
};

function parse(channels: Readonly<Record<string, string>>) {
  const lines = Object.entries(channels).map(([kind, text]) => `      ${kind}: ${text}\n`);
  const boundary = '{ owner: a@example.test, data: d, members: [a] }';
  return parseManifest(
    `fleet: f\ntrust: clients\ntenants:\n  acme:\n    boundary: ${boundary}\n    policy: support\n    channels:\n${lines.join('')}`,
    'm.yaml',
    '',
  );
}

function tenantOf(channels: Readonly<Record<string, string>>): Tenant {
  const parsed = parse(channels);
  assert.ok(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.problems));
  const [tenant] = parsed.fleet.tenants;
  assert.ok(tenant !== undefined);
  return tenant;
}

const layout = { instance: 'bh', stateDir: '/s', runDir: '/r', tenantsDir: '/s/tenants', install: testInstall() };

function rendered(channels: Readonly<Record<string, string>>): Json {
  const tenant = tenantOf(channels);
  return renderConfig({ ...tenant, paths: tenantPaths(tenant, layout), gatewayPort: 18_789 });
}

/** What OpenClaw says of it: it knows the keys of channels that are not installed, too. */
async function issuesOf(config: Json): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bh-channels-'));
  try {
    const path = join(folder, 'openclaw.json');
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    const [node, ...argv] = validateConfig(layout.install, path).argv;
    const env = { HOME: folder, OPENCLAW_STATE_DIR: folder, OPENCLAW_CONFIG_PATH: path, OPENCLAW_OFFLINE: '1', OPENCLAW_NO_AUTO_UPDATE: '1' };
    const stdout = await new Promise<string>((resolve) => {
      execFile(node, argv, { env, timeout: 120_000 }, (_error, output) => resolve(output));
    });
    return configIssues(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const skip = requires({ openclaw: true });

test(
  'OpenClaw takes what is rendered for each of the ten, whole and bare, and refuses a key that it does not know',
  { skip, timeout: 240_000 },
  async () => {
    assert.deepEqual(Object.keys(ALL), [...DECLARED.keys()]);
    const whole = rendered(ALL);
    const wrong = structuredClone(whole);
    for (const channel of Object.values(wrong['channels'] as Readonly<Record<string, Json>>)) if ('enabled' in channel) channel['notAKey'] = 'x';
    const [taken, bare, refused] = await Promise.all([issuesOf(whole), issuesOf(rendered(BARE)), issuesOf(wrong)]);
    assert.deepEqual([taken, bare], [[], []]);
    // Each of the ten is really looked at.
    assert.deepEqual(refused.map((line) => /^channels\.([a-z]+)/.exec(line)?.[1] ?? '').toSorted(), [...DECLARED.keys()]);
  },
);

test('a secret stands in no config: each is a file of its own, which the config names', () => {
  const tenant = tenantOf(ALL);
  const files = secretFiles({ ...tenant, paths: tenantPaths(tenant, layout) }).filter(({ role }) => role.startsWith('channel:'));
  assert.equal(files.length, 10);
  assert.equal(new Set(files.map(({ file }) => file)).size, 10);
  assert.equal(new Set(files.map(({ role }) => role)).size, 10);
  const text = JSON.stringify(rendered(ALL));
  for (const { file } of files) assert.ok(text.includes(file), file);
});

test('each plugin is part of the read-only install, at the version of its lock file, and all of it lies in its own folder', () => {
  const config = rendered(ALL);
  const plugins = channelPlugins(tenantOf(ALL).channels, layout.install.root);
  // It is part of the install: a config that named it would take its trust away.
  assert.equal(config['plugins'], undefined);
  assert.deepEqual(
    plugins.map(({ channel }) => channel),
    [...DECLARED.keys()].filter((channel) => channel !== 'telegram'),
  );
  for (const { channel, package: name, version, path } of plugins) {
    assert.ok(path.startsWith(`${layout.install.root}/`));
    const lock = JSON.parse(readFileSync(new URL(`../../../runtime/plugins/${channel}/package-lock.json`, import.meta.url), 'utf8')) as {
      packages: Readonly<Record<string, { version: string; integrity?: string; inBundle?: boolean }>>;
    };
    assert.equal(lock.packages[`node_modules/${name}`]?.version, version);
    // What is in a bundle is covered by the digest of the bundle.
    for (const [folder, { integrity, inBundle }] of Object.entries(lock.packages)) {
      assert.ok(folder === '' || folder.startsWith(`node_modules/${name}`), `${channel} ${folder}`);
      assert.ok(folder === '' || inBundle === true || integrity?.startsWith('sha512-') === true, `${channel} ${folder}`);
    }
  }
});

test('who may write is said by the preset; rooms are those of the manifest, and only for those who are named', () => {
  const channels = rendered(ALL)['channels'];
  assert.ok(isObject(channels));
  for (const [kind, said] of Object.entries(channels)) {
    if (kind === 'defaults' || !isObject(said)) continue;
    const direct = kind === 'matrix' ? said['dm'] : { policy: said['dmPolicy'], allowFrom: said['allowFrom'] };
    assert.ok(isObject(direct));
    assert.equal(direct['policy'], 'allowlist');
    assert.equal((direct['allowFrom'] as readonly string[]).length, 1);
    assert.equal(said['groupPolicy'], 'allowlist');
    assert.ok(said['groupAllowFrom'] !== undefined || JSON.stringify(said).includes('"users":["'), kind);
  }
  const bare = rendered({ signal: BARE['signal'] ?? '' })['channels'];
  assert.ok(isObject(bare) && isObject(bare['signal']));
  assert.deepEqual([bare['signal']['dmPolicy'], bare['signal']['groupPolicy'], bare['signal']['allowFrom']], ['pairing', 'disabled', undefined]);
});

test('what hangs together is asked for together', () => {
  for (const [kind, text, says] of [
    ['slack', '{ botToken: { env: A } }', /channels\.slack needs "appToken" while mode is socket/],
    ['slack', '{ botToken: { env: A }, mode: http }', /needs "signingSecret" while mode is http/],
    ['matrix', '{ homeserver: "https://m.example", userId: "@a:m.example" }', /needs one of accessToken, password/],
    ['irc', '{ host: h, nick: a, channels: ["#a"] }', /needs "allowFrom": who may speak to the agent in its channels/],
    ['discord', '{ token: { env: A }, applicationId: acme }', /applicationId must be an application id: 15 to 22 digits, in quotes/],
    ['slack', '{ botToken: "xoxb-1-2-SECRET", appToken: { env: A } }', /slack\.botToken: a secret is never written into the manifest/],
    ['mattermost', '{ baseUrl: "https://c.example", bottoken: { env: A } }', /unknown key "bottoken".*did you mean "botToken"/],
  ] as const) {
    const parsed = parse({ [kind]: text });
    assert.ok(!parsed.ok, text);
    const messages = parsed.problems.map(({ message, suggestion }) => `${message}; did you mean "${suggestion ?? ''}"`).join('\n');
    assert.match(messages, says);
    assert.doesNotMatch(messages, /SECRET/);
  }
});

test('an account that no config says is told by the manifest, in the words in which its token would tell it', () => {
  const told = (channels: readonly Channel[]) => declaredIdentities(channels).map(({ channel, account }) => `${channel} ${account ?? ''}`);
  assert.deepEqual(told(tenantOf(ALL).channels).toSorted(), [
    'googlechat project acme-chat-1',
    'mattermost bot acme-bot at chat.example',
    'slack app A0123456789',
    'telegram 700000001',
    'whatsapp number 491700000000',
  ]);
  assert.deepEqual(told(tenantOf(BARE).channels), []);
});
