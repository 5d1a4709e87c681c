/** A container of Docker and one of rootful Podman on a machine over SSH whose init is systemd: brought there, attacked, broken, and back after a reboot. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { demoManifest } from '../../src/demo/fleet.ts';
import { localHost } from '../../src/hosts/local.ts';
import { trial, type Trial } from '../support/bulkhead.ts';
import { builtImage, keepIn } from '../support/container-image.ts';
import { CHECKOUT, fleetIn, MODEL_PORT, runtime, TENANTS } from '../support/machine-fleet.ts';
import { NETWORK_PROGRAMS, startMachineNetwork, type MachineNetwork, type NetworkedMachine } from '../support/machine-network.ts';
import { requires, testInstall } from '../support/requires.ts';

const skip = requires({ root: true, linux: true, programs: NETWORK_PROGRAMS, openclaw: true });
const ENGINES = { acme: 'docker', globex: 'podman' } as const;
const never = new AbortController().signal;

describe('a container of Docker and one of Podman on a machine over SSH', { skip, timeout: 1_800_000 }, () => {
  let network: MachineNetwork;
  let machine: NetworkedMachine;
  let fleet: Trial;
  const { said, diagnosis, steps, verify, running, startModels, bulkhead } = fleetIn(
    () => machine,
    (command, ...rest) =>
      localHost({ environment: { BULKHEAD_SSH_CONFIG: network.config } }).run(
        { title: command, argv: fleet.argv(command, ...rest), timeoutMs: 400_000, passEnvironment: ['HOME', 'PATH', 'NODE_EXTRA_CA_CERTS'] },
        never,
      ),
  );
  const failing = async (): Promise<readonly string[]> => {
    const { findings } = await verify('--no-audit', '--no-probes');
    return findings
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ id, tenants }) => `${id}: ${tenants.join(', ')}`)
      .toSorted();
  };

  before(async () => {
    const image = await builtImage();
    network = await startMachineNetwork();
    machine = await network.boot('edge-1', {
      binds: { [testInstall().root]: runtime, [new URL('../..', import.meta.url).pathname]: CHECKOUT },
      kind: 'engines',
      disks: ['/var/lib/docker', '/var/lib/containers'],
    });
    fleet = trial();
    for (const name of TENANTS) fleet.write(`keys/${name}.key`, `planted-model-key-of-${name}`);
    const manifest = demoManifest({ rung: 'os-user', modelPort: MODEL_PORT, keys: `${fleet.folder}/keys`, until: '2099-01-01' });
    const placed = manifest.replace(
      '  local: { admins: [{ name: you, how: root }] }',
      '  edge-1: { ssh: edge-1, admins: [{ name: you, how: root }] }',
    );
    const parts = placed.split('isolation: os-user');
    assert.equal(parts.length, 3, placed);
    const own = TENANTS.map((name) => `host: edge-1\n    isolation: container\n    engine: ${ENGINES[name]}`);
    fleet.write('bulkhead.yaml', parts.flatMap((part, at) => [part, own[at] ?? '']).join(''));
    keepIn(fleet.stateDir, image);
    assert.notEqual(await steps(), 0);
    await startModels();
  });
  after(async () => {
    await fleet?.end([]);
    await network?.end();
  });
  afterEach(async (context) => {
    if (!('passed' in context) || context.passed === false) process.stderr.write(await diagnosis());
  });

  test('each engine got the image from here, and a second apply has nothing to do', async () => {
    const { id } = await builtImage();
    assert.equal(await said('docker', 'image', 'ls', '--no-trunc', '--quiet'), id);
    assert.equal(await said('podman', 'image', 'ls', '--no-trunc', '--quiet'), id);
    assert.equal(await steps(), 0);
  });

  test('verify passes over both ordered pairs, every attack contained with both controls held', async () => {
    const report = await verify();
    const open = report.findings.filter(({ verdict }) => verdict !== 'pass');
    assert.equal(report.exitCode, 0, JSON.stringify([open, report.notVerified], null, 1));
    assert.deepEqual(report.pairs, { attacked: 2, of: 2 });
    for (const { id, verdict, positiveControl, negativeControl } of report.probes.filter((probe) => probe.verdict !== 'not-applicable')) {
      assert.equal(verdict, 'contained', id);
      assert.ok(positiveControl.held && negativeControl.held, `controls of ${id}`);
    }
    const engines = report.facts.tenants.map(({ tenant, container }) => [tenant, container.known && container.value?.engine]);
    assert.deepEqual(engines, Object.entries(ENGINES));
  });

  test('a container of Podman that has another’s data and a published port is found, and the next apply makes it as declared', async () => {
    const client = await said('pgrep', '--full', '^podman run ');
    const words = (await machine.run(['cat', `/proc/${client}/cmdline`])).stdout.split('\0').slice(0, -1);
    const other = await said('find', '/var/lib', '-maxdepth', '3', '-path', '*/tenants/acme');
    assert.equal((await bulkhead('stop', 'globex')).exit, 0);
    const at = words.indexOf('run') + 1;
    const more = ['--detach', '--volume', `${other}:/mnt`];
    const { exit, stderr } = await machine.run(['podman', ...words.slice(1, at), ...more, ...words.slice(at)]);
    assert.equal(exit, 0, stderr);
    assert.deepEqual(await failing(), ['path.bind-mount: globex, acme']);
    assert.notEqual(await steps(), 0);
    assert.deepEqual(await failing(), []);
  });

  test('after a reboot both come back, behind the rules of the machine', async () => {
    await machine.reboot();
    await running();
    assert.deepEqual(await failing(), []);
    assert.equal(await steps(), 0);
  });

  test('remove leaves nothing of them in the engines', async () => {
    for (const name of TENANTS) assert.equal((await bulkhead('remove', name, '--confirm', name)).exit, 0);
    for (const engine of Object.values(ENGINES)) assert.equal(await said(engine, 'container', 'ls', '--all', '--quiet'), '');
    assert.equal(await said('grep', '-rhE', '^bh', '/etc/passwd', '/etc/group'), '');
    assert.equal(await said('ip', 'netns', 'list'), '');
  });
});
