/** Containers of rootless Podman where systemd is the init: limits by the unit, nothing left by a stop, and back after a reboot. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { demoManifest } from '../../src/demo/fleet.ts';
import { unpackImage } from '../support/container-image.ts';
import { bootMachine, MACHINE_PROGRAMS, type Machine } from '../support/machine.ts';
import { CHECKOUT, fleetIn, MODEL_PORT, runtime, STATE, TENANTS } from '../support/machine-fleet.ts';
import { requires, testInstall } from '../support/requires.ts';

const skip = requires({ root: true, linux: true, programs: [...MACHINE_PROGRAMS, 'tar'], openclaw: true });
const LIMITS = { memory: 2 * 2 ** 30, cpu: 1.5, pids: 300 };

describe('two containers of rootless Podman on a machine whose init is systemd', { skip, timeout: 2_400_000 }, () => {
  let machine: Machine;
  const folder = mkdtempSync('/var/tmp/bulkhead-image-');

  const { bulkhead, said, diagnosis, steps, verify, running, startModels } = fleetIn(() => machine);
  before(async () => {
    const root = join(folder, 'root');
    const id = await unpackImage(STATE, () => root);
    machine = await bootMachine(
      {
        [new URL('../..', import.meta.url).pathname]: CHECKOUT,
        [testInstall().root]: runtime,
        [root]: `${STATE}/container-roots/${id.replace('sha256:', '')}`,
      },
      { kind: 'engines' },
    );
    const own = `engine: podman\n    rootless: true\n    limits: { memory: 2GiB, cpu: ${LIMITS.cpu}, pids: ${LIMITS.pids} }`;
    const manifest = demoManifest({ rung: 'os-user', modelPort: MODEL_PORT, keys: '/srv', until: '2099-01-01' });
    await machine.write('/srv/bulkhead.yaml', manifest.replaceAll('isolation: os-user', `isolation: container\n    ${own}`));
    await machine.write(`${STATE}/container-image`, `${id}\n`);
    for (const tenant of TENANTS) await machine.write(`/srv/${tenant}.key`, `planted-model-key-of-${tenant}`);
    await machine.run(['chmod', '0600', ...TENANTS.map((tenant) => `/srv/${tenant}.key`)]);
    assert.notEqual(await steps(), 0);
    await startModels();
  });
  after(async () => {
    await machine.end();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async (context) => {
    if (!('passed' in context) || context.passed === false) process.stderr.write(await diagnosis());
  });

  test('each container and its engine are in the unit, whose limits hold, and a second apply has nothing to do', async () => {
    assert.equal(await steps(), 0);
    for (const tenant of TENANTS) {
      const group = await said('systemd-cgls', '--no-pager', '--full', '--unit', `bh-${tenant}.service`);
      for (const part of [/podman/, /conmon/, /tini/, /openclaw/]) assert.match(group, part);
      const memory = await said('systemctl', 'show', '--property=MemoryMax', '--value', `bh-${tenant}.service`);
      assert.equal(memory, String(LIMITS.memory));
    }
    const count =
      '$|=1; my @p; while(@p<600){ my $p=fork; last if !defined $p; if(!$p){ sleep 20; exit } push @p,$p } print scalar(@p),"\\n"; kill "KILL",@p';
    // systemd-run(1) would take each $ for a variable of its own.
    const { stdout } = await bulkhead('exec', 'acme', '--', 'perl', '-e', count.split('$').join('$$'));
    assert.ok(Number(stdout) > 100 && Number(stdout) < LIMITS.pids, stdout);
  });

  test('verify passes, every attack contained with both controls held', async () => {
    const report = await verify();
    assert.equal(report.exitCode, 0, JSON.stringify(report.findings.filter(({ verdict }) => verdict !== 'pass')));
    for (const { id, verdict, positiveControl, negativeControl } of report.probes.filter((probe) => probe.verdict !== 'not-applicable')) {
      assert.equal(verdict, 'contained', id);
      assert.ok(positiveControl.held && negativeControl.held, `controls of ${id}`);
    }
  });

  test('a stop leaves no process of the tenant', async () => {
    assert.equal((await bulkhead('stop', 'acme')).exit, 0);
    assert.equal(await said('ps', '-u', 'bh-acme', '-o', 'args', '--no-headers'), '');
    assert.equal((await bulkhead('start', 'acme')).exit, 0);
    await running();
  });

  test('after a reboot both come back, each in its own namespaces', async () => {
    await machine.reboot();
    await running();
    const links = await Promise.all(TENANTS.map((tenant) => bulkhead('exec', tenant, '--', 'readlink', '/proc/self/ns/user', '/proc/self/ns/net')));
    assert.equal(new Set(links.flatMap(({ stdout }) => stdout.trim().split('\n'))).size, 4);
  });

  test('remove leaves no user, no id and no namespace', async () => {
    for (const tenant of TENANTS) assert.equal((await bulkhead('remove', tenant, '--confirm', tenant)).exit, 0);
    assert.equal(await said('grep', '-rhE', '^bh-', '/etc/passwd', '/etc/group', '/etc/subuid', '/etc/subgid'), '');
    assert.equal(await said('ip', 'netns', 'list'), '');
  });
});
