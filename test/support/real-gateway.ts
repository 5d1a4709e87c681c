/** A real gateway of a tenant that was laid out as the os-user rung lays it out, with a scripted model as its outside world. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Install, TenantPaths } from '../../src/core/blueprint.ts';
import type { Program } from '../../src/core/command.ts';
import type { PresetName } from '../../src/core/fleet.ts';
import { renderConfig, type ConfigInput } from '../../src/openclaw/config.ts';
import { tenantEnvironment } from '../../src/openclaw/environment.ts';
import { health, hello, takeTurn } from '../../src/openclaw/gateway-client.ts';
import { PRESETS } from '../../src/openclaw/presets/index.ts';
import { gatewayArgv } from '../../src/openclaw/programs.ts';
import { secretFiles } from '../../src/openclaw/secrets.ts';
import { startScriptedModel, type ScriptedModel } from './model-server.ts';

export const TOKEN = '5c'.repeat(32);
/** By role. */
const SECRETS: Readonly<Record<string, string>> = {
  'gateway-token': TOKEN,
  'model:scripted': 'key-of-the-model',
  'channel:telegram': '700123:AAnot-a-bot',
};
const asRoot = process.getuid?.() === 0;
/** As root the gateway runs under a number that nobody has; else as whoever tests. */
export const uid = asRoot ? 200_000 + Math.floor(Math.random() * 50_000) : (process.getuid?.() ?? 0);

export interface Running {
  readonly port: number;
  readonly paths: TenantPaths;
  readonly model: ScriptedModel;
  run(program: Program): Promise<string>;
  ask(message: string): Promise<string>;
  /** Gives it another preset, by its file alone, as an operator's apply or a tenant's edit would: resolves once the gateway has taken it over. */
  become(preset: PresetName): Promise<void>;
}

export async function withGateway(install: Install, preset: PresetName, use: (gateway: Running) => Promise<void>): Promise<void> {
  let current = preset;
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
      become: async (other) => {
        // The same config again is nothing to take over.
        if (other === current) return;
        current = other;
        const before = await appliedConfig(port);
        const next = `${paths.configFile}.next`;
        writeOwned(next, JSON.stringify(renderConfig(inputOf(paths, { preset: other, port, modelPort: model.port }))));
        renameSync(next, paths.configFile);
        const deadline = Date.now() + 30_000;
        for (let now = before; now === before || now === undefined; now = await appliedConfig(port)) {
          assert.ok(Date.now() < deadline, `the preset ${other} was not taken over: ${readFileSync(join(root, 'gateway.log'), 'utf8').slice(-3000)}`);
          await pause(200);
        }
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
  const input = inputOf(paths, { preset, port, modelPort });
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

function inputOf(paths: TenantPaths, { preset, port, modelPort }: { preset: PresetName; port: number; modelPort: number }): ConfigInput {
  return {
    paths,
    gatewayPort: port,
    policy: { preset, allow: [], alsoAllow: [], deny: [] },
    // Nobody answers at that address: a bot that cannot reach Telegram shows what the config gave it, and sends nothing anywhere.
    channels: [
      {
        kind: 'telegram',
        settings: { apiRoot: 'http://127.0.0.1:9' },
        secrets: [{ field: 'botToken', source: { kind: 'env', name: 'UNUSED' } }],
        allowFrom: preset === 'support' ? ['4242'] : [],
        rooms: [],
      },
    ],
    browser: PRESETS[preset].browser === 'needed' || preset === 'operator',
    config: {},
    models: [{ provider: 'scripted', apiKey: { kind: 'env', name: 'UNUSED' }, baseUrl: `http://127.0.0.1:${modelPort}/v1`, model: 'scripted-1' }],
  };
}

/** What the gateway says of the config that it runs with; undefined while it does not answer. */
async function appliedConfig(port: number): Promise<string | undefined> {
  const answer = await hello({ port, token: TOKEN });
  return answer.ok ? answer.value.appliedConfig : undefined;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
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
    await pause(100);
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
