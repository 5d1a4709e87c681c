/** Two real boundaries with small servers in them: who reaches whom, what they see, and what dies with the top process. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAll } from '../../../test/conformance/isolation.ts';
import { requires, testInstall } from '../../../test/support/requires.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import type { Service } from '../../core/host.ts';
import { localHost } from '../../hosts/local.ts';
import { addressesOf } from './names.ts';
import type { OsUserObserved } from './observer.ts';
import { osUser } from './os-user.ts';
import { sampleBlueprint, sampleLayout } from './sample.ts';
import { boundaryService } from './service.ts';

const skip = requires({ root: true, linux: true, openclaw: true, programs: ['bwrap', 'nft', 'ip', 'nsenter', 'setpriv', 'perl', 'useradd'] });
const instance = `bh${randomBytes(2).toString('hex')}`;
const layout = sampleLayout(instance, `/var/lib/${instance}-test`, testInstall());
// Below the ports of outgoing connections, and seldom the same in two checkouts that test at once.
const base = 29_000 + randomInt(30) * 100;
const acme = sampleBlueprint('acme', base, layout);
const globex: Blueprint = { ...sampleBlueprint('globex', base + 130, layout), browser: true };
const host = localHost();
const signal = AbortSignal.timeout(600_000);

/** Answers with its user id; ends with 7 when asked to end, and lets a listener on every address be found. */
const PAYLOAD = `const net=require("node:net");process.on("SIGTERM",()=>process.exit(7));
net.createServer(c=>c.end("uid "+process.getuid())).listen(18789,"127.0.0.1");net.createServer(c=>c.end("any")).listen(8124,"0.0.0.0")`;

interface Running {
  readonly top: ChildProcess;
  forwarder?: ChildProcess;
}

async function look(blueprint: Blueprint): Promise<OsUserObserved> {
  return await osUser.observe(blueprint, layout, host, signal);
}

/** What was started is in `running` at once, so that it is ended even when the rest fails. */
async function start(blueprint: Blueprint, running: Running[]): Promise<void> {
  const service = boundaryService(blueprint, layout, await look(blueprint), [blueprint.install.node, '-e', PAYLOAD]);
  const [program, ...args] = service.argv;
  const top = spawn(program, args, { env: service.environment, cwd: service.workingDirectory, stdio: ['ignore', 'inherit', 'inherit'] });
  const started: Running = { top };
  running.push(started);
  const pid = await until(async () => osUser.details(await look(blueprint)).pid);
  const listener = createServer().listen(blueprint.publishedPort, '127.0.0.1');
  await once(listener, 'listening');
  started.forwarder = forward(service, pid, listener);
  await until(async () => (await inside(blueprint, connecting('127.0.0.1', 18_789))).startsWith('uid ') || undefined);
}

/** Looks again until there is something; a minute is far beyond what a busy machine needs. */
async function until<T>(see: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    const seen = await see();
    if (seen !== undefined) return seen;
  }
  return assert.fail('not seen within a minute');
}

async function gone(blueprint: Blueprint): Promise<void> {
  await until(async () => ((await look(blueprint)).boundary === null ? true : undefined));
}

function forward(service: Service, pid: number, listener: Server): ChildProcess {
  const [program = '', ...args] = (service.publish?.argv ?? []).map((word) => word.replaceAll('{pid}', String(pid)));
  // Node keeps the descriptor of a listening server in a private handle; a supervisor of its own has it at hand.
  const fd = (listener as unknown as { readonly _handle: { readonly fd: number } })._handle.fd;
  const child = spawn(program, args, { env: service.environment, stdio: ['ignore', 'inherit', 'inherit', fd] });
  listener.close(); // the child has its own copy; both would accept
  return child;
}

/** Runs JavaScript inside and returns what it printed. */
async function inside(blueprint: Blueprint, code: string): Promise<string> {
  const program = { title: 'try', argv: [blueprint.install.node, '-e', code] as const, timeoutMs: 30_000 };
  const result = await host.run(osUser.enter(blueprint, layout, await look(blueprint), program), signal);
  assert.equal(result.exit, 0, result.stderr);
  return result.stdout.trim();
}

function connecting(address: string, port: number): string {
  return `const s=require("node:net").connect({host:${JSON.stringify(address)},port:${port}});s.setTimeout(20000,()=>{console.log("timeout");process.exit()});
s.on("error",e=>{console.log(e.code);process.exit()});s.on("data",d=>{console.log(String(d));process.exit()});s.on("connect",()=>setTimeout(()=>{console.log("connected");process.exit()},20000))`;
}

describe('two os-user boundaries', { skip }, () => {
  const running: Running[] = [];
  const decoy = createServer((socket) => socket.end('host'));

  before(async () => {
    mkdirSync(layout.stateDir, { mode: 0o711 });
    for (const blueprint of [acme, globex]) await runAll(host, osUser.converge(blueprint, layout, await look(blueprint)), signal);
    for (const blueprint of [acme, globex]) await start(blueprint, running);
    await once(decoy.listen(base + 299, '0.0.0.0'), 'listening');
  });

  after(async () => {
    decoy.close();
    for (const { top, forwarder } of running) {
      top.kill('SIGKILL');
      forwarder?.kill('SIGKILL');
    }
    for (const blueprint of [acme, globex]) await gone(blueprint);
    for (const blueprint of [acme, globex]) await runAll(host, osUser.remove(blueprint, layout, await look(blueprint)), signal);
    rmSync(layout.stateDir, { recursive: true, force: true });
    rmSync(layout.runDir, { recursive: true, force: true });
  });

  test('a running boundary is converged, and its published port answers from inside as the tenant', async () => {
    const observed = await look(acme);
    assert.deepEqual(osUser.converge(acme, layout, observed), []);
    assert.equal(await answer(acme.publishedPort), `uid ${observed.user?.uid}`);
  });

  test('the quick look finds both boundaries where they run, as whom they run', async () => {
    const located = await osUser.locate?.([acme, globex], host, signal);
    for (const blueprint of [acme, globex]) {
      const { uid, gid, pid } = osUser.details(await look(blueprint));
      assert.notEqual(pid, undefined);
      assert.deepEqual(located?.get(blueprint.tenant), { uid, gid, pid });
    }
  });

  test('each is refused everything of the other and of the host, and reaches its own', async () => {
    const other = addressesOf(await look(acme));
    const own = addressesOf(await look(globex));
    assert.match(await inside(globex, connecting('127.0.0.1', 18_789)), /^uid /);
    const refused: readonly (readonly [string, number, string])[] = [
      [other.inside, 18_789, 'ECONNREFUSED'],
      [other.inside, 8124, 'ECONNREFUSED'],
      [other.host, base + 299, 'ECONNREFUSED'],
      [own.host, base + 299, 'EHOSTUNREACH'],
      ['169.254.169.254', 80, 'EHOSTUNREACH'],
      ['127.0.0.1', acme.publishedPort, 'ECONNREFUSED'],
      ['127.0.0.1', base + 299, 'ECONNREFUSED'],
      ['fe80::1%eth0', base + 299, 'ENETUNREACH'],
      ['fd00::2', base + 299, 'ENETUNREACH'],
    ];
    for (const [address, port, code] of refused) assert.equal(await inside(globex, connecting(address, port)), code, `${address}:${port}`);
    // The host can do what was refused: the refusals above are refusals.
    assert.equal(await answer(base + 299, own.host), 'host');
    assert.equal(await answer(8124, other.inside), 'any');
  });

  test('inside there is one user, no privilege, no descriptor, no host file and no other tenant', async () => {
    const status = await inside(acme, 'console.log(require("node:fs").readFileSync("/proc/self/status","utf8"))');
    const { user } = await look(acme);
    assert.match(status, new RegExp(`Uid:\t${user?.uid}\t${user?.uid}\t${user?.uid}\t${user?.uid}\n`));
    for (const line of ['Groups:\t ', 'CapBnd:\t0000000000000000', 'CapEff:\t0000000000000000', 'NoNewPrivs:\t1', 'Seccomp:\t2'])
      assert.ok(status.includes(`${line}\n`), line);
    const seen = await inside(
      acme,
      `const fs=require("node:fs");fs.openSync("/","r");const t=p=>{try{return fs.readdirSync(p).join()}catch(e){return e.code}};
console.log(JSON.stringify({root:t("/"),tenants:t("${layout.tenantsDir}"),home:t("/home"),shadow:t("/etc/shadow"),fds:fs.readdirSync("/proc/self/fd").filter(f=>+f>2).map(f=>{try{return fs.readlinkSync("/proc/self/fd/"+f)}catch(e){return e.code}}),
env:Object.keys(process.env).sort().join(),umask:process.umask(),cwd:process.cwd(),memory:process.constrainedMemory(),host:require("node:os").hostname()}))`,
    );
    const view = JSON.parse(seen);
    assert.equal(view.root, 'bin,dev,etc,lib,lib64,proc,run,sbin,sys,tmp,usr,var');
    assert.deepEqual(
      [view.tenants, view.home, view.shadow, view.umask, view.cwd, view.host],
      ['acme', 'ENOENT', 'ENOENT', 0o77, acme.paths.workspace, 'acme'],
    );
    // What Node itself has (pipes, event queues), the listing's own descriptor, gone by then, and the control that the program opened.
    const held = (view.fds as string[]).filter((fd) => !/^(?:pipe:|anon_inode:\[event)/.test(fd));
    assert.deepEqual(held.toSorted(), ['/', 'ENOENT']);
    assert.equal(view.env, Object.keys(acme.environment).toSorted().join());
    assert.equal(view.memory, acme.limits.memoryBytes);
    const processes = await inside(acme, 'console.log(require("node:fs").readdirSync("/proc").filter(n=>/^\\d+$/.test(n)).length)');
    assert.ok(Number(processes) < 12, `${processes} processes`);
  });

  test('user namespaces are there for a browser only, and rare socket families for nobody', async () => {
    const unshare = 'console.log(require("node:child_process").spawnSync("unshare",["-Ur","true"]).status)';
    assert.equal(await inside(acme, unshare), '1');
    assert.equal(await inside(globex, unshare), '0');
    const vsock = `console.log(require("node:child_process").spawnSync("perl",["-e","socket(my \\$s,40,1,0) or print \\$!+0"]).stdout.toString())`;
    assert.equal(await inside(globex, vsock), '97');
  });

  test('a program outside the namespaces is the same user, in its tree, without privileges', async () => {
    const program = { title: 'who', argv: ['sh', '-c', 'id -u; pwd; grep NoNewPrivs /proc/self/status'] as const };
    const result = await host.run(osUser.asTenant(acme, layout, await look(acme), program), signal);
    assert.equal(result.stdout, `${(await look(acme)).user?.uid}\n${acme.paths.root}\nNoNewPrivs:\t1\n`);
  });

  test('a table that somebody deleted or changed is noticed and restored, once', async () => {
    const { guard } = boundaryService(acme, layout, await look(acme));
    assert.ok(guard);
    const exit = async (argv: readonly [string, ...string[]]): Promise<number | null> => (await host.run({ title: 'guard', argv }, signal)).exit;
    assert.equal(await exit(guard.check), 0);
    const link = acme.user?.link ?? '';
    for (const harm of [
      ['nft', 'delete', 'table', 'inet', instance],
      ['nft', 'delete', 'element', 'inet', instance, 'tenants', `{ "${link}" }`],
    ] as const) {
      assert.equal(await exit(harm), 0);
      assert.notEqual(await exit(guard.check), 0);
      assert.equal(await exit(guard.restore), 0);
      assert.equal(await exit(guard.restore), 0);
      assert.equal(await exit(guard.check), 0);
      assert.deepEqual(osUser.converge(acme, layout, await look(acme)), []);
    }
  });

  test('a boundary that runs is not removed', async () => {
    const observed = await look(acme);
    assert.throws(() => osUser.remove(acme, layout, observed), { code: 'apply' });
  });

  test('SIGTERM reaches the gateway, and its exit status comes back', async () => {
    const { top } = running[0] ?? assert.fail();
    const ended = once(top, 'exit');
    top.kill('SIGTERM');
    assert.deepEqual(await ended, [7, null]);
    assert.equal(osUser.details(await look(acme)).pid, undefined);
  });

  test('when the top process is killed everything inside is gone', async () => {
    const { top, forwarder } = running[1] ?? assert.fail();
    assert.ok(forwarder);
    const { boundary, user } = await look(globex);
    assert.ok(boundary !== null);
    const ended = forwarder.exitCode === null ? once(forwarder, 'exit') : undefined;
    top.kill('SIGKILL');
    await ended;
    await gone(globex);
    const count = { title: 'count', argv: ['ps', '-o', 'pid=', '-u', String(user?.uid)], okExits: [0, 1] } as const;
    await until(async () => (await host.run(count, signal)).stdout === '' || undefined);
  });
});

async function answer(port: number, address = '127.0.0.1'): Promise<string> {
  const result = await host.run({ title: 'ask', argv: [testInstall().node, '-e', connecting(address, port)] }, signal);
  return result.stdout.trim();
}
