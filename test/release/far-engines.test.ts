/** Three containers on a machine over SSH whose init is systemd, by Podman and Docker of the tenant’s own and by Podman as root: brought there, attacked, broken, and back after a reboot. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { trial, type Trial } from '../support/bulkhead.ts';
import { builtImage, keepIn } from '../support/container-image.ts';
import { bulkheadOver, CHECKOUT, farManifest, fleetIn, runtime } from '../support/machine-fleet.ts';
import { NETWORK_PROGRAMS, startMachineNetwork, type MachineNetwork, type NetworkedMachine } from '../support/machine-network.ts';
import { requires, testInstall } from '../support/requires.ts';
import { assertHeld } from '../support/verdicts.ts';

const skip = requires({ root: true, linux: true, programs: NETWORK_PROGRAMS, devices: ['loop-control'], openclaw: true });
/** Whether it is the tenant’s own. */
const ENGINES = { acme: ['podman', true], globex: ['podman', false], initech: ['docker', true] } as const;
const TENANTS = Object.keys(ENGINES);
const KINDS = Object.fromEntries(
  Object.entries(ENGINES).map(([id, [engine, isOwn]]) => [
    id,
    ['isolation: container', `engine: ${engine}`, `rootless: ${isOwn}`, 'limits: { disk: 3GiB }'],
  ]),
);
const PROCESSES = { podman: ['podman', 'conmon', 'tini', 'openclaw'], docker: ['dockerd', 'containerd', 'tini', 'openclaw'] };
const FORKS =
  '$|=1; my @p; while(@p<900){ my $p=fork; last if !defined $p; if(!$p){ sleep 20; exit } push @p,$p } print scalar(@p),"\\n"; kill "KILL",@p';

describe('containers of three engines on a machine over SSH', { skip, timeout: 1_800_000 }, () => {
  let network: MachineNetwork;
  let machine: NetworkedMachine;
  let fleet: Trial;
  const { said, diagnosis, steps, verify, failing, running, startModels, bulkhead } = fleetIn(
    () => machine,
    bulkheadOver(
      () => network,
      () => fleet,
    ),
    TENANTS,
  );
  /** The directories of tenants on the machine, each with what is mounted there. */
  const mounted = async (): Promise<readonly string[]> =>
    (await said('findmnt', '--noheadings', '--raw', '--types=ext4', '--output=TARGET,SOURCE'))
      .split('\n')
      .filter((line) => /\/tenants\/\w+ \/dev\/loop\d+$/.test(line))
      .map((line) => line.replace(/^.*\/tenants\/(\w+) .*$/, '$1'))
      .toSorted();

  before(async () => {
    const image = await builtImage();
    network = await startMachineNetwork();
    machine = await network.boot('edge-1', {
      binds: { [testInstall().root]: runtime, [new URL('../..', import.meta.url).pathname]: CHECKOUT },
      kind: 'engines',
      disks: ['/var/lib/containers'],
      loops: true,
    });
    fleet = trial();
    for (const name of TENANTS) fleet.write(`keys/${name}.key`, `planted-model-key-of-${name}`);
    fleet.write('bulkhead.yaml', farManifest('engines', fleet.folder, KINDS));
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

  test('all got the image from here, the rootful engine in its store and the others as a directory of root’s, and a second apply has nothing to do', async () => {
    const { id } = await builtImage();
    assert.equal(await said('podman', 'image', 'ls', '--no-trunc', '--quiet'), id);
    assert.match(await said('find', '/var/lib', '-maxdepth', '3', '-path', '*/container-roots/*', '-user', 'root'), new RegExp(`/${id.slice(7)}$`));
    assert.deepEqual(await mounted(), TENANTS);
    assert.equal(await steps(), 0);
  });

  test('verify passes over all six ordered pairs, every attack contained with both controls held', async () => {
    const report = await verify('--no-audit');
    assertHeld(report, { audited: false });
    assert.deepEqual(report.pairs, { attacked: 6, of: 6 });
    const engines = report.facts.tenants.map(({ tenant, container }) => [
      tenant,
      container.known && container.value?.engine,
      container.known && container.value?.ownEngine,
    ]);
    assert.deepEqual(engines, [
      ['acme', 'podman', true],
      ['globex', 'podman', undefined],
      ['initech', 'docker', true],
    ]);
  });

  for (const [tenant, [engine, isOwn]] of Object.entries(ENGINES))
    if (isOwn)
      test(`the container of ${tenant} and its ${engine} are in the unit, whose limits hold, and a stop leaves none of its processes`, async () => {
        const unit = (await said('systemctl', 'list-units', '--plain', '--no-legend', `bh*-${tenant}.service`)).split(' ')[0] ?? '';
        const group = await said('systemd-cgls', '--no-pager', '--full', '--unit', unit);
        for (const part of PROCESSES[engine]) assert.ok(group.includes(part), `${part}: ${group}`);
        assert.equal(await said('systemctl', 'show', '--property=MemoryMax', '--value', unit), String(2 * 2 ** 30));
        const { stdout } = await bulkhead('exec', tenant, '--', 'perl', '-e', FORKS);
        assert.ok(Number(stdout) > 100 && Number(stdout) < 512, stdout);
        assert.equal((await bulkhead('stop', tenant)).exit, 0);
        // Ids of the engine’s own range too.
        const ids = (await said('grep', '-h', `^${unit.replace('.service', '')}:`, '/etc/subuid')).split(':').slice(1).map(Number);
        const [first = 0, count = 0] = ids;
        const uids = (await said('ps', '-e', '-o', 'uid=')).split('\n').map(Number);
        assert.ok(count > 0 && uids.length > 5);
        assert.equal(await said('ps', '-u', unit.replace('.service', ''), '-o', 'args', '--no-headers'), '');
        assert.deepEqual(
          uids.filter((uid) => uid >= first && uid < first + count),
          [],
        );
        assert.equal((await bulkhead('start', tenant)).exit, 0);
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
    assert.deepEqual(await failing('--no-probes'), ['path.bind-mount: globex, acme']);
    assert.notEqual(await steps(), 0);
    assert.deepEqual(await failing('--no-probes'), []);
  });

  test('after a reboot all come back, behind the rules of the machine', async () => {
    await machine.reboot();
    await running();
    assert.deepEqual(await mounted(), TENANTS);
    assert.deepEqual(await failing('--no-probes'), []);
    assert.equal(await steps(), 0);
  });

  test('remove leaves nothing of them', async () => {
    for (const name of TENANTS) assert.equal((await bulkhead('remove', name, '--confirm', name)).exit, 0);
    assert.equal(await said('podman', 'container', 'ls', '--all', '--quiet'), '');
    assert.equal(await said('grep', '-rhE', '^bh', '/etc/passwd', '/etc/group', '/etc/subuid'), '');
    assert.deepEqual(await mounted(), []);
    assert.equal(await said('ip', 'netns', 'list'), '');
  });
});
