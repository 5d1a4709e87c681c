/** Two containers of Podman on a machine over SSH whose init is systemd, one of a rootless engine: brought there, attacked, broken, and back after a reboot. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoManifest } from '../../src/demo/fleet.ts';
import { localHost } from '../../src/hosts/local.ts';
import { trial, type Trial } from '../support/bulkhead.ts';
import { builtImage, keepIn } from '../support/container-image.ts';
import { CHECKOUT, fleetIn, MODEL_PORT, runtime, TENANTS } from '../support/machine-fleet.ts';
import { NETWORK_PROGRAMS, startMachineNetwork, type MachineNetwork, type NetworkedMachine } from '../support/machine-network.ts';
import { requires, testInstall } from '../support/requires.ts';
import { assertHeld } from '../support/verdicts.ts';

const skip = requires({ root: true, linux: true, programs: NETWORK_PROGRAMS, openclaw: true });
const never = new AbortController().signal;

describe('containers of a rootless and of a rootful Podman on a machine over SSH', { skip, timeout: 1_800_000 }, () => {
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
    const failed = findings.filter(({ verdict }) => verdict === 'fail').map(({ id, tenants }) => `${id}: ${tenants.join(', ')}`);
    return [...new Set(failed)].toSorted();
  };

  before(async () => {
    const image = await builtImage();
    network = await startMachineNetwork();
    machine = await network.boot('edge-1', {
      binds: { [testInstall().root]: runtime, [new URL('../..', import.meta.url).pathname]: CHECKOUT },
      kind: 'engines',
      disks: ['/var/lib/containers'],
    });
    fleet = trial();
    for (const name of TENANTS) fleet.write(`keys/${name}.key`, `planted-model-key-of-${name}`);
    const manifest = demoManifest({ rung: 'os-user', modelPort: MODEL_PORT, keys: `${fleet.folder}/keys`, until: '2099-01-01' });
    const placed = manifest.replace(
      '  local: { admins: [{ name: you, how: root }] }',
      '  edge-1: { ssh: edge-1, admins: [{ name: you, how: root }] }',
    );
    const [head, acme, globex] = placed.split('isolation: os-user');
    const own = ['rootless: true', 'rootless: false'].map((how) => `host: edge-1\n    isolation: container\n    engine: podman\n    ${how}`);
    fleet.write('bulkhead.yaml', [head, own[0], acme, own[1], globex].join(''));
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

  test('both got the image from here, one in its store and one as a directory of root’s, and a second apply has nothing to do', async () => {
    const { id } = await builtImage();
    assert.equal(await said('podman', 'image', 'ls', '--no-trunc', '--quiet'), id);
    assert.match(await said('find', '/var/lib', '-maxdepth', '3', '-path', '*/container-roots/*', '-user', 'root'), new RegExp(`/${id.slice(7)}$`));
    assert.equal(await steps(), 0);
  });

  test('verify passes over both ordered pairs, every attack contained with both controls held', async () => {
    const report = await verify('--no-audit');
    assertHeld(report, { audited: false });
    assert.deepEqual(report.pairs, { attacked: 2, of: 2 });
    const engines = report.facts.tenants.map(({ tenant, container }) => [tenant, container.known && container.value?.engine]);
    assert.deepEqual(engines, [
      ['acme', 'podman'],
      ['globex', 'podman'],
    ]);
    const own = report.facts.tenants.map(({ container }) => container.known && container.value?.ownEngine);
    assert.deepEqual(own, [true, undefined]);
  });

  test('the rootless container and its engine are in the unit, whose limits hold, and a stop leaves none of its processes', async () => {
    const unit = (await said('systemctl', 'list-units', '--plain', '--no-legend', 'bh*-acme.service')).split(' ')[0] ?? '';
    const group = await said('systemd-cgls', '--no-pager', '--full', '--unit', unit);
    for (const part of [/podman/, /conmon/, /tini/, /openclaw/]) assert.match(group, part);
    assert.equal(await said('systemctl', 'show', '--property=MemoryMax', '--value', unit), String(2 * 2 ** 30));
    const count =
      '$|=1; my @p; while(@p<900){ my $p=fork; last if !defined $p; if(!$p){ sleep 20; exit } push @p,$p } print scalar(@p),"\\n"; kill "KILL",@p';
    const { stdout } = await bulkhead('exec', 'acme', '--', 'perl', '-e', count);
    assert.ok(Number(stdout) > 100 && Number(stdout) < 512, stdout);
    assert.equal((await bulkhead('stop', 'acme')).exit, 0);
    assert.equal(await said('ps', '-u', unit.replace('.service', ''), '-o', 'args', '--no-headers'), '');
    assert.equal((await bulkhead('start', 'acme')).exit, 0);
    await running();
  });

  test('a container of Podman that has another’s data is found, and the next apply makes it as declared', async () => {
    const client = await said('pgrep', '--full', '^podman run ');
    const words = (await machine.run(['cat', `/proc/${client}/cmdline`])).stdout.split('\0').slice(0, -1);
    const other = await said('find', '/var/lib', '-maxdepth', '3', '-path', '*/tenants/acme');
    assert.equal((await bulkhead('stop', 'globex')).exit, 0);
    const at = words.indexOf('run') + 1;
    // In a unit of its own: what a login starts ends with it, the container's monitor too.
    const byHand = ['podman', ...words.slice(1, at), '--volume', `${other}:/mnt`, ...words.slice(at)];
    const { exit, stderr } = await machine.run(['systemd-run', '--quiet', '--unit=by-hand', '--', ...byHand]);
    assert.equal(exit, 0, stderr);
    for (let tries = 0; (await said('podman', 'container', 'ls', '--quiet')) === ''; tries += 1) {
      assert.ok(tries < 100, await said('journalctl', '--unit=by-hand', '--no-pager'));
      await sleep(200);
    }
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

  test('remove leaves nothing of them', async () => {
    for (const name of TENANTS) assert.equal((await bulkhead('remove', name, '--confirm', name)).exit, 0);
    assert.equal(await said('podman', 'container', 'ls', '--all', '--quiet'), '');
    assert.equal(await said('grep', '-rhE', '^bh', '/etc/passwd', '/etc/group', '/etc/subuid'), '');
    assert.equal(await said('ip', 'netns', 'list'), '');
  });
});
