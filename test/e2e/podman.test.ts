/** The rung `container` with a real Podman: one tenant in a container and an OS user, attacked from both sides. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { containerFleet, type ContainerFleet } from '../support/container-fleet.ts';
import { imageIn, podmanIn } from '../support/container-image.ts';
import { requires } from '../support/requires.ts';
import { scanWorld, type ScanWorld } from '../support/scan-world.ts';

const skip = requires({
  root: true,
  linux: true,
  openclaw: true,
  programs: ['podman', 'runc', 'mmdebstrap', 'bwrap', 'nft', 'ip', 'nsenter', 'useradd'],
});
const TENANTS = [
  { id: 'acme', isolation: 'isolation: container\n    engine: podman' },
  { id: 'initech', isolation: 'isolation: os-user' },
];

describe('a container of Podman and an OS user on one machine', { skip, timeout: 2_400_000 }, () => {
  let world: ScanWorld;
  let fleet: ContainerFleet;

  before(async () => {
    world = scanWorld();
    await world.open();
    assert.equal((await world.run(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/run'])).exit, 0);
    await podmanIn(world);
    await imageIn(world, 'podman');
    fleet = containerFleet(world, TENANTS);
    const built = await fleet.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    await fleet.startModels();
  });
  after(async () => {
    await world.end();
  });

  test('a second apply has nothing to do', async () => {
    const again = await fleet.run('apply', '--json');
    assert.equal((JSON.parse(again.stdout) as { steps: number }).steps, 0, again.stdout);
  });

  test('verify passes over both ordered pairs, audited and attacked from inside', async () => {
    const { exit, report } = await fleet.verify();
    const open = report.findings.filter(({ verdict }) => verdict !== 'pass');
    assert.equal(exit, 0, JSON.stringify([open, report.notVerified], null, 1));
    assert.deepEqual(report.pairs, { attacked: 2, of: 2 });
    assert.ok(report.probes.length > 50 && report.probes.every(({ verdict }) => verdict === 'contained' || verdict === 'not-applicable'));
    const [acme] = report.facts.tenants;
    assert.equal(acme?.container.known && acme.container.value?.engine, 'podman');
  });

  test('remove leaves nothing of it in the engine', async () => {
    for (const { id } of TENANTS) assert.equal((await fleet.run('remove', id, '--confirm', id)).exit, 0);
    assert.equal(await fleet.host('podman', 'container', 'ls', '--all', '--quiet'), '');
    assert.equal(await fleet.host('podman', 'network', 'ls', '--filter', 'label=org.bulkhead.tenant=acme', '--quiet'), '');
    assert.doesNotMatch(await fleet.host('nft', 'list', 'tables'), /inet bh/);
  });
});
