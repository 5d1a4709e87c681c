/** What this folder knows, asked of a real gateway: one at a time, each with a scripted model as its outside world. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, closeSync, lstatSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Install, TenantPaths } from '../core/blueprint.ts';
import type { Program } from '../core/command.ts';
import type { PresetName } from '../core/fleet.ts';
import { startScriptedModel, type ScriptedModel } from '../../test/support/model-server.ts';
import { requires, testInstall } from '../../test/support/requires.ts';
import { parseAudit } from './audit.ts';
import { renderConfig, type ConfigInput } from './config.ts';
import { tenantEnvironment } from './environment.ts';
import { health, hello, takeTurn } from './gateway-client.ts';
import { configIssues, gatewayArgv, openclaw, securityAudit, validateConfig } from './programs.ts';
import { secretFiles } from './secrets.ts';

const TOKEN = '5c'.repeat(32);
/** By role. */
const SECRETS: Readonly<Record<string, string>> = {
  'gateway-token': TOKEN,
  'model:scripted': 'key-of-the-model',
  'channel:telegram': '700123:AAnot-a-bot',
};
const asRoot = process.getuid?.() === 0;
/** As root the gateway runs under a number that nobody has; else as whoever tests. */
const uid = asRoot ? 200_000 + Math.floor(Math.random() * 50_000) : (process.getuid?.() ?? 0);

interface Running {
  readonly port: number;
  readonly paths: TenantPaths;
  readonly model: ScriptedModel;
  run(program: Program): Promise<string>;
  ask(message: string): Promise<string>;
}

for (const preset of ['support', 'operator'] as const) {
  test(`a real gateway with the ${preset} preset keeps to it`, { skip: requires({ openclaw: true }), timeout: 240_000 }, async (context) => {
    const install = testInstall();
    await withGateway(install, preset, async (gateway) => {
      await context.test('its config is valid to OpenClaw', async () => {
        assert.deepEqual(configIssues(await gateway.run(validateConfig(install))), []);
      });
      await context.test('it lives, and says over its WebSocket whose it is', async () => {
        const lives = await health(gateway.port);
        assert.ok(lives.ok);
        const answer = await hello({ port: gateway.port, token: TOKEN });
        assert.ok(answer.ok, JSON.stringify(answer));
        const { version, configPath, stateDir, authMode } = answer.value.claim;
        assert.deepEqual(
          { version, configPath, stateDir, authMode },
          { version: install.version, configPath: gateway.paths.configFile, stateDir: gateway.paths.state, authMode: 'token' },
        );
        const again = await hello({ port: gateway.port, token: TOKEN });
        assert.ok(again.ok && again.value.statusDigest === answer.value.statusDigest);
      });
      await context.test('another token is refused', async () => {
        const answer = await hello({ port: gateway.port, token: '00'.repeat(32) });
        assert.ok(!answer.ok && answer.code === 'AUTH_TOKEN_MISMATCH', JSON.stringify(answer));
        const turn = await takeTurn({ port: gateway.port, token: '00'.repeat(32), message: 'hi' });
        assert.ok(!turn.ok && turn.code === 'HTTP 401', JSON.stringify(turn));
      });
      await context.test('its agent takes a turn, with the model key from its secret file', async () => {
        assert.equal(await gateway.ask('good morning'), 'HEARD good morning');
        assert.equal(gateway.model.requests.at(-1)?.authorization, 'Bearer key-of-the-model');
      });
      await context.test(preset === 'operator' ? 'its agent runs commands without asking' : 'its agent has no exec', async () => {
        const said = await gateway.ask('TOOL exec {"command":"echo CANARY-$((40+2)); id -u"} ENDTOOL');
        if (preset === 'operator') assert.match(said, new RegExp(`CANARY-42\\s+${uid}`));
        else assert.match(said, /Tool exec not found/);
      });
      await context.test('its agent reads its workspace and nothing else', async () => {
        assert.match(await gateway.ask('TOOL read {"path":"note.txt"} ENDTOOL'), /CANARY-OF-OWN/);
        assert.match(await gateway.ask('TOOL read {"path":"/etc/hostname"} ENDTOOL'), /escapes sandbox root/);
        assert.match(await gateway.ask(`TOOL read {"path":"${gateway.paths.secretsDir}/gateway-token"} ENDTOOL`), /escapes sandbox root/);
      });
      await context.test('its bot has its token from a file, and nowhere else', async () => {
        const said = await gateway.run(openclaw(install, ['channels', 'status', '--json']));
        assert.match(said, /"tokenSource": ?"tokenFile"/);
        assert.ok(!said.includes('AAnot-a-bot'));
      });
      await context.test('OpenClaw\u2019s own audit finds nothing critical', async () => {
        const audit = parseAudit(await gateway.run(securityAudit(install)));
        assert.ok(typeof audit !== 'string', String(audit));
        assert.equal(audit.summary.critical, 0, JSON.stringify(audit.findings));
      });
      await context.test('it ran with a config that it could not write', () => {
        assert.equal(lstatSync(gateway.paths.configFile).mode & 0o777, 0o400);
        JSON.parse(readFileSync(gateway.paths.configFile, 'utf8'));
      });
    });
  });
}

async function withGateway(install: Install, preset: PresetName, use: (gateway: Running) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'bh-real-'));
  const model = await startScriptedModel({ host: '127.0.0.1', port: 0 });
  const port = await freePort();
  const paths = makeTree(root, { preset, port, modelPort: model.port });
  const env = tenantEnvironment({ paths, install, gatewayPort: port, userName: 'tenant' });
  const log = openSync(join(root, 'gateway.log'), 'a', 0o600);
  const [node, ...args] = gatewayArgv(install);
  const gateway = spawn(node, args, { cwd: paths.workspace, env, stdio: ['ignore', log, log], ...identity() });
  const ended = new Promise<void>((resolve) => gateway.on('close', () => resolve()));
  try {
    await untilHealthy(
      port,
      () => gateway.exitCode,
      () => readFileSync(join(root, 'gateway.log'), 'utf8').slice(-3000),
    );
    await use({
      port,
      paths,
      model,
      run: (program) => runProgram(program, env, paths.workspace),
      ask: async (message) => {
        const answer = await takeTurn({ port, token: TOKEN, message });
        return answer.ok ? answer.value : `failed: ${answer.why}`;
      },
    });
  } finally {
    gateway.kill('SIGTERM');
    const late = setTimeout(() => gateway.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
    closeSync(log);
    await model.close();
    rmSync(root, { recursive: true, force: true });
    if (asRoot) removeLeftInTmp();
  }
}

/** As the os-user rung lays it out: the tenant owns its tree; the folder of its secrets is readable to it, not writable. */
function makeTree(root: string, { preset, port, modelPort }: { preset: PresetName; port: number; modelPort: number }): TenantPaths {
  const tree = `${root}/tree`;
  const state = `${tree}/state`;
  const paths: TenantPaths = {
    root: tree,
    home: `${tree}/home`,
    state,
    configDir: `${tree}/config`,
    configFile: `${tree}/config/openclaw.json`,
    workspace: `${tree}/workspace`,
    tmp: `${tree}/tmp`,
    logFile: `${state}/logs/gateway.log`,
    compileCache: `${tree}/compile-cache`,
    credentials: `${state}/credentials`,
    agentDir: `${state}/agents/main/agent`,
    browserData: `${state}/browser/openclaw/user-data`,
    secretsDir: `${root}/secrets`,
  };
  const input: ConfigInput = {
    paths,
    gatewayPort: port,
    policy: { preset, allow: [], alsoAllow: [], deny: [] },
    // Nobody answers at that address: a bot that cannot reach Telegram shows what the config gave it, and sends nothing anywhere.
    channels: [
      { kind: 'telegram', botToken: { kind: 'env', name: 'UNUSED' }, apiRoot: 'http://127.0.0.1:9', allowFrom: preset === 'support' ? ['4242'] : [] },
    ],
    browser: preset === 'operator',
    config: {},
    models: [{ provider: 'scripted', apiKey: { kind: 'env', name: 'UNUSED' }, baseUrl: `http://127.0.0.1:${modelPort}/v1`, model: 'scripted-1' }],
  };
  chmodSync(root, 0o711);
  for (const folder of [tree, paths.home, state, paths.configDir, paths.workspace, paths.tmp, paths.compileCache]) {
    mkdirSync(folder, { mode: 0o700 });
    if (asRoot) chownSync(folder, uid, uid);
  }
  mkdirSync(paths.secretsDir);
  if (asRoot) chownSync(paths.secretsDir, 0, uid);
  chmodSync(paths.secretsDir, asRoot ? 0o750 : 0o700);
  writeOwned(paths.configFile, JSON.stringify(renderConfig(input)));
  writeOwned(`${paths.workspace}/note.txt`, 'CANARY-OF-OWN\n');
  for (const { role, file } of secretFiles(input)) writeOwned(file, SECRETS[role] ?? '');
  return paths;
}

function writeOwned(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o400 });
  if (asRoot) chownSync(file, uid, uid);
}

function identity(): { readonly uid?: number; readonly gid?: number } {
  return asRoot ? { uid, gid: uid } : {};
}

async function runProgram(program: Program, env: Readonly<Record<string, string>>, cwd: string): Promise<string> {
  const [command, ...args] = program.argv;
  const child = spawn(command, args, {
    cwd,
    env: { ...env, ...program.env },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: program.timeoutMs,
    ...identity(),
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  await new Promise((resolve) => child.on('close', resolve));
  return text;
}

async function untilHealthy(port: number, exitCode: () => number | null, log: () => string): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!(await health(port)).ok) {
    assert.equal(exitCode(), null, `the gateway ended: ${log()}`);
    assert.ok(Date.now() < deadline, `no /healthz: ${log()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  const { port } = server.address() as AddressInfo; // a TCP listener
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** OpenClaw leaves these in /tmp whatever TMPDIR says; the plain one belongs to whichever user came first. */
function removeLeftInTmp(): void {
  for (const left of [`/tmp/openclaw-state-locks-${uid}`, `/tmp/openclaw-${uid}`, '/tmp/openclaw']) {
    if (lstatSync(left, { throwIfNoEntry: false })?.uid === uid) rmSync(left, { recursive: true, force: true });
  }
}
