/** A container under gVisor and a tenant with sandboxes on a machine over SSH whose init is systemd: brought there, attacked, broken, back after a reboot. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { instanceOf, trial, type Trial } from '../support/bulkhead.ts';
import { builtImage, keepIn } from '../support/container-image.ts';
import { bulkheadOver, CHECKOUT, farManifest, fleetIn, runtime, TENANTS } from '../support/machine-fleet.ts';
import { NETWORK_PROGRAMS, startMachineNetwork, type MachineNetwork, type NetworkedMachine } from '../support/machine-network.ts';
import { requires, testInstall } from '../support/requires.ts';
import { assertHeld } from '../support/verdicts.ts';

const skip = requires({ root: true, linux: true, programs: NETWORK_PROGRAMS, openclaw: true });
const KINDS = { acme: ['isolation: container', 'runtime: runsc'], globex: ['isolation: os-user', 'sandbox: all'] };

describe('gVisor and sandboxes on a machine over SSH', { skip, timeout: 1_800_000 }, () => {
  let network: MachineNetwork;
  let machine: NetworkedMachine;
  let fleet: Trial;
  /** On the machine. */
  let stateDir = '';
  const { said, diagnosis, steps, states, verify, failing, running, startModels, bulkhead } = fleetIn(
    () => machine,
    bulkheadOver(
      () => network,
      () => fleet,
    ),
  );

  before(async () => {
    const [container, sandbox] = [await builtImage(), await builtImage('sandbox')];
    fleet = trial();
    mkdirSync(fleet.stateDir, { recursive: true, mode: 0o711 });
    stateDir = `/var/lib/${instanceOf(fleet.stateDir).replace('bh', 'bulkhead-')}`;
    network = await startMachineNetwork();
    machine = await network.boot('edge-1', {
      binds: { [testInstall().root]: runtime, [new URL('../..', import.meta.url).pathname]: CHECKOUT },
      kind: 'sandboxes',
      // On an overlay the engine of the sandboxes would copy their image for each of them.
      disks: ['/var/lib/docker', `${stateDir}/engines`],
    });
    for (const name of TENANTS) fleet.write(`keys/${name}.key`, `planted-model-key-of-${name}`);
    fleet.write('bulkhead.yaml', farManifest('sandboxes', fleet.folder, KINDS));
    keepIn(fleet.stateDir, container);
    keepIn(fleet.stateDir, sandbox, 'sandbox');
  });
  after(async () => {
    await fleet?.end([]);
    await network?.end();
  });
  afterEach(async (context) => {
    if (!('passed' in context) || context.passed === false) process.stderr.write(await diagnosis());
  });

  test('apply says what the Docker there must be told, then brings both images and has nothing more to do', async () => {
    const refused = await bulkhead('apply', '--json');
    assert.equal(refused.exit, 5, refused.stdout);
    const entry = '{"runtimes":{"runsc":{"path":"/usr/bin/runsc","runtimeArgs":["--network=host"]}}}';
    assert.match(refused.stdout, /acme on edge-1: docker knows no runtime runsc/);
    await machine.write('/etc/docker/daemon.json', entry);
    assert.equal((await machine.run(['systemctl', 'reload', 'docker'])).exit, 0);
    assert.notEqual(await steps(), 0);
    await running();
    await startModels();
    const { id } = await builtImage('sandbox');
    const archive = await said('find', '/var/lib', '-maxdepth', '3', '-path', '*/sandbox-images/*', '-user', 'root', '-perm', '0644');
    assert.equal(archive, `${stateDir}/sandbox-images/${id.slice(7)}.tar`);
    assert.equal(await steps(), 0);
  });

  test('verify passes over both ordered pairs, every attack contained with both controls held', async () => {
    const report = await verify('--no-audit');
    assertHeld(report, { audited: false });
    const [acme, globex] = report.facts.tenants;
    assert.equal(acme?.container.known === true && acme.container.value?.runtime, 'runsc');
    assert.match((acme?.process.known === true && acme.process.value?.kernel?.log) || '', /Starting gVisor/);
    assert.deepEqual(globex?.surroundings.known === true && globex.surroundings.value?.ownEngines, ['/run/engine/docker.sock']);
    const ran = report.probes.find(({ id, attacker }) => id === 'agent.sandbox' && attacker === 'globex');
    assert.equal(ran?.verdict, 'contained');
  });

  test('the engine of the sandboxes is in the tenant’s unit', async () => {
    const group = await said('systemd-cgls', '--no-pager', '--full', '--unit', `${basename(stateDir).replace('bulkhead-', 'bh')}-globex.service`);
    for (const part of ['dockerd', 'containerd', 'openclaw']) assert.ok(group.includes(part), `${part}: ${group}`);
  });

  test('a container that Docker started without gVisor and commands that go past the sandbox are found, and the next apply makes both as declared', async () => {
    const client = await said('pgrep', '--full', '^docker run .*-acme ');
    const words = (await machine.run(['cat', `/proc/${client}/cmdline`])).stdout.split('\0').slice(0, -1);
    for (const name of TENANTS) assert.equal((await bulkhead('stop', name)).exit, 0);
    const plain = words.filter((word) => !word.startsWith('--runtime='));
    assert.equal(plain.length, words.length - 1);
    const { exit, stderr } = await machine.run(['systemd-run', '--quiet', '--unit=by-hand', '--', ...(plain as [string, ...string[]])]);
    assert.equal(exit, 0, stderr);
    await said('sed', '-i', 's/"host": "sandbox"/"host": "gateway"/', `${stateDir}/tenants/globex/config/openclaw.json`);
    assert.equal((await bulkhead('start', 'globex')).exit, 0);
    const isUp = async (): Promise<boolean> =>
      (await states()).includes('globex running') && (await said('docker', 'container', 'ls', '--quiet')) !== '';
    for (let tries = 0; !(await isUp()); tries += 1) {
      assert.ok(tries < 60, await said('journalctl', '--unit=by-hand', '--no-pager'));
      await sleep(1000);
    }
    assert.deepEqual(await failing('--no-probes'), ['container.runtime-effective: acme', 'policy.drift: globex', 'policy.exec-past-sandbox: globex']);
    await said('systemctl', 'stop', 'by-hand');
    assert.notEqual(await steps(), 0);
    await running();
    assert.deepEqual(await failing('--no-probes'), []);
  });

  test('after a reboot both come back, behind the rules of the machine', async () => {
    await machine.reboot();
    await running();
    assert.deepEqual(await failing('--no-probes'), []);
    assert.equal(await steps(), 0);
  });

  test('remove leaves nothing of them', async () => {
    for (const name of TENANTS) assert.equal((await bulkhead('remove', name, '--confirm', name)).exit, 0);
    assert.equal(await said('docker', 'container', 'ls', '--all', '--quiet'), '');
    assert.equal(await said('grep', '-rhE', '^bh', '/etc/passwd', '/etc/group', '/etc/subuid'), '');
    assert.equal(await said('ls', `${stateDir}/engines`), '');
    assert.equal(await said('ip', 'netns', 'list'), '');
  });
});
