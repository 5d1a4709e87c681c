/** `bulkhead scan` of cells that `openclaw fleet` has made in a real Docker, before and after one of them is given the data of the other. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CommandResult } from '../../src/core/command.ts';
import { DOCKER_PROGRAMS, IMAGE, startDocker, type Docker } from '../support/docker.ts';
import { requires, testInstall } from '../support/requires.ts';
import { failed, rungs, scan, SCAN_PROGRAMS, type ScanDocument } from '../support/scan-document.ts';
import { scanWorld, type ScanWorld } from '../support/scan-world.ts';

const skip = requires({ root: true, linux: true, programs: [...SCAN_PROGRAMS, ...DOCKER_PROGRAMS], openclaw: true });
const CELLS = '/srv/state/fleet/cells';

describe('a scan of fleet cells in a real Docker', { skip, timeout: 1_800_000 }, () => {
  let world: ScanWorld;
  let docker: Docker;
  const fleet = (...words: readonly string[]): Promise<CommandResult> => {
    const { root, node, openclaw } = testInstall();
    const environment = ['HOME=/root', 'OPENCLAW_STATE_DIR=/srv/state', `PATH=${root}/bin:/usr/sbin:/usr/bin:/sbin:/bin`];
    return world.run(['/usr/bin/env', '-i', ...environment, node, openclaw, 'fleet', ...words]);
  };
  const listed = (): Promise<string> => docker.run('ps', '-a', '--no-trunc', '--format', '{{.ID}} {{.Names}} {{.State}}');
  const healthy = async (cell: string): Promise<void> => {
    const port = (await docker.run('port', cell, '18789')).split('\n')[0] ?? '';
    const asked = ['curl', '-s', '--retry', '200', '--retry-delay', '1', '--retry-all-errors', '-m', '3', `http://${port}/healthz`] as const;
    assert.match((await world.run([...asked])).stdout, /"ok":true/);
  };
  const fails = ({ findings }: ScanDocument, id: string): boolean => findings.some((one) => one.id === id && one.verdict === 'fail');

  before(async () => {
    world = scanWorld();
    await world.open();
    await world.run(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/srv']);
    docker = await startDocker(world);
    for (const name of ['acme', 'globex']) {
      const { exit, stderr } = await fleet('create', name, '--no-start', '--image', IMAGE, '--json');
      assert.equal(exit, 0, stderr);
    }
    // fleet waits for a minute, which a busy machine needs.
    await docker.run('start', 'openclaw-cell-acme');
    await healthy('openclaw-cell-acme');
    // What a cell's user cannot reach on the host is what it has in its container.
    assert.match((await world.run(['stat', '-c', '%a %u', '/srv/state'])).stdout, /^700 0$/m);
  });
  after(async () => {
    await world.end();
    await docker.clean();
  });

  test('cells as fleet makes them are two gateways, one of them stopped, both of one user of the host', async () => {
    const seen = await scan(world);
    assert.deepEqual(Object.keys(rungs(seen)).toSorted(), ['acme', 'globex']);
    for (const id of ['container.privileged', 'path.bind-mount', 'state.dir-shared', 'gateway.token-shared']) assert.ok(!fails(seen, id), id);
    assert.ok(
      seen.findings.some(({ id, verdict }) => id === 'path.bind-mount' && verdict === 'pass'),
      'their paths were seen',
    );
    failed(seen, 'os.shared-uid', 'acme', 'globex');
  });

  test('a privileged cell with the data of another: doctor passes it, scan does not, and leaves all as it is', async () => {
    const cell = 'openclaw-cell-acme';
    const [found] = JSON.parse(await docker.run('inspect', cell)) as [{ Config: { Labels: Record<string, string>; Env: string[] } }];
    const { Labels, Env } = found.Config;
    const port = (await docker.run('port', cell, '18789')).split('\n')[0] ?? '';
    // A gateway that is killed keeps its lease on the state directory for a while.
    await docker.run('stop', '--time', '30', cell);
    await docker.run('rm', cell);
    await docker.run(
      'run',
      '-d',
      '--privileged',
      '--name',
      cell,
      '--init',
      '--restart',
      'unless-stopped',
      '--cap-drop=ALL',
      '--security-opt',
      'no-new-privileges',
      '--pids-limit',
      '512',
      '--memory',
      '2g',
      '--cpus',
      '2',
      ...Object.entries(Labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
      ...Env.flatMap((variable) => ['--env', variable]),
      '--network',
      `${cell}-net`,
      '-p',
      `${port}:18789`,
      '--volume',
      `${CELLS}/acme:/home/node/.openclaw`,
      '--volume',
      `${CELLS}/globex:/mnt/globex`,
      '--volume',
      '/srv/state/fleet/auth-profile-secrets/acme:/home/node/.config/openclaw',
      IMAGE,
      'node',
      'dist/index.js',
      'gateway',
      '--bind',
      'lan',
      '--port',
      '18789',
    );
    await healthy(cell);
    const doctor = await fleet('doctor', '--json');
    assert.equal(doctor.exit, 0, doctor.stdout);

    const containers = await listed();
    const seen = await scan(world);
    failed(seen, 'container.privileged', 'acme');
    failed(seen, 'path.bind-mount', 'acme', 'globex');
    assert.deepEqual([rungs(seen)['acme'], seen.exitCode], ['profile', 1]);
    assert.equal(await listed(), containers);
  });

  test('attacked from inside each other, the cell that doctor passed obtains the canary of the other: exit 4, and what was planted is gone', async () => {
    await docker.run('start', 'openclaw-cell-globex');
    await healthy('openclaw-cell-globex');
    const [containers, registry] = [await listed(), (await fleet('list', '--json')).stdout];
    const seen = (await scan(world, '--attack', '--no-audit')) as AttackedDocument;
    const verdictOf = (id: string, attacker: string): string | undefined =>
      seen.probes.find((one) => one.id === id && one.attacker === attacker)?.verdict;
    assert.equal(seen.exitCode, 4);
    assert.equal(verdictOf('files.read-state', 'acme'), 'breached');
    for (const id of ['privilege.root', 'runtime.socket', 'process.signal', 'host.state']) assert.equal(verdictOf(id, 'globex'), 'contained', id);
    assert.notEqual(verdictOf('files.read-state', 'globex'), 'breached', 'nothing of acme is mounted into globex');
    assert.deepEqual(
      seen.scan.sources.find(({ what }) => what === 'attacks'),
      { what: 'attacks', state: 'looked', detail: 'from inside acme, globex' },
    );
    assert.equal(await listed(), containers);
    assert.equal((await fleet('list', '--json')).stdout, registry, 'the registry of fleet is as it was');
    const left = await world.run(['find', CELLS, '-name', '.bulkhead-*']);
    assert.equal(left.stdout, '');
  });
});

interface AttackedDocument extends ScanDocument {
  readonly probes: readonly { readonly id: string; readonly attacker: string; readonly verdict: string; readonly detail: string }[];
}
