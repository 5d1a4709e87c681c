/** Every preset as it is rendered, judged by OpenClaw itself: its validation and its audit, run as a tenant's would be. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test, type TestContext } from 'node:test';
import { requires, testInstall } from '../support/requires.ts';
import type { TenantPaths } from '../../src/core/blueprint.ts';
import type { Program } from '../../src/core/command.ts';
import { PRESET_NAMES, type PresetName } from '../../src/core/fleet.ts';
import { parseAudit } from '../../src/openclaw/audit.ts';
import { renderConfig, type ConfigInput } from '../../src/openclaw/config.ts';
import { tenantEnvironment } from '../../src/openclaw/environment.ts';
import { merge, type Json } from '../../src/openclaw/merge.ts';
import { configIssues, securityAudit, validateConfig } from '../../src/openclaw/programs.ts';
import { secretFiles } from '../../src/openclaw/secrets.ts';
import { AUDITED, WITHOUT_POLICY, type AuditLines } from '../../src/openclaw/presets/audited.ts';
import { PRESETS } from '../../src/openclaw/presets/index.ts';

const OPEN = { enabled: true, dmPolicy: 'open', allowFrom: ['*'], groupPolicy: 'open', groups: { '*': { requireMention: false } } };

/** One for all: without it each of the commands compiles OpenClaw anew. */
const COMPILED = mkdtempSync(join(tmpdir(), 'bh-compiled-'));

describe('each preset to OpenClaw', { skip: requires({ openclaw: true }), concurrency: 2 }, () => {
  after(() => rmSync(COMPILED, { recursive: true, force: true }));
  for (const preset of PRESET_NAMES) {
    test(`${preset} with a channel is valid, and its audit finds what its page says and nothing critical`, async (context) => {
      const found = await auditOf(context, inputOf(preset), (config) => config);
      assert.deepEqual(found, AUDITED[preset].rendered);
      assert.ok(!found.some((line) => line.startsWith('critical')));
    });
    test(`${preset} with a bot that is opened to all: the audit finds what its page says`, async (context) => {
      assert.deepEqual(await auditOf(context, inputOf(preset), opened), AUDITED[preset].opened);
    });
  }
  test('an audit refuses a config that is not valid, as validation does', async (context) => {
    const input = inputOf('support');
    const change = (config: Json): Json => merge(config, { tools: { allow: ['read'] } });
    const refused = parseAudit(await inTree(context, input, { program: securityAudit(testInstall()), change }));
    assert.match(String(refused), /refused the config/);
    const issues = configIssues(await inTree(context, input, { program: validateConfig(testInstall()), change }));
    assert.match(issues.join(), /alsoAllow/);
  });
  test('without any policy an open bot is critical', async (context) => {
    const bare = (config: Json): Json => ({ ...opened(config), tools: {}, session: {}, browser: { enabled: true } });
    assert.deepEqual(await auditOf(context, inputOf('support'), bare), WITHOUT_POLICY);
  });
});

function opened(config: Json): Json {
  return merge(config, { channels: { telegram: OPEN } });
}

type Unplaced = Omit<ConfigInput, 'paths'>;

/** With a bot. */
function inputOf(preset: PresetName): Unplaced {
  const { browser } = PRESETS[preset];
  return {
    gatewayPort: 18_789,
    policy: { preset, allow: [], alsoAllow: [], deny: [] },
    channels: [
      {
        kind: 'telegram',
        settings: {},
        secrets: [{ field: 'botToken', source: { kind: 'env', name: 'UNUSED' } }],
        allowFrom: ['4242'],
        rooms: [],
      },
    ],
    models: [{ provider: 'anthropic', apiKey: { kind: 'env', name: 'UNUSED' } }],
    browser: browser === 'needed' || browser === 'possible',
    config: {},
  };
}

async function auditOf(context: TestContext, input: Unplaced, change: (config: Json) => Json): Promise<AuditLines> {
  const audit = parseAudit(await inTree(context, input, { program: securityAudit(testInstall()), change }));
  assert.ok(typeof audit !== 'string', String(audit));
  return audit.findings.map(({ severity, checkId }) => `${severity} ${checkId}`).toSorted();
}

interface Run {
  readonly program: Program;
  change(config: Json): Json;
}

/** Runs a program of OpenClaw over a tree that is a tenant's in all but its owner; resolves to what it printed. */
async function inTree(context: TestContext, input: Unplaced, { program, change }: Run): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'bh-preset-'));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  const [state, home, tmp, secretsDir] = ['state', 'home', 'tmp', 'secrets'].map((name) => join(root, name)) as [string, string, string, string]; // of as many names
  const paths: TenantPaths = {
    root,
    home,
    state,
    tmp,
    secretsDir,
    configDir: join(root, 'config'),
    configFile: join(root, 'config/openclaw.json'),
    workspace: join(root, 'workspace'),
    logFile: join(state, 'logs/gateway.log'),
    compileCache: COMPILED,
    credentials: join(state, 'credentials'),
    agentDir: join(state, 'agents/main/agent'),
    browserData: join(state, 'browser/openclaw/user-data'),
  };
  for (const folder of [state, home, tmp, secretsDir, paths.configDir, paths.workspace]) mkdirSync(folder, { mode: 0o700 });
  const config = change(renderConfig({ ...input, paths }));
  writeFileSync(paths.configFile, JSON.stringify(config), { mode: 0o400 });
  for (const { file } of secretFiles({ ...input, paths })) writeFileSync(file, '5c'.repeat(32), { mode: 0o400 });
  const env = tenantEnvironment({ paths, install: testInstall(), gatewayPort: input.gatewayPort, userName: 'tenant' });
  const [command, ...args] = program.argv;
  const child = spawn(command, args, { cwd: paths.workspace, env, stdio: ['ignore', 'pipe', 'ignore'], timeout: program.timeoutMs });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  await new Promise((resolve) => child.on('close', resolve));
  return text;
}
