/** The image of the rung `container`, built from Debian’s packages and the real install: the same for Docker and Podman, and it runs. */
import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildImageIn, podmanIn } from '../support/container-image.ts';
import { DOCKER_PROGRAMS, startEngine, type Docker } from '../support/docker.ts';
import { requires, testInstall } from '../support/requires.ts';
import { scanWorld, type ScanWorld } from '../support/scan-world.ts';

const skip = requires({ root: true, linux: true, openclaw: true, programs: [...DOCKER_PROGRAMS, 'podman', 'nsenter'] });

describe('bulkhead image build', { skip, timeout: 1_200_000 }, () => {
  let world: ScanWorld;
  let docker: Docker;
  let id = '';

  before(async () => {
    world = scanWorld();
    await world.open();
    docker = await startEngine(world);
    await podmanIn(world);
  });
  after(async () => {
    await world.end();
    await docker.clean();
  });

  test('builds an image from packages, pins it by its digest, keeps it for other hosts and leaves nothing else', async () => {
    const built = await buildImageIn(world, 'docker');
    id = built.id;
    assert.match(id, /^sha256:[0-9a-f]{64}$/);
    assert.equal(readFileSync(join(world.root, 'state/container-image'), 'utf8'), `${id}\n`);
    assert.equal(existsSync(join(world.root, 'state/image-build')), false);
    assert.deepEqual(readdirSync(join(world.root, 'state/container-images')), [`${id.slice('sha256:'.length)}.tar`]);
  });

  test('a second build gives the same digest, in the other engine', async () => {
    const again = await buildImageIn(world, 'podman');
    assert.equal(again.id, id);
    assert.equal(again.before, undefined);
  });

  test('the image runs the OpenClaw of the install, read-only, as somebody without rights', async () => {
    const { node, openclaw, version } = testInstall();
    const run = ['run', '--rm', '--network=none', '--read-only', '--cap-drop=ALL', '--user=4242:4242', id];
    assert.match(await docker.run(...run, node, openclaw, '--version'), new RegExp(version.replaceAll('.', '\\.')));
    assert.match(await docker.run(...run, 'perl', '-e', 'print `setpriv --dump`'), /uid: 4242/);
    const podman = await world.run(['podman', ...run, node, '-p', 'process.getuid()']);
    assert.equal(podman.stdout, '4242\n', podman.stderr);
  });

  test('for rootless engines it is unpacked as root’s, without set-user-ID files, and what nobody runs goes', async () => {
    const roots = join(world.root, 'state/container-roots');
    mkdirSync(join(roots, 'b'.repeat(64)), { recursive: true });
    const again = await buildImageIn(world, 'none', '--rootless');
    assert.equal(again.id, id);
    const hex = id.slice('sha256:'.length);
    assert.deepEqual(readdirSync(roots), [hex]);
    const root = join(roots, hex);
    const { stdout } = await world.run([
      'find',
      root,
      '-xdev',
      '(',
      '-type',
      'f',
      '-perm',
      '/6000',
      '-o',
      '-not',
      '-type',
      'l',
      '-not',
      '-user',
      '0',
      ')',
    ]);
    assert.equal(stdout, '');
    for (const path of ['etc/passwd', 'etc/resolv.conf', 'etc/mtab', join('.', world.root, 'state/tenants'), join('.', world.root, 'state/secrets')])
      assert.ok(lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined, path);
  });
});
