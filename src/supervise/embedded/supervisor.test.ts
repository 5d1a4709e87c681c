/** Real processes under the real supervisor: cheap programs as services, everything ended by pid at the end. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Layout } from '../../core/blueprint.ts';
import type { Service } from '../../core/host.ts';
import { requires } from '../../../test/support/requires.ts';
import {
  apply,
  converge,
  eventually,
  killBoth,
  layoutFor,
  observe,
  runs,
  shell,
  sleep,
  statusOf,
  supervised,
  until,
} from '../../../test/support/supervised.ts';
import { localHost } from '../../hosts/local.ts';
import { embeddedSupervisor } from './supervisor.ts';

const skip = requires({ linux: true, programs: ['flock'] });
test('a registered service stays stopped until it is started, and converging twice gives no commands', { skip }, async (t) => {
  const layout = layoutFor(t);
  const service = shell(layout, 'echo hello; sleep 1000; true');
  await converge(layout, [service]);
  const observed = await observe(layout);
  assert.equal(observed.alive, true);
  assert.deepEqual(embeddedSupervisor.converge(layout, [service], observed), []);
  assert.equal((await statusOf(layout)).state, 'stopped');
  await apply(embeddedSupervisor.start(layout, service.name));
  const { top, state } = await statusOf(layout);
  assert.equal(state, 'running');
  // From this process and by the control program alike, also whether it runs this very program.
  assert.deepEqual(await embeddedSupervisor.observe(localHost(), layout, new AbortController().signal), await observe(layout));
  assert.ok(top !== undefined);
  assert.equal(
    readFileSync(`/proc/${top}/environ`, 'utf8').replace('PWD=/\0', ''),
    'PATH=/usr/bin:/bin\0',
    "nothing inherited; PWD is the shell's own",
  );
  assert.equal(statSync(service.logFile).mode & 0o777, 0o600);
  assert.equal(await firstLine(service), 'hello');
  assert.equal(statSync(join(layout.runDir, 'supervisor.sock')).mode & 0o777, 0o600);
  await apply(embeddedSupervisor.remove(layout, service.name, await observe(layout)));
  assert.equal(runs(top), false);
  assert.deepEqual(embeddedSupervisor.remove(layout, service.name, await observe(layout)), []);
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
  await sleep(500);
  assert.equal((await statusOf(layout)).restarts, 0);
});

test('a new supervisor adopts what one that was killed left running, with or without its record', { skip }, async (t) => {
  const layout = layoutFor(t);
  const service = shell(layout, 'exec sleep 1000');
  await converge(layout, [service]);
  await apply(embeddedSupervisor.start(layout, service.name));
  const { top } = await statusOf(layout);
  for (const keepRecord of [true, false]) {
    await killBoth(layout);
    if (!keepRecord) rmSync(join(layout.runDir, 'services', `${service.name}.json`));
    assert.equal((await observe(layout)).alive, false);
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
  assert.ok(await eventually(() => readFileSync(`/proc/${after.top}/cmdline`, 'utf8').includes('1002') || undefined));
});

test('a service that ignores SIGTERM is killed after its grace, with what it started', { skip }, async (t) => {
  const layout = layoutFor(t);
  const service = shell(layout, 'trap "" TERM; sleep 1000 & echo $!; while :; do sleep 0.1; done');
  await converge(layout, [service]);
  await apply(embeddedSupervisor.start(layout, service.name));
  const child = Number(await firstLine(service));
  const { top } = await statusOf(layout);
  const began = Date.now();
  await apply(embeddedSupervisor.stop(layout, service.name));
  assert.ok(Date.now() - began >= 1000);
  assert.ok(top !== undefined && !runs(top));
  assert.ok(await eventually(() => !runs(child) || undefined));
  const { supervisor, standby } = await supervised(layout);
  const children = spawnSync('ps', ['--ppid', String(supervisor), '-o', 'pid='], { encoding: 'utf8' });
  assert.equal(children.stdout.trim(), String(standby), 'no other children left, not even as zombies');
});

test('supervisor and standby are sessions of their own, outlive who started them, and stay below 60 MB together', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'exec sleep 1000')]);
  await apply(embeddedSupervisor.start(layout, 'bh0000-acme'));
  const pair = await supervised(layout);
  await sleep(1500);
  const rss: number[] = [];
  for (const pid of [pair.supervisor, pair.standby]) {
    rss.push(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024e-6);
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    assert.equal(Number(fields[3]), pid, 'session leader');
  }
  const [supervisor = Infinity, standby = Infinity] = rss;
  t.diagnostic(`supervisor RSS ${supervisor.toFixed(1)} MB, standby ${standby.toFixed(1)} MB`);
  assert.ok(supervisor + standby <= 60, `${supervisor + standby} MB`);
});

async function firstLine({ logFile }: Service): Promise<string | undefined> {
  return await eventually(() => /^(.+)\n/.exec(existsSync(logFile) ? readFileSync(logFile, 'utf8') : '')?.[1]);
}

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
    const first = Number(/^pid (\d+)$/.exec(await read(port))?.[1]);
    assert.match(readFileSync(`/proc/${first}/status`, 'utf8'), /^NSpid:\s+\d+\s+1$/m);
    const forwarder = (): number => Number(JSON.parse(readFileSync(join(layout.runDir, 'services/bh0000-acme.json'), 'utf8')).forwarder?.pid);
    const before = forwarder();
    process.kill(before, 'SIGKILL');
    await until(layout, ({ state }) => state === 'running' && forwarder() !== before);
    assert.equal(await read(port), `pid ${first}`);
    await killBoth(layout);
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
