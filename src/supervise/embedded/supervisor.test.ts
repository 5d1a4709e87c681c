/** Real processes under the real supervisor: cheap programs as services, everything ended by pid at the end. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Layout } from '../../core/blueprint.ts';
import type { Command, CommandResult } from '../../core/command.ts';
import type { Host, Service, ServiceStatus } from '../../core/host.ts';
import { requires } from '../../../test/support/requires.ts';
import { embeddedSupervisor } from './supervisor.ts';

const skip = requires({ linux: true, programs: ['flock'] });
const never = new AbortController().signal;
const pace = JSON.stringify({ firstMs: 100, longestMs: 400, stableMs: 60_000, tickMs: 200 });

/** Runs commands here; adds the tests' faster pace to `up`. */
function hostHere(): Host {
  const run = async (command: Command): Promise<CommandResult> => {
    const [program, ...args] = command.argv;
    const at = args.indexOf('up');
    const all = at < 0 ? args : [...args.slice(0, at), '--pace', pace, ...args.slice(at)];
    const child = spawn(program, all, { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part) => (stdout += String(part)));
    child.stderr.on('data', (part) => (stderr += String(part)));
    child.stdin.end(command.stdin ?? '');
    const [exit, signal] = await new Promise<[number | null, string | null]>((resolve) => child.on('close', (code, by) => resolve([code, by])));
    return { exit, signal, stdout, stderr, timedOut: false, truncated: false, durationMs: 0 };
  };
  return { id: 'local', run, stream: run };
}

const host = hostHere();

async function apply(commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    const result = await host.run(command, never);
    assert.equal(result.exit, 0, `${command.title}: ${result.stderr}`);
  }
}

function layoutFor(t: TestContext): Layout {
  const dir = mkdtempSync(join(tmpdir(), 'bh-supervise-'));
  const layout: Layout = {
    instance: 'bh0000',
    stateDir: join(dir, 'state'),
    runDir: join(dir, 'run'),
    tenantsDir: join(dir, 'state/tenants'),
    install: { root: '/', node: process.execPath, openclaw: '/openclaw.mjs', version: '0' },
  };
  mkdirSync(layout.stateDir, { recursive: true });
  t.after(async () => {
    const observed = await embeddedSupervisor.observe(host, layout, never);
    await apply(embeddedSupervisor.converge(layout, [], observed));
    rmSync(dir, { recursive: true, force: true });
  });
  return layout;
}

function shell(layout: Layout, script: string, more: Partial<Service> = {}): Service {
  return {
    name: 'bh0000-acme',
    tenant: 'acme',
    argv: ['/bin/sh', '-c', script],
    environment: { PATH: '/usr/bin:/bin' },
    workingDirectory: '/',
    logFile: join(layout.stateDir, 'logs/acme.log'),
    limits: { memoryBytes: 1e9, cpus: 1, pids: 100 },
    neverRestartExits: [78],
    stopGraceSeconds: 1,
    ...more,
  };
}

async function converge(layout: Layout, services: readonly Service[]): Promise<void> {
  await apply(embeddedSupervisor.converge(layout, services, await embeddedSupervisor.observe(host, layout, never)));
}

async function statusOf(layout: Layout, name = 'bh0000-acme'): Promise<ServiceStatus> {
  const status = (await embeddedSupervisor.observe(host, layout, never)).services.get(name)?.status;
  assert.ok(status !== undefined, `${name} is registered`);
  return status;
}

async function until(layout: Layout, seen: (status: ServiceStatus) => boolean): Promise<ServiceStatus> {
  let last: ServiceStatus | undefined;
  for (let look = 0; look < 60; look += 1) {
    last = await statusOf(layout);
    if (seen(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail(`not seen in time, last: ${JSON.stringify(last)}\n${readFileSync(join(layout.stateDir, 'supervisor/supervisor.log'), 'utf8')}`);
}

function runs(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

function supervisorPid(layout: Layout): number {
  const pid = execFileSync('pgrep', ['-f', '-x', `.*daemon.mjs --state-dir ${layout.stateDir} .*`], { encoding: 'utf8' })
    .trim()
    .split('\n');
  assert.equal(pid.length, 1, 'one supervisor');
  return Number(pid[0]);
}

test('a registered service stays stopped until it is started, and converging twice gives no commands', { skip }, async (t) => {
  const layout = layoutFor(t);
  const service = shell(layout, 'echo hello; exec sleep 1000');
  await converge(layout, [service]);
  const observed = await embeddedSupervisor.observe(host, layout, never);
  assert.equal(observed.alive, true);
  assert.deepEqual(embeddedSupervisor.converge(layout, [service], observed), []);
  assert.equal((await statusOf(layout)).state, 'stopped');
  await apply(embeddedSupervisor.start(layout, service.name));
  const { top, state } = await statusOf(layout);
  assert.equal(state, 'running');
  assert.ok(top !== undefined);
  assert.equal(
    readFileSync(`/proc/${top}/environ`, 'utf8').replace('PWD=/\0', ''),
    'PATH=/usr/bin:/bin\0',
    "nothing inherited; PWD is the shell's own",
  );
  assert.equal(statSync(service.logFile).mode & 0o777, 0o600);
  assert.equal(readFileSync(service.logFile, 'utf8'), 'hello\n');
  assert.equal(statSync(join(layout.runDir, 'supervisor.sock')).mode & 0o777, 0o600);
  await apply(embeddedSupervisor.remove(layout, service.name, await embeddedSupervisor.observe(host, layout, never)));
  assert.equal(runs(top), false);
  assert.deepEqual(embeddedSupervisor.remove(layout, service.name, await embeddedSupervisor.observe(host, layout, never)), []);
});

test('a service that dies is restarted after growing waits', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'date +%s%N; exit 1')]);
  await apply(embeddedSupervisor.start(layout, 'bh0000-acme'));
  // Between two waits the service runs for a moment, with no reason to tell: what is looked for is one of the waits.
  const { lastExit } = await until(layout, ({ restarts, reason }) => restarts >= 3 && /exit 1, restarting/.test(reason ?? ''));
  assert.equal(lastExit?.exit, 1);
  const times = readFileSync(join(layout.stateDir, 'logs/acme.log'), 'utf8').trim().split('\n').map(Number);
  const [first = 0, second = 0, third = 0] = times;
  assert.ok((second - first) / 1e6 >= 75 && (third - second) / 1e6 >= 150, `waits: ${(second - first) / 1e6}, ${(third - second) / 1e6} ms`);
});

test('exit 78 means configuration: the service fails and is not restarted', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'exit 78')]);
  await apply(embeddedSupervisor.start(layout, 'bh0000-acme'));
  const failed = await until(layout, ({ state }) => state === 'failed');
  assert.match(failed.reason ?? '', /configuration is wrong/);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal((await statusOf(layout)).restarts, 0);
});

test('a new supervisor adopts what one that was killed left running, with or without its record', { skip }, async (t) => {
  const layout = layoutFor(t);
  const service = shell(layout, 'exec sleep 1000');
  await converge(layout, [service]);
  await apply(embeddedSupervisor.start(layout, service.name));
  const { top } = await statusOf(layout);
  for (const keepRecord of [true, false]) {
    process.kill(supervisorPid(layout), 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (!keepRecord) rmSync(join(layout.runDir, 'services', `${service.name}.json`));
    assert.equal((await embeddedSupervisor.observe(host, layout, never)).alive, false);
    await converge(layout, [service]);
    assert.equal((await statusOf(layout)).top, top);
  }
  assert.ok(top !== undefined);
  process.kill(top, 'SIGKILL');
  const again = await until(layout, (status) => status.state === 'running' && status.top !== top);
  assert.equal(again.restarts, 1);
  await apply(embeddedSupervisor.stop(layout, service.name));
  assert.equal((await statusOf(layout)).state, 'stopped');
});

test('a changed definition restarts a running service, and leaves a stopped one stopped', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'exec sleep 1000')]);
  await converge(layout, [shell(layout, 'exec sleep 1001')]);
  assert.equal((await statusOf(layout)).state, 'stopped');
  await apply(embeddedSupervisor.start(layout, 'bh0000-acme'));
  const { top } = await statusOf(layout);
  await converge(layout, [shell(layout, 'exec sleep 1002')]);
  const after = await statusOf(layout);
  assert.equal(after.state, 'running');
  assert.notEqual(after.top, top);
  assert.ok(after.top !== undefined && readFileSync(`/proc/${after.top}/cmdline`, 'utf8').includes('1002'));
});

test('a service that ignores SIGTERM is killed after its grace, with what it started', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'trap "" TERM; sleep 1000 & echo $!; while :; do sleep 0.1; done')]);
  await apply(embeddedSupervisor.start(layout, 'bh0000-acme'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const child = Number(readFileSync(join(layout.stateDir, 'logs/acme.log'), 'utf8'));
  const { top } = await statusOf(layout);
  const began = Date.now();
  await apply(embeddedSupervisor.stop(layout, 'bh0000-acme'));
  assert.ok(Date.now() - began >= 1000);
  assert.ok(top !== undefined && !runs(top) && !runs(child));
  const zombies = spawnSync('ps', ['--ppid', String(supervisorPid(layout)), '-o', 'pid='], { encoding: 'utf8' });
  assert.equal(zombies.stdout.trim(), '', 'no children left, not even as zombies');
});

test('the supervisor is its own session, outlives who started it, and stays below 60 MB', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'exec sleep 1000')]);
  await apply(embeddedSupervisor.start(layout, 'bh0000-acme'));
  const pid = supervisorPid(layout);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  t.diagnostic(`supervisor RSS ${rss.toFixed(1)} MB`);
  assert.ok(rss <= 60, `${rss} MB`);
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  assert.equal(Number(fields[3]), pid, 'session leader');
});

test('a second supervisor on the same state does not start', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'exec sleep 1000')]);
  const [up] = embeddedSupervisor.converge(layout, [shell(layout, 'exec sleep 1000')], {
    alive: false,
    services: (await embeddedSupervisor.observe(host, layout, never)).services,
  });
  assert.ok(up !== undefined);
  await apply([up, up]);
  supervisorPid(layout);
});

/** Like a real boundary: a top outside, and a pid namespace whose pid 1 has the service as its child. It must not die with the supervisor. */
function bounded(layout: Layout, port: number, more: Partial<Service> = {}): Service {
  const forward = 'require("node:net").createServer((c)=>c.end(process.argv[1])).listen({fd:3})';
  return shell(layout, '', {
    argv: [
      'bwrap',
      '--bind',
      '/',
      '/',
      '--unshare-pid',
      '--proc',
      '/proc',
      '--',
      'sh',
      '-c',
      'trap "echo drained; exit 0" TERM; while :; do sleep 0.05; done',
    ],
    publish: { port, argv: [process.execPath, '-e', forward, 'pid {pid}'] },
    stopGraceSeconds: 5,
    ...more,
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : assert.fail('no port');
}

async function read(port: number): Promise<string> {
  const response = spawn('bash', ['-c', `cat < /dev/tcp/127.0.0.1/${port}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const part of response.stdout) text += String(part);
  return text;
}

const bubblewrap = requires({ root: true, linux: true, programs: ['bwrap', 'flock'] });

test(
  'a published port is handed to the forwarder, which gets the pid of pid 1 inside and is restarted when it dies',
  { skip: bubblewrap },
  async (t) => {
    const layout = layoutFor(t);
    const port = await freePort();
    await converge(layout, [bounded(layout, port)]);
    await apply(embeddedSupervisor.start(layout, 'bh0000-acme'));
    await until(layout, ({ state }) => state === 'running');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const first = Number(/^pid (\d+)$/.exec(await read(port))?.[1]);
    assert.match(readFileSync(`/proc/${first}/status`, 'utf8'), /^NSpid:\s+\d+\s+1$/m);
    const forwarder = (): number => Number(JSON.parse(readFileSync(join(layout.runDir, 'services/bh0000-acme.json'), 'utf8')).forwarder?.pid);
    const before = forwarder();
    process.kill(before, 'SIGKILL');
    await until(layout, ({ state }) => state === 'running' && forwarder() !== before);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(await read(port), `pid ${first}`);
    process.kill(supervisorPid(layout), 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await read(port), `pid ${first}`, 'serves while no supervisor lives');
    const kept = forwarder();
    await converge(layout, [bounded(layout, port)]);
    assert.equal((await until(layout, ({ state }) => state === 'running')).restarts, 0);
    assert.equal(forwarder(), kept);
    await apply(embeddedSupervisor.stop(layout, 'bh0000-acme'));
    assert.equal(runs(kept) || runs(first), false);
    assert.match(readFileSync(join(layout.stateDir, 'logs/acme.log'), 'utf8'), /drained/, 'SIGTERM reached the process inside');
  },
);

test('a busy port is named with its holder and taken as soon as it is free', { skip: bubblewrap }, async (t) => {
  const layout = layoutFor(t);
  const squatter = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
  t.after(() => squatter.close());
  await converge(layout, [bounded(layout, port)]);
  await apply(embeddedSupervisor.start(layout, 'bh0000-acme'));
  const busy = await until(layout, ({ reason }) => reason !== undefined);
  assert.match(busy.reason ?? '', new RegExp(`port 127\\.0\\.0\\.1:${port} is held by pid ${process.pid} `));
  squatter.close();
  await until(layout, ({ state }) => state === 'running');
});

test('a lost ruleset is restored from its file, and a service whose ruleset cannot be restored is stopped', { skip }, async (t) => {
  const layout = layoutFor(t);
  const loaded = join(layout.stateDir, 'loaded');
  const source = join(layout.stateDir, 'ruleset');
  writeFileSync(source, 'rules', { mode: 0o600 });
  const guard = { check: ['test', '-s', loaded], restore: ['tee', loaded], restoreStdinFile: source } as const;
  await converge(layout, [shell(layout, 'exec sleep 1000', { guard })]);
  await apply(embeddedSupervisor.start(layout, 'bh0000-acme'));
  assert.equal(readFileSync(loaded, 'utf8'), 'rules', 'in place before the service starts');
  rmSync(loaded);
  await until(layout, () => existsSync(loaded));
  const { top } = await statusOf(layout);
  rmSync(source);
  rmSync(loaded);
  const failed = await until(layout, ({ state }) => state === 'failed');
  assert.match(failed.reason ?? '', /could not be restored 3 times in a row/);
  assert.ok(top !== undefined);
  await until(layout, () => !runs(top));
});

test('a definition that cannot be read fails that service alone, and a log that is a link is refused', { skip }, async (t) => {
  const layout = layoutFor(t);
  const link = shell(layout, 'exec sleep 1000', { name: 'bh0000-link', logFile: join(layout.stateDir, 'logs/link.log') });
  mkdirSync(join(layout.stateDir, 'logs'), { mode: 0o700 });
  execFileSync('ln', ['-s', '/etc/hostname', link.logFile]);
  await converge(layout, [shell(layout, 'exec sleep 1000'), link]);
  await apply(embeddedSupervisor.start(layout, 'bh0000-acme'));
  await apply(embeddedSupervisor.start(layout, 'bh0000-link'));
  assert.equal((await statusOf(layout)).state, 'running');
  const refused = await statusOf(layout, 'bh0000-link');
  assert.equal(refused.state, 'backing-off');
  assert.match(refused.reason ?? '', /could not start/);
});
