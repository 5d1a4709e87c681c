/** The machines that tests boot leave nothing behind, also when the test run is killed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bootMachine, MACHINE_PROGRAMS } from '../support/machine.ts';
import { requires } from '../support/requires.ts';

const skip = requires({ root: true, linux: true, programs: MACHINE_PROGRAMS });

const PROGRAM = `const { bootMachine } = await import(${JSON.stringify(new URL('../support/machine.ts', import.meta.url).href)});
const machine = await bootMachine({});
process.stdout.write((await machine.run(['cat', '/etc/hostname'])).exit === 0 ? 'up' : 'down');
setInterval(() => undefined, 1000);`;

const folders = (): readonly string[] => readdirSync('/var/tmp').filter((name) => name.startsWith('bulkhead-machine-'));
const processesOf = (folder: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(`/${folder}`);
    } catch {
      return false; // ended while we looked
    }
  });
const cgroupsOf = (folder: string): readonly string[] =>
  readdirSync('/sys/fs/cgroup').filter((tree) => existsSync(`/sys/fs/cgroup/${tree}/${folder}`));

test('what a killed test run leaves of its machine is ended and removed by the next one', { skip, timeout: 1_800_000 }, async () => {
  const before = folders();
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.equal(String((await once(child.stdout, 'data'))[0]), 'up');
  const killed = folders().find((name) => !before.includes(name)) ?? assert.fail('no folder');
  assert.ok(processesOf(killed).length > 3);
  child.kill('SIGKILL');
  await once(child, 'close');

  const machine = await bootMachine({});
  const own = folders().find((name) => !before.includes(name) && name !== killed) ?? assert.fail('no folder');
  try {
    // Killed at once; gone when whoever inherits them has taken note.
    for (const deadline = Date.now() + 20_000; processesOf(killed).length > 0 && Date.now() < deadline;)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(processesOf(killed), []);
    assert.ok(!folders().includes(killed));
    assert.deepEqual(cgroupsOf(killed), []);
    assert.equal((await machine.run(['cat', '/proc/1/comm'])).stdout, 'systemd\n');
    assert.doesNotMatch(readFileSync('/proc/self/mountinfo', 'utf8'), new RegExp(own), 'its mounts are its own');
  } finally {
    await machine.end();
  }
  assert.deepEqual([folders().includes(own), processesOf(own), cgroupsOf(own)], [false, [], []]);
});
