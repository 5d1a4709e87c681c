/** The standby of the real supervisor: whatever dies, one supervisor and one standby are there again, and none when they were told to go. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { requires } from '../../../test/support/requires.ts';
import {
  apply,
  control,
  converge,
  eventually,
  killBoth,
  layoutFor,
  observe,
  processesOf,
  runs,
  shell,
  statusOf,
  supervised,
  supervisorLog,
  until,
} from '../../../test/support/supervised.ts';
import { embeddedSupervisor } from './supervisor.ts';

const skip = requires({ linux: true, programs: ['flock'] });

test('the standby follows a supervisor that is killed: it adopts what runs and restarts what dies, without any command', { skip }, async (t) => {
  const layout = layoutFor(t);
  const service = shell(layout, 'exec sleep 1000');
  await converge(layout, [service]);
  await apply(embeddedSupervisor.start(layout, service.name));
  const { top } = await statusOf(layout);
  const first = await supervised(layout);
  process.kill(first.supervisor, 'SIGKILL');
  const second = await supervised(layout, first.supervisor);
  assert.equal(second.supervisor, first.standby);
  assert.equal((await statusOf(layout)).top, top);
  assert.ok(top !== undefined);
  process.kill(top, 'SIGKILL');
  await until(layout, (status) => status.state === 'running' && status.top !== top && status.restarts === 1);
});

test('killed one after the other, both come back, and there is never a second of either', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'exec sleep 1000')]);
  for (let round = 0; round < 3; round += 1) {
    const { standby } = await supervised(layout);
    process.kill(standby, 'SIGKILL');
    const { supervisor } = await supervised(layout, standby);
    process.kill(supervisor, 'SIGKILL');
    await supervised(layout, supervisor, standby);
  }
});

test('up takes the lock of a dead supervisor before a frozen standby can: the old standby is ended', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'exec sleep 1000')]);
  const first = await supervised(layout);
  process.kill(first.standby, 'SIGSTOP');
  process.kill(first.supervisor, 'SIGKILL');
  const second = await control(layout, 'up');
  assert.equal(second.exit, 0, second.stderr);
  await supervised(layout, first.supervisor, first.standby);
  assert.equal(runs(first.standby), false);
});

test('up twice, and twice at once, gives one supervisor and one standby', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'exec sleep 1000')]);
  const first = await supervised(layout);
  for (const { exit, stderr } of [await control(layout, 'up'), ...(await Promise.all([control(layout, 'up'), control(layout, 'up')]))])
    assert.equal(exit, 0, stderr);
  assert.deepEqual(await supervised(layout), first);
});

test('detach ends both and leaves the service, shutdown ends all: at once, and right after a supervisor was killed', { skip }, async (t) => {
  const layout = layoutFor(t);
  const service = shell(layout, 'exec sleep 1000');
  await converge(layout, [service]);
  await apply(embeddedSupervisor.start(layout, service.name));
  const { top = 0 } = await statusOf(layout);
  for (const killed of [false, true]) {
    for (const operation of ['detach', 'shutdown']) {
      assert.equal((await control(layout, 'up')).exit, 0);
      const { supervisor } = await supervised(layout);
      if (killed) process.kill(supervisor, 'SIGKILL');
      const ended = await control(layout, operation);
      assert.equal(ended.exit, 0, ended.stderr);
      assert.deepEqual(processesOf(layout), { supervisors: [], standbys: [] });
      const status = await statusOf(layout);
      assert.equal(status.state, operation === 'detach' ? 'running' : 'stopped');
      if (!killed && operation === 'detach') assert.equal(status.top, top);
    }
  }
});

test('supervisors that die at their start are followed after growing waits, and one that can start again goes on', { skip }, async (t) => {
  const layout = layoutFor(t);
  const service = shell(layout, 'exec sleep 1000');
  await converge(layout, [service]);
  await apply(embeddedSupervisor.start(layout, service.name));
  const { top } = await statusOf(layout);
  const { supervisor } = await supervised(layout);
  const records = join(layout.runDir, 'services');
  cpSync(records, `${records}.kept`, { recursive: true });
  rmSync(records, { recursive: true });
  writeFileSync(records, 'a file where a folder is needed: no supervisor gets past its start');
  process.kill(supervisor, 'SIGKILL');
  const starts = (): number[] =>
    supervisorLog(layout)
      .split('\n')
      .filter((line) => /supervisor \d+ started/.test(line))
      .map((line) => Date.parse(line.slice(0, 24)));
  await eventually(() => starts().length >= 6 || undefined);
  const [, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = starts();
  const waits = [third - second, fourth - third, fifth - fourth, sixth - fifth];
  assert.ok(
    waits.every((wait, index) => wait >= 0.75 * Math.min(400, 100 * 2 ** index)),
    `waits ${waits.join()} ms`,
  );
  assert.equal((await observe(layout)).alive, false);
  rmSync(records);
  cpSync(`${records}.kept`, records, { recursive: true });
  await supervised(layout);
  assert.equal((await statusOf(layout)).top, top);
});

test('a supervisor that cannot start is an error of up, and nothing goes on trying', { skip }, async (t) => {
  const layout = layoutFor(t);
  await converge(layout, [shell(layout, 'exec sleep 1000')]);
  await killBoth(layout);
  const socket = join(layout.runDir, 'supervisor.sock');
  rmSync(socket, { force: true });
  mkdirSync(join(socket, 'in-the-way'), { recursive: true });
  const refused = await control(layout, 'up');
  rmSync(socket, { recursive: true });
  assert.equal(refused.exit, 1);
  assert.deepEqual(processesOf(layout), { supervisors: [], standbys: [] });
});

test('up with a changed program replaces both, and what runs goes on', { skip }, async (t) => {
  const layout = layoutFor(t);
  const service = shell(layout, 'exec sleep 1000');
  await converge(layout, [service]);
  await apply(embeddedSupervisor.start(layout, service.name));
  const { top } = await statusOf(layout);
  const first = await supervised(layout);
  const copy = join(dirname(layout.stateDir), 'src/supervise/embedded');
  cpSync(import.meta.dirname, copy, { recursive: true });
  const daemon = readFileSync(join(copy, 'daemon.ts'), 'utf8');
  writeFileSync(join(copy, 'daemon.ts'), daemon.replace('await main();', "say('the next version');\nawait main();"));
  const next = await control(layout, 'up', join(copy, 'ctl.ts'));
  assert.equal(next.exit, 0, next.stderr);
  assert.match(supervisorLog(layout), /the next version/);
  assert.equal((await observe(layout)).alive, false, 'for this version it is another program');
  const { supervisors } = processesOf(layout);
  await converge(layout, [service]);
  await supervised(layout, first.supervisor, first.standby, ...supervisors);
  const status = await statusOf(layout);
  assert.deepEqual([status.state, status.top, status.restarts], ['running', top, 0]);
});
