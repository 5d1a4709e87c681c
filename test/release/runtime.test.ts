/** A container that a real Docker starts with gVisor beside one that it starts with runc: built, looked into, attacked both ways, swapped by hand, removed. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { containerFleet, type ContainerFleet } from '../support/container-fleet.ts';
import { imageIn } from '../support/container-image.ts';
import { DOCKER_PROGRAMS, startEngine, type Docker } from '../support/docker.ts';
import { requires } from '../support/requires.ts';
import { scanWorld, type ScanWorld } from '../support/scan-world.ts';
import { assertHeld } from '../support/verdicts.ts';

const skip = requires({
  root: true,
  linux: true,
  openclaw: true,
  programs: [...DOCKER_PROGRAMS, 'runsc', 'bwrap', 'nft', 'ip', 'nsenter', 'useradd'],
});
const TENANTS = [
  { id: 'acme', isolation: 'isolation: container\n    runtime: runsc' },
  { id: 'globex', isolation: 'isolation: container' },
];

describe('a container under gVisor and one under runc', { skip, timeout: 900_000 }, () => {
  let world: ScanWorld;
  let docker: Docker;
  let fleet: ContainerFleet;
  let image = '';
  let name = '';

  before(async () => {
    world = scanWorld();
    await world.open();
    docker = await startEngine(world);
    fleet = containerFleet(world, TENANTS);
    image = await imageIn(world, 'docker');
  });
  after(async () => {
    await world.end();
    await docker.clean();
  });

  test('while Docker does not know the runtime, or starts it with another network, the plan says what to write where', async () => {
    const unknown = await fleet.run('plan');
    assert.equal(unknown.exit, 5, unknown.stderr);
    const entry = '{"runtimes":{"runsc":{"path":"/usr/bin/runsc","runtimeArgs":["--network=host"]}}}';
    assert.ok(unknown.stderr.includes('acme on local: docker knows no runtime runsc'), unknown.stderr);
    assert.ok(unknown.stderr.includes(`in /etc/docker/daemon.json ${entry}`), unknown.stderr);
    await dockerIsTold('{"runtimes":{"runsc":{"path":"/usr/bin/runsc"}}}');
    assert.match((await fleet.run('plan')).stderr, /acme on local: docker starts the runtime runsc without --network=host/);
    await dockerIsTold(entry);
  });

  test('apply builds both, and a second one has nothing to do', async () => {
    const built = await fleet.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    await fleet.startModels();
    const again = await fleet.run('apply', '--json');
    assert.equal((JSON.parse(again.stdout) as { steps: number }).steps, 0, again.stdout);
    name = (await docker.run('container', 'ls', '--format', '{{.Names}}')).split('\n').find((one) => one.endsWith('-acme')) ?? '';
  });

  test('exec and status find the gateway in its gVisor, as hardened as in any container', async () => {
    assert.match((await fleet.run('exec', 'acme', '--', 'dmesg')).stdout, /Starting gVisor/);
    assert.doesNotMatch((await fleet.run('exec', 'globex', '--', 'cat', '/proc/version')).stdout, /^Linux version 4\.4\.0 #1 SMP Sun/);
    const { stdout: own } = await fleet.run('exec', 'acme', '--', 'cat', '/proc/self/status');
    for (const line of [/^Uid:\t1[2-6]\d{3}\t/m, /^CapBnd:\t0+$/m, /^Seccomp:\t2$/m]) assert.match(own, line);
    const { stdout, exit } = await fleet.run('status', '--json');
    assert.equal(exit, 0, stdout);
    const { tenants } = JSON.parse(stdout) as { tenants: { state: string; version: string }[] };
    assert.deepEqual(
      tenants.map(({ state, version }) => [state, version]),
      TENANTS.map(() => ['running', '2026.9.6']),
    );
  });

  test('every attack of both pairs is contained', async () => {
    const { report } = await fleet.verify('--no-audit');
    assertHeld(report, { audited: false });
    const [acme, globex] = report.facts.tenants.map(({ process, container }) => ({
      kernel: process.known ? process.value?.kernel : undefined,
      runtime: container.known ? container.value?.runtime : undefined,
    }));
    assert.deepEqual([acme?.runtime, acme?.kernel?.release, globex?.runtime, globex?.kernel], ['runsc', '4.4.0', 'runc', undefined]);
    assert.match(acme?.kernel?.log ?? '', /Starting gVisor/);
  });

  test('started with runc by hand, it is found by name', async () => {
    assert.equal((await fleet.run('stop', 'acme')).exit, 0);
    const { argv } = JSON.parse(readFileSync(join(fleet.stateDir, 'supervisor/services', `${name}.json`), 'utf8')) as { argv: string[] };
    const words = argv.slice(argv.indexOf('run') + 1).filter((word) => !word.startsWith('--runtime='));
    assert.ok(words.includes(image));
    await docker.run('run', '--detach', ...words);
    await sleep(1000);
    const { report } = await fleet.verify('--no-probes', '--no-audit');
    const found = report.findings.find(({ id, verdict }) => id === 'container.runtime-effective' && verdict === 'fail');
    assert.match(found?.message ?? '', /^acme is declared to run under runsc, and container \S+ was started with runc$/);
  });

  test('under gVisor again its gateway runs on what it wrote outside of it', async () => {
    // Its database has a write-ahead log now, which OpenClaw does not want under gVisor and cannot take away itself.
    const database = join(fleet.stateDir, 'tenants/acme/state/state/openclaw.sqlite');
    for (let tries = 0; readFileSync(database)[18] !== 2; tries += 1) {
      assert.ok(tries < 120, 'the gateway under runc does not write');
      await sleep(500);
    }
    await docker.run('kill', '--signal', 'KILL', name);
    await sleep(1000);
    assert.equal((await fleet.run('start', 'acme')).exit, 0);
    const log = (): string => readFileSync(join(fleet.stateDir, 'logs/acme.log'), 'utf8');
    for (let tries = 0; (await fleet.run('status', '--json')).exit !== 0; tries += 1) {
      assert.ok(tries < 60, log().slice(-3000));
      await sleep(1000);
    }
    assert.match(log(), /openclaw\.sqlite was written by a gateway outside of gVisor/);
    assert.equal(readFileSync(database)[18], 1);
  });

  test('remove leaves nothing, no sandbox either', async () => {
    for (const { id } of TENANTS) assert.equal((await fleet.run('remove', id, '--confirm', id)).exit, 0);
    assert.equal(await docker.run('container', 'ls', '--all', '--quiet'), '');
    const { stdout } = await world.run(['ps', '-eo', 'args', '--no-headers']);
    assert.doesNotMatch(stdout, /^runsc-/m);
  });

  /** As an operator tells a Docker that runs. dockerd(8), SIGHUP. */
  async function dockerIsTold(text: string): Promise<void> {
    mkdirSync(join(world.root, 'etc/docker'), { recursive: true });
    writeFileSync(join(world.root, 'etc/docker/daemon.json'), text);
    await fleet.host('kill', '-HUP', (await fleet.host('cat', '/run/docker.pid')).trim());
    const { runtimes } = JSON.parse(text) as { runtimes: { runsc: { runtimeArgs?: readonly string[] } } };
    const wanted = JSON.stringify(runtimes.runsc.runtimeArgs);
    for (let tries = 0; tries < 50; tries += 1) {
      const said = JSON.parse(await docker.run('info', '--format', '{{json .Runtimes}}')) as { runsc?: { runtimeArgs?: readonly string[] } };
      if (said.runsc !== undefined && JSON.stringify(said.runsc.runtimeArgs) === wanted) return;
      await sleep(100);
    }
    throw new Error(`dockerd did not take ${text}`);
  }
});
