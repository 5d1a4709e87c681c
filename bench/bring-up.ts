/**
 * What a tenant costs beside plain OpenClaw, both in this run and in turn: `openclaw gateway run` cold to /healthz against `bulkhead apply`
 * of a new os-user tenant to /healthz; then an apply with nothing to do, `status`, `verify --no-audit`, and the supervisor's memory.
 * Needs root and what the os-user rung needs. `BENCH_ROUNDS` (default 2). One gateway at a time.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { requires, testInstall } from '../test/support/requires.ts';
import { median } from './paired.ts';

const LAUNCHER = join(import.meta.dirname, '../bulkhead');
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const DEADLINE_MS = 180_000;
const install = testInstall();
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 2);

const MANIFEST = `fleet: bench
trust: clients
hosts: { local: { admins: [{ name: ops, how: root }] } }
tenants:
  solo:
    boundary: { owner: ops@example.test, data: nothing, members: [ops@example.test] }
    isolation: os-user
    policy: operator
    models: { anthropic: { apiKey: { file: KEY } } }
    egress: none
`;

interface Ran {
  readonly ms: number;
  readonly status: number | null;
  readonly stdout: string;
}

interface Tenant {
  /** To /healthz on the published port. */
  readonly start: number;
  /** To the end of apply, which waits for /readyz. */
  readonly apply: number;
  readonly again: number;
  readonly status: number;
  readonly verify: number;
  readonly verifyExit: number | null;
  readonly supervisorMiB: number;
}

function run(argv: readonly [string, ...string[]], env: Readonly<Record<string, string>>, ...fine: readonly number[]): Ran {
  const [program, ...args] = argv;
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8', timeout: DEADLINE_MS });
  const ms = performance.now() - started;
  if (status === null || ![0, ...fine].includes(status)) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}${stdout.slice(0, 2000)}`);
  return { ms, status, stdout };
}

/** A new HOME, no compile cache, no setting of Bulkhead's. */
async function plain(): Promise<{ readonly start: number; readonly status: number }> {
  const folder = mkdtempSync('/var/lib/bulkhead-bench-plain-');
  const port = await freePort();
  const home = join(folder, 'home');
  mkdirSync(join(folder, 'tmp'));
  mkdirSync(join(home, '.openclaw'), { recursive: true, mode: 0o700 });
  const token = crypto.randomUUID();
  const config = { gateway: { mode: 'local', port, bind: 'loopback', auth: { mode: 'token', token } } };
  writeFileSync(join(home, '.openclaw/openclaw.json'), JSON.stringify(config), { mode: 0o600 });
  const env = { HOME: home, PATH, TMPDIR: join(folder, 'tmp') };
  const started = performance.now();
  const gateway = spawn(install.node, [install.openclaw, 'gateway', 'run'], { env, cwd: home, stdio: 'ignore', detached: true });
  const ended = new Promise<void>((resolve) => gateway.once('close', () => resolve()));
  try {
    await healthy(port, () => gateway.exitCode !== null);
    const start = performance.now() - started;
    const status = run([install.node, install.openclaw, 'gateway', 'status', '--json'], env).ms;
    return { start, status };
  } finally {
    // The launcher may have started the gateway as a child: the whole session, which this bench made.
    if (gateway.pid !== undefined) process.kill(-gateway.pid, 'SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function tenant(): Promise<Tenant> {
  const folder = mkdtempSync('/var/lib/bulkhead-bench-tenant-');
  chmodSync(folder, 0o711);
  const key = join(folder, 'key');
  writeFileSync(key, 'opens-nothing\n', { mode: 0o600 });
  writeFileSync(join(folder, 'bulkhead.yaml'), MANIFEST.replace('KEY', key));
  const stateDir = join(folder, 'state');
  const bulkhead = (words: readonly string[], ...fine: readonly number[]): Ran => {
    const [command = '', ...rest] = words;
    const argv = [LAUNCHER, command, '-f', join(folder, 'bulkhead.yaml'), '--state-dir', stateDir, ...rest] as const;
    return run(argv, { HOME: process.env['HOME'] ?? '/root', PATH }, ...fine);
  };
  try {
    const shown = JSON.parse(bulkhead(['show', 'solo', '--json']).stdout) as { blueprint: { publishedPort: number } }; // our own output
    const { start, apply } = await applyAndWait(folder, shown.blueprint.publishedPort);
    const again = bulkhead(['apply']).ms;
    const status = bulkhead(['status', '--json']);
    const { tenants } = JSON.parse(status.stdout) as { tenants: { port: number }[] }; // our own output, docs/json-output.md
    if (tenants[0]?.port !== shown.blueprint.publishedPort) throw new Error('the tenant has another port than it was to have');
    const verify = bulkhead(['verify', '--no-audit', '--json'], 3);
    return { start, apply, again, status: status.ms, verify: verify.ms, verifyExit: verify.status, supervisorMiB: supervisorMiB(stateDir) };
  } finally {
    bulkhead(['remove', 'solo', '--confirm', 'solo']);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function applyAndWait(folder: string, port: number): Promise<{ readonly start: number; readonly apply: number }> {
  const started = performance.now();
  const argv = ['apply', '-f', join(folder, 'bulkhead.yaml'), '--state-dir', join(folder, 'state')];
  const child = spawn(LAUNCHER, argv, { env: { HOME: process.env['HOME'] ?? '/root', PATH }, stdio: 'ignore' });
  const ended = new Promise<number>((resolve) => child.once('close', () => resolve(performance.now() - started)));
  await healthy(port, () => child.exitCode !== null && child.exitCode !== 0);
  const start = performance.now() - started;
  const apply = await ended;
  if (child.exitCode !== 0) throw new Error(`apply ended with ${child.exitCode}`);
  return { start, apply };
}

/** Resident memory of this state directory's embedded supervisor and its standby; 0 under systemd. */
function supervisorMiB(stateDir: string): number {
  const program = join(stateDir, 'supervisor/program/daemon.mjs');
  let sum = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(program)) continue;
      sum += Number(/^VmRSS:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      // it ended meanwhile
    }
  }
  return sum;
}

async function healthy(port: number, dead: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (performance.now() < deadline) {
    if (dead()) throw new Error('the gateway ended before it answered');
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`127.0.0.1:${port}/healthz did not answer`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/healthz', timeout: 2000, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** In OpenClaw's range below the ephemeral ports, with room for the ports that it derives. */
async function freePort(): Promise<number> {
  for (let port = 18900; port < 19900; port += 120) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error('no port is free');
}

const missing = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip', 'perl'], openclaw: true });
if (missing === false) {
  const plains: { readonly start: number; readonly status: number }[] = [];
  const tenants: Tenant[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 1) tenants.push(await tenant());
    plains.push(await plain());
    if (round % 2 === 0) tenants.push(await tenant());
  }
  const of = (field: 'start' | 'apply' | 'again' | 'status' | 'verify' | 'supervisorMiB'): number => median(tenants.map((one) => one[field]));
  const ratios = tenants.map(({ start }, round) => start / (plains[round]?.start ?? Number.NaN));
  const [start, asked] = [median(plains.map((one) => one.start)), median(plains.map((one) => one.status))];
  const s = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  process.stdout.write(
    [
      `bring-up, medians of ${rounds} rounds in turn:`,
      `  to /healthz: plain gateway run ${s(start)}, new os-user tenant by apply ${s(of('start'))}, ratio ${median(ratios).toFixed(2)} (goal 0.95); to the end of apply (/readyz) ${s(of('apply'))}`,
      `  apply with nothing to do ${s(of('again'))}, ${(of('again') / start).toFixed(2)} of a plain start (goal 2 s, for two tenants)`,
      `  status ${s(of('status'))}, openclaw gateway status --json ${s(asked)}: ${(asked / of('status')).toFixed(1)} times as fast (goal 50)`,
      `  verify --no-audit, one tenant ${s(of('verify'))} (exit ${tenants.map(({ verifyExit }) => verifyExit).join(', ')})`,
      `  embedded supervisor ${of('supervisorMiB').toFixed(1)} MiB resident (goal 60 MB)`,
      '',
    ].join('\n'),
  );
} else process.stdout.write(`bring-up: skipped: ${missing}\n`);
