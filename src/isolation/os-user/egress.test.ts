/** The way out, in a network made for the test: a "host" namespace whose uplink leads to an "outside" one with decoys. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAll } from '../../../test/conformance/isolation.ts';
import { requires, testInstall } from '../../../test/support/requires.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import type { Host } from '../../core/host.ts';
import { localHost } from '../../hosts/local.ts';
import type { OsUserObserved } from './observer.ts';
import { osUser } from './os-user.ts';
import { sampleBlueprint, sampleLayout } from './sample.ts';
import { boundaryService } from './service.ts';

const skip = requires({ root: true, linux: true, openclaw: true, programs: ['bwrap', 'nft', 'ip', 'nsenter', 'setpriv', 'perl', 'useradd'] });
const instance = `bh${randomBytes(2).toString('hex')}`;
const layout = sampleLayout(instance, `/var/lib/${instance}-test`, testInstall());
const base = sampleBlueprint('acme', 46_800, layout);
const acme: Blueprint = { ...base, egress: 'open', allow: [{ protocol: 'tcp', address: '10.66.0.10', port: 8088 }] };
const signal = AbortSignal.timeout(600_000);
const real = localHost();
const inHost = (argv: readonly string[]): readonly [string, ...string[]] => ['nsenter', `--net=/run/netns/${instance}-h`, '--', ...argv];
const host: Host = { ...real, run: (command, abort) => real.run({ ...command, argv: inHost(command.argv) }, abort) };
const look = (): Promise<OsUserObserved> => osUser.observe(acme, layout, host, signal);
const ip = (line: string): Command => ({ title: line, argv: ['ip', ...line.split(' ')] });

// The notes about uplinks are the host's own: two checkouts that test at once must not name one uplink.
const uplink = `${instance}-u`;
const DECOYS = ['198.51.100.10', '10.66.0.10', '169.254.169.254', '100.64.0.10', '192.0.2.77'];
const NETWORK = [
  `netns add ${instance}-h`,
  `netns add ${instance}-o`,
  `-n ${instance}-h link set lo up`,
  `-n ${instance}-o link set lo up`,
  `-n ${instance}-h link add ${uplink} type veth peer name out0 netns ${instance}-o`,
  `-n ${instance}-h addr add 192.0.2.2/24 dev ${uplink}`,
  `-n ${instance}-o addr add 192.0.2.1/24 dev out0`,
  ...DECOYS.map((address) => `-n ${instance}-o addr add ${address}/32 dev out0`),
  `-n ${instance}-h link set ${uplink} up`,
  `-n ${instance}-o link set out0 up`,
  `-n ${instance}-h route add default via 192.0.2.1`,
].map(ip);

const connect = (address: string, port: number): string =>
  `const s=require("node:net").connect({host:"${address}",port:${port},timeout:20000});s.on("timeout",()=>{console.log("timeout");process.exit()}).on("error",e=>console.log(e.code)).on("data",d=>{console.log(String(d));process.exit()})`;

test('outside answers, the rest is refused, and the uplink is given back', { skip }, async () => {
  mkdirSync(layout.stateDir, { mode: 0o711 });
  const children: ChildProcess[] = [];
  const end = async (): Promise<void> => {
    for (const child of children.splice(0).toReversed()) child.kill('SIGKILL');
    for (const deadline = Date.now() + 60_000; (await look()).boundary !== null && Date.now() < deadline;) await sleep(50);
  };
  try {
    await runAll(real, NETWORK, signal);
    // A new namespace takes after the host, on which somebody may have switched forwarding on.
    await runAll(host, [{ title: 'forward nothing', argv: ['tee', `/proc/sys/net/ipv4/conf/${uplink}/forwarding`], stdin: '0\n' }], signal);
    const serve =
      'const f=c=>c.end(c.remoteAddress);for(const p of [8088,8089])require("node:net").createServer(f).listen(p,"0.0.0.0",()=>console.log(p))';
    const outside = spawn('nsenter', [`--net=/run/netns/${instance}-o`, '--', acme.install.node, '-e', serve], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(outside);
    await once(outside.stdout, 'data');
    await runAll(host, osUser.converge(acme, layout, await look()), signal);
    assert.deepEqual(osUser.converge(acme, layout, await look()), []);
    const { argv, environment } = boundaryService(acme, layout, await look(), ['sleep', '600']);
    const [program, ...args] = inHost(argv);
    children.push(spawn(program, args, { env: environment, stdio: 'inherit' }));
    for (const deadline = Date.now() + 60_000; (await look()).boundary === null && Date.now() < deadline;) await sleep(50);
    const inside = async (address: string, port: number): Promise<string> => {
      const command = osUser.enter(acme, layout, await look(), { title: 'connect', argv: [acme.install.node, '-e', connect(address, port)] });
      return (await host.run(command, signal)).stdout.trim();
    };
    assert.equal(await inside('198.51.100.10', 8089), '192.0.2.2', 'the outside sees the host, not the tenant');
    assert.equal(await inside('10.66.0.10', 8088), '192.0.2.2', 'declared');
    assert.equal(await inside('10.66.0.10', 8089), 'EHOSTUNREACH', 'another port of a declared address');
    for (const address of ['169.254.169.254', '100.64.0.10', '192.0.2.77']) {
      assert.equal(await inside(address, 8088), 'EHOSTUNREACH', address);
      const control = await host.run({ title: 'control', argv: [acme.install.node, '-e', connect(address, 8088)] }, signal);
      assert.equal(control.stdout.trim(), '192.0.2.2', `the host itself reaches ${address}`);
    }
    assert.equal((await look()).uplinks[0]?.forwarding, '1');
    await end();
    // Another instance, whose note comes between what this one saw and what it then does.
    const leaving = osUser.remove(acme, layout, await look()).filter(({ title }) => title.startsWith('give back'));
    const [own, other] = ['', 'f'].map((end) => `/run/bulkhead/.uplinks/${instance}${end}`) as [string, string]; // of as many
    writeFileSync(other, `${uplink}\n`);
    assert.equal(leaving.length, 1);
    await runAll(host, leaving, signal);
    assert.deepEqual((await look()).uplinks, [{ name: uplink, forwarding: '1' }]);
    renameSync(other, own);
    assert.deepEqual(osUser.converge(acme, layout, await look()), []);
  } finally {
    await end();
    await runAll(host, osUser.remove(acme, layout, await look()), signal);
    const { uplinks } = await look();
    await runAll(real, [`netns delete ${instance}-h`, `netns delete ${instance}-o`].map(ip), signal);
    rmSync(layout.stateDir, { recursive: true, force: true });
    rmSync(layout.runDir, { recursive: true, force: true });
    assert.deepEqual(uplinks, [{ name: uplink, forwarding: '0' }]);
  }
});
