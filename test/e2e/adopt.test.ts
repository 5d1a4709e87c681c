/** `bulkhead adopt` of a cell that `openclaw fleet` made in a real Docker: copied, interrupted and repeated, run as a tenant, attacked, given back. */
import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult } from '../../src/core/command.ts';
import { containerFleet, type ContainerFleet } from '../support/container-fleet.ts';
import { imageIn } from '../support/container-image.ts';
import { DOCKER_PROGRAMS, IMAGE, startDocker, type Docker } from '../support/docker.ts';
import { requires, testInstall } from '../support/requires.ts';
import { SCAN_PROGRAMS } from '../support/scan-document.ts';
import { scanWorld, type ScanWorld } from '../support/scan-world.ts';
import { assertHeld } from '../support/verdicts.ts';

const skip = requires({
  root: true,
  linux: true,
  openclaw: true,
  programs: [...SCAN_PROGRAMS, ...DOCKER_PROGRAMS, 'bwrap', 'nft', 'useradd', 'tar'],
});
const LAUNCHER = new URL('../../bulkhead', import.meta.url).pathname;
const DATA = '/srv/state/fleet/cells/acme';
const CELL = 'openclaw-cell-acme';
const FOREIGN = 'text of a file that is not the cell’s';

describe('a cell of openclaw fleet becomes a tenant', { skip, timeout: 1_800_000 }, () => {
  let world: ScanWorld;
  let docker: Docker;
  let fleet: ContainerFleet;
  let tree = '';

  const openclawFleet = (...words: readonly string[]): Promise<CommandResult> => {
    const { root, node, openclaw } = testInstall();
    const environment = ['HOME=/root', 'OPENCLAW_STATE_DIR=/srv/state', `PATH=${root}/bin:/usr/sbin:/usr/bin:/sbin:/bin`];
    return world.run(['/usr/bin/env', '-i', ...environment, node, openclaw, 'fleet', ...words]);
  };
  const inCell = (...words: readonly string[]): Promise<string> => docker.run('exec', CELL, ...words);
  const state = (): Promise<string> => docker.run('inspect', '--format', '{{.State.Status}} {{.State.StartedAt}}', CELL);
  const healthy = async (): Promise<void> => {
    const port = (await docker.run('port', CELL, '18789')).split('\n')[0] ?? '';
    const asked = ['curl', '-s', '--retry', '200', '--retry-delay', '1', '--retry-all-errors', '-m', '3', `http://${port}/healthz`] as const;
    assert.match((await world.run([...asked])).stdout, /"ok":true/);
  };
  const call = (method: string, params: object): readonly string[] => [
    'node',
    testInstall().openclaw,
    'gateway',
    'call',
    method,
    '--json',
    '--params',
    JSON.stringify(params),
  ];

  before(async () => {
    world = scanWorld();
    await world.open();
    await world.run(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/srv']);
    docker = await startDocker(world);
    await imageIn(world, 'docker');
    fleet = containerFleet(world, [
      { id: 'acme', isolation: 'isolation: container' },
      { id: 'globex', isolation: 'isolation: os-user' },
    ]);
    tree = join(fleet.stateDir, 'tenants/acme');
    const { exit, stderr } = await openclawFleet('create', 'acme', '--no-start', '--image', IMAGE, '--json');
    assert.equal(exit, 0, stderr);
    await docker.run('start', CELL);
    await healthy();
    await fleet.host('sh', '-c', `echo '${FOREIGN}' > /srv/foreign; chmod 0644 /srv/foreign`);
    await inCell(...call('sessions.create', { label: 'planted' }));
    const { openclaw } = testInstall();
    await inCell('node', openclaw, 'cron', 'add', '--name', 'planted-job', '--every', '30d', '--session', 'isolated', '--message', 'hello', '--json');
    await inCell(
      'sh',
      '-c',
      'cd ~/.openclaw/workspace && echo remembered > NOTES.md && ln -s NOTES.md inner && ln -s /srv/foreign outer && mkfifo pipe',
    );
  });
  after(async () => {
    await world.end();
    await docker.clean();
  });

  test('the plan says what is copied and what is not, step by step, and changes nothing', async () => {
    const before = await state();
    const { exit, stdout, stderr } = await fleet.run('adopt', 'acme');
    assert.equal(exit, 0, stderr + stdout);
    assert.match(stdout, /running now/);
    assert.match(stdout, /stop the cell acme\n\s+\$ docker stop --time 60 [0-9a-f]{64}/);
    assert.match(stdout, /workspace\/outer \(a link that leads out, to \/srv\/foreign\)/);
    assert.match(stdout, /Do it with: bulkhead adopt acme --yes/);
    assert.equal(await state(), before);
    assert.ok(!existsSync(tree));
  });

  test('a scan writes it down as what it is to be adopted as', async () => {
    const written = join(world.root, 'found.yaml');
    await world.scan('--write', written);
    assert.match(readFileSync(written, 'utf8'), /^  acme: [^]*\n    isolation: container +# a cell of openclaw fleet: bulkhead adopt acme copies/m);
  });

  test('a file with a further name outside of the cell is refused before anything is stopped', async () => {
    const before = await state();
    await fleet.host('ln', `${DATA}/workspace/NOTES.md`, '/srv/state/elsewhere');
    const { exit, stderr } = await fleet.run('adopt', 'acme', '--yes');
    assert.equal(exit, 5, stderr);
    assert.match(stderr, /workspace\/NOTES\.md: it has a further name outside of the cell’s data; nothing was copied/);
    assert.equal(await state(), before);
    await fleet.host('rm', '/srv/state/elsewhere');
  });

  test('interrupted in the copy: the cell is stopped, and what is there of the tenant is not started', async () => {
    await fleet.host('truncate', '-s', '3G', `${DATA}/workspace/large`);
    await fleet.host('chown', '1000:1000', `${DATA}/workspace/large`);
    const pid = join(world.root, 'adopt.pid');
    const words = [LAUNCHER, 'adopt', '-f', join(world.root, 'bulkhead.yaml'), '--state-dir', fleet.stateDir, 'acme', '--yes'];
    const said = world.start(['setsid', 'sh', '-c', `echo $$ > ${pid}; exec "$@"`, 'sh', ...words]);
    for (let tries = 0; !existsSync(join(tree, 'state/workspace/large')); tries += 1) {
      assert.ok(tries < 1200, said());
      await sleep(50);
    }
    await fleet.host('kill', '-KILL', '--', `-${readFileSync(pid, 'utf8').trim()}`);
    await fleet.host('rm', `${DATA}/workspace/large`);
    assert.match(await state(), /^exited /);
    const { exit, stderr } = await fleet.run('apply', 'acme');
    assert.equal(exit, 5, stderr);
    assert.match(
      stderr,
      /acme: the data of the cell acme is not copied to the end; nothing was started\n\s+fix: go on with: bulkhead adopt acme --yes/,
    );
  });

  test('repeated it copies all of it as the tenant, follows no link, and leaves the cell as it was', async () => {
    const data = await fleet.host('find', DATA, '-printf', '%P %s %m %u %T@\\n');
    const { exit, stdout, stderr } = await fleet.run('adopt', 'acme', '--yes');
    assert.equal(exit, 0, stderr + stdout);
    assert.match(stdout, /Back to the cell.*bulkhead remove acme --confirm acme; then: OPENCLAW_STATE_DIR=\/srv\/state openclaw fleet start acme/);
    assert.equal(await fleet.host('find', DATA, '-printf', '%P %s %m %u %T@\\n'), data);
    const { uid } = lstatSync(tree);
    assert.ok(uid >= 12_000);
    assert.equal(readFileSync(join(tree, 'workspace/NOTES.md'), 'utf8'), 'remembered\n');
    assert.ok(lstatSync(join(tree, 'workspace/inner')).isSymbolicLink());
    for (const left of ['workspace/outer', 'workspace/pipe', 'workspace/large', 'state/workspace', 'state/openclaw.json', 'state/cache'])
      assert.ok(lstatSync(join(tree, left), { throwIfNoEntry: false }) === undefined, left);
    assert.equal(await fleet.host('find', tree, '!', '-uid', String(uid), '-print'), '');
    const found = await world.run(['grep', '-rlF', FOREIGN, tree]);
    assert.equal(found.exit, 1, found.stdout);
    const again = JSON.parse((await fleet.run('adopt', 'acme', '--yes', '--json')).stdout) as { done: boolean; commands: readonly unknown[] };
    assert.deepEqual([again.done, again.commands], [true, []]);
  });

  test('apply starts the tenant with the sessions and files of the cell', async () => {
    const { exit, stdout, stderr } = await fleet.run('apply', '--json');
    assert.equal(exit, 0, stderr + stdout);
    const { tenants } = JSON.parse((await fleet.run('status', '--json')).stdout) as { tenants: { state: string }[] };
    assert.deepEqual(
      tenants.map((one) => one.state),
      ['running', 'running'],
    );
    assert.equal((await fleet.run('exec', 'acme', '--', 'cat', 'NOTES.md')).stdout, 'remembered\n');
    const sessions = await fleet.run('exec', 'acme', '--', 'openclaw', 'sessions', '--json');
    assert.match(sessions.stdout, /"agent:main:dashboard:/, sessions.stderr);
    const jobs = await fleet.run('exec', 'acme', '--', 'openclaw', 'cron', 'list', '--all', '--json');
    assert.match(jobs.stdout, /planted-job/, jobs.stderr);
  });

  test('fleet goes on listing the cell, as stopped, and finds nothing wrong', async () => {
    const { cells } = JSON.parse((await openclawFleet('list', '--json')).stdout) as {
      cells: readonly { tenant: string; state: string; port: number }[];
    };
    assert.deepEqual(
      cells.map(({ tenant, state: how, port }) => [tenant, how, port]),
      [['acme', 'exited', 19_100]],
    );
    const doctor = await openclawFleet('doctor', '--json');
    assert.equal(doctor.exit, 0, doctor.stdout);
  });

  test('a session of the cell goes on, in the workspace that came along', async () => {
    await fleet.startModels();
    const { sessions } = JSON.parse((await fleet.run('exec', 'acme', '--', 'openclaw', 'sessions', '--json')).stdout) as {
      sessions: { key: string }[];
    };
    const key = sessions.find((one) => one.key.startsWith('agent:main:dashboard:'))?.key ?? assert.fail(JSON.stringify(sessions));
    const message = 'TOOL read {"path":"NOTES.md"} ENDTOOL';
    const turn = await fleet.run('exec', 'acme', '--', 'openclaw', 'agent', '--session-key', key, '--message', message, '--json');
    assert.match(turn.stdout, /GOT remembered/, turn.stderr);
  });

  test('adopted and built tenant, attacked from inside each other, hold', async () => {
    const { report } = await fleet.verify('--no-audit');
    assertHeld(report, { audited: false });
    assert.deepEqual(report.pairs, { attacked: 2, of: 2 });
  });

  test('a cell that is started beside its tenant is found, and the tenant is not started beside it', async () => {
    const started = await openclawFleet('start', 'acme');
    assert.equal(started.exit, 0, started.stderr);
    const { exit: verified, report } = await fleet.verify('--no-probes', '--no-audit');
    assert.deepEqual(
      [verified, report.findings.filter(({ verdict }) => verdict === 'fail').map(({ id, tenants }) => [id, tenants])],
      [1, [['adoption.cell-runs', ['acme']]]],
    );
    assert.equal((await fleet.run('stop', 'acme')).exit, 0);
    for (const words of [['apply'], ['start', 'acme'], ['restart', 'acme']]) {
      const { exit, stderr } = await fleet.run(...words);
      assert.equal(exit, 5, words.join(' '));
      assert.match(stderr, /two gateways would answer for one bot; nothing was started/);
    }
  });

  test('given back, the cell has its session, and nothing of the tenant is left', async () => {
    const { exit, stderr } = await fleet.run('remove', 'acme', '--confirm', 'acme');
    assert.equal(exit, 0, stderr);
    assert.ok(!existsSync(tree));
    await healthy();
    assert.match(await inCell(...call('sessions.list', {})), /planted/);
  });
});
