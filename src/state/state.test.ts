import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { BulkheadError, type ErrorCode } from '../core/error.ts';
import type { Receipt } from '../core/plan.ts';
import type { VerifyReport } from '../core/report.ts';
import { openState } from './state.ts';

const MODULE = new URL('./state.ts', import.meta.url).href;

function temporaryFile(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-state-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'bulkhead.db');
}

const failsWith = (code: ErrorCode, text: RegExp) => (error: unknown) =>
  error instanceof BulkheadError && error.code === code && text.test(error.message);

const receipt = (more: Partial<Receipt> = {}): Receipt => ({
  runId: 'run-1',
  step: 'acme/boundary/1',
  tenant: 'acme',
  title: 'create OS user bh-acme',
  argv: ['useradd', 'bh-acme'],
  outcome: 'done',
  exit: 0,
  startedAt: '2026-11-24T01:00:00.000Z',
  durationMs: 12,
  ...more,
});

/** A report reduced to what storing needs; state never looks into it. */
function report(fleet: string): VerifyReport {
  return { fleet, verdict: 'pass', exitCode: 0, facts: { secrets: [{ path: '/s', digest: 'HMAC' }] } } as unknown as VerifyReport;
}

test('The state file and its companions are private, and reopening keeps what was stored', (t) => {
  const path = temporaryFile(t);
  const first = openState(path);
  first.savePortLeases(new Map([['acme', { first: 19000, last: 19119 }]]));
  for (const suffix of ['', '-wal', '-shm']) assert.equal(statSync(path + suffix).mode & 0o777, 0o600);
  first.close();
  chmodSync(path, 0o644);
  const second = openState(path);
  t.after(() => second.close());
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual([...second.portLeases()], [['acme', { first: 19000, last: 19119 }]]);
});

test('Port blocks are remembered, changed and forgotten by tenant', (t) => {
  const state = openState(temporaryFile(t));
  t.after(() => state.close());
  const [low, high] = [
    { first: 19000, last: 19119 },
    { first: 19120, last: 19239 },
  ];
  state.savePortLeases(
    new Map([
      ['acme', low],
      ['globex', high],
    ]),
  );
  state.savePortLeases(new Map([['acme', high]]));
  assert.deepEqual(
    [...state.portLeases()],
    [
      ['acme', high],
      ['globex', high],
    ],
  );
  state.forgetPortLease('acme');
  assert.deepEqual([...state.portLeases().keys()], ['globex']);
});

test('Receipts come back in order, by run and by tenant, and runs are as good as their worst step', (t) => {
  const state = openState(temporaryFile(t));
  t.after(() => state.close());
  const { tenant: _, ...ofHost } = receipt({ step: 'host/1' });
  for (const kept of [ofHost, receipt(), receipt({ runId: 'run-2', tenant: 'globex', outcome: 'failed', exit: null })]) state.keepReceipt(kept);
  assert.deepEqual(state.receipts({ runId: 'run-1' }), [ofHost, receipt()]);
  assert.deepEqual(
    state.receipts({ tenant: 'globex' }).map(({ exit }) => exit),
    [null],
  );
  assert.deepEqual(
    state.runs().map(({ runId, steps, outcome }) => [runId, steps, outcome]),
    [
      ['run-2', 1, 'failed'],
      ['run-1', 2, 'done'],
    ],
  );
});

test('Verifications form a chain that shows a change and a missing row', (t) => {
  const path = temporaryFile(t);
  const state = openState(path);
  t.after(() => state.close());
  assert.equal(state.latestVerification(), undefined);
  for (const fleet of ['one', 'two', 'three']) state.keepVerification(report(fleet));
  const latest = state.latestVerification();
  assert.equal(latest?.report.fleet, 'three');
  assert.deepEqual(state.checkChain(), { intact: true, count: 3, head: latest?.sha256 });
  assert.equal(readFileSync(`${path}-wal`).includes('HMAC'), false);
  const other = new DatabaseSync(path);
  t.after(() => other.close());
  other.exec(`UPDATE verification SET report = replace(report, 'two', 'TWO') WHERE sequence = 2`);
  assert.deepEqual(state.checkChain(), { intact: false, sequence: 2, reason: 'it was changed after it was stored' });
  other.exec('DELETE FROM verification WHERE sequence = 2');
  assert.deepEqual(state.checkChain(), { intact: false, sequence: 3, reason: 'the row before it is missing or changed' });
});

test('The latest verification of a fleet tells whether it is what was stored', (t) => {
  const path = temporaryFile(t);
  const state = openState(path);
  t.after(() => state.close());
  assert.equal(state.latestVerificationOf('one'), undefined);
  for (const fleet of ['one', 'one', 'two']) state.keepVerification(report(fleet));
  const sound = (fleet: string): readonly unknown[] => {
    const latest = state.latestVerificationOf(fleet);
    return [latest?.sequence, latest?.sound];
  };
  assert.deepEqual(sound('one'), [2, true]);
  assert.deepEqual(sound('two'), [3, true]);
  const other = new DatabaseSync(path);
  t.after(() => other.close());
  other.exec(`UPDATE verification SET report = replace(report, '"exitCode":0', '"exitCode":9') WHERE sequence = 2`);
  assert.deepEqual(sound('one'), [2, false], 'it was changed');
  other.exec('DELETE FROM verification WHERE sequence = 2');
  assert.deepEqual(sound('one'), [1, true]);
  assert.deepEqual(sound('two'), [3, false], 'the one before it is gone');
});

test('A lease names its holder to whoever wants it too, and is free after its release', (t) => {
  const path = temporaryFile(t);
  const [mine, yours] = [openState(path), openState(path)];
  t.after(() => [mine, yours].forEach((state) => state.close()));
  const lease = mine.acquireLease({ user: 'ops', pid: process.pid, command: 'apply' });
  assert.throws(
    () => yours.acquireLease({ user: 'eve', pid: process.pid, command: 'remove' }),
    failsWith('lease', new RegExp(`^ops is running bulkhead apply on .* \\(pid ${process.pid}\\)`)),
  );
  assert.equal(yours.leaseHolder()?.user, 'ops');
  lease.release();
  lease.release();
  assert.equal(yours.leaseHolder(), undefined);
  yours.acquireLease({ user: 'eve', pid: process.pid, command: 'remove' });
  lease.release();
  assert.equal(mine.leaseHolder()?.user, 'eve');
});

test('A lease whose holder was killed is taken over, one whose holder lives is not', async (t) => {
  const path = temporaryFile(t);
  const source = `const { openState } = await import(${JSON.stringify(MODULE)});
    openState(${JSON.stringify(path)}).acquireLease({ user: 'ops', pid: process.pid, command: 'apply' }); console.log('held'); setInterval(() => {}, 1e6);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  const state = openState(path);
  t.after(() => state.close());
  assert.throws(() => state.acquireLease({ user: 'eve', pid: process.pid, command: 'apply' }), failsWith('lease', new RegExp(`pid ${holder.pid}`)));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  assert.equal(state.leaseHolder(), undefined);
  state.acquireLease({ user: 'eve', pid: process.pid, command: 'apply' });
  assert.equal(state.leaseHolder()?.user, 'eve');
});

test('A pid that was given to another process does not keep a lease; another machine keeps it for an hour', (t) => {
  const path = temporaryFile(t);
  let clock = Date.parse('2026-11-24T01:00:00Z');
  const state = openState(path, () => new Date(clock));
  t.after(() => state.close());
  state.acquireLease({ user: 'ops', pid: process.pid, command: 'apply' });
  const holder = state.leaseHolder();
  const other = new DatabaseSync(path);
  t.after(() => other.close());
  const put = (changed: object): void => void other.prepare('UPDATE apply_lease SET holder = ?').run(JSON.stringify({ ...holder, ...changed }));
  put({ startTicks: '1' });
  assert.equal(state.leaseHolder(), undefined);
  put({ bootId: 'before-the-reboot' });
  assert.equal(state.leaseHolder(), undefined);
  put({ host: 'elsewhere', pid: 1 });
  assert.equal(state.leaseHolder()?.host, 'elsewhere');
  clock += 61 * 60 * 1000;
  assert.equal(state.leaseHolder(), undefined);
});

test('Eight processes that open a new file and write at once lose nothing, and one of them gets the lease', async (t) => {
  const path = temporaryFile(t);
  const source = `const { openState } = await import(${JSON.stringify(MODULE)}); const state = openState(${JSON.stringify(path)});
    let got = 0; try { state.acquireLease({ user: 'u', pid: process.pid, command: 'apply' }); got = 1; } catch (error) { if (error.code !== 'lease') throw error; }
    for (let i = 0; i < 20; i += 1) state.keepReceipt(${JSON.stringify(receipt())});
    console.log(got); process.stdin.resume();`;
  const writers = Array.from({ length: 8 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  t.after(() => {
    for (const writer of writers) writer.kill('SIGKILL');
  });
  // One that fails says nothing, and would be waited for without an end.
  const ended = async (writer: (typeof writers)[number]): Promise<never> =>
    assert.fail(`a writer ended with ${String((await once(writer, 'exit'))[0])}`);
  const answers = await Promise.all(
    writers.map(async (writer) => Number(String((await Promise.race([once(writer.stdout, 'data'), ended(writer)]))[0]))),
  );
  for (const writer of writers) writer.stdin.end();
  await Promise.all(writers.map((writer) => once(writer, 'close')));
  const state = openState(path);
  t.after(() => state.close());
  assert.equal(
    answers.reduce((sum, got) => sum + got, 0),
    1,
  );
  assert.equal(state.receipts().length, 160);
});

test('A damaged, foreign, newer or misplaced file is refused with what to do', (t) => {
  const path = temporaryFile(t);
  writeFileSync(path, 'this is no database, but long enough to look like one'.repeat(100));
  assert.throws(() => openState(path), failsWith('host', /is damaged/));
  rmSync(path);
  const foreign = new DatabaseSync(path);
  foreign.exec('CREATE TABLE theirs (x)');
  foreign.close();
  assert.throws(() => openState(path), failsWith('host', /is not a state file of Bulkhead/));
  rmSync(path);
  openState(path).close();
  const newer = new DatabaseSync(path);
  newer.exec('PRAGMA user_version = 999');
  newer.close();
  assert.throws(() => openState(path), failsWith('host', /newer Bulkhead/));
  symlinkSync(path, `${path}.link`);
  assert.throws(() => openState(`${path}.link`), failsWith('host', /cannot be opened/));
  assert.throws(() => openState(join(path, 'below-a-file.db')), failsWith('host', /cannot be opened/));
});

test('A full disk is reported and leaves the file readable', (t) => {
  const path = temporaryFile(t);
  openState(path).close();
  // RLIMIT_FSIZE makes the kernel refuse to grow any file, as a full disk does; node ignores SIGXFSZ.
  const source = `const { openState } = await import(${JSON.stringify(MODULE)}); const state = openState(${JSON.stringify(path)});
    try { for (let i = 0; i < 5000; i += 1) state.keepReceipt({ ...${JSON.stringify(receipt())}, title: 'x'.repeat(2000) }); } catch (error) { console.log(error.code + ': ' + error.message); }`;
  const run = spawnSync('prlimit', ['--fsize=400000', process.execPath, '--input-type=module', '-e', source], { encoding: 'utf8' });
  assert.match(run.stdout, /^host: .*state file/, run.stderr);
  const state = openState(path);
  t.after(() => state.close());
  assert.ok(state.receipts().length > 10);
});

test('a quarantine outlives the process, keeps its beginning, and ends only when it is released', (t) => {
  const path = temporaryFile(t);
  const first = openState(path);
  first.quarantine('acme', { since: '2026-11-28T10:00:00.000Z', by: 'ops', evidence: '/e/1' });
  first.close();
  const again = openState(path);
  again.quarantine('acme', { since: '2026-11-28T11:00:00.000Z', by: 'else', evidence: '/e/2' });
  assert.deepEqual([...again.quarantines()], [['acme', { since: '2026-11-28T10:00:00.000Z', by: 'ops', evidence: '/e/2' }]]);
  again.release('acme');
  again.release('acme');
  assert.equal(again.quarantines().size, 0);
  again.close();
});

test('an adoption outlives the process, keeps its beginning, is finished once, and ends when it is forgotten', (t) => {
  const path = temporaryFile(t);
  const first = openState(path);
  first.startAdoption('acme', { cell: 'acme', data: '/srv/cells/acme', since: '2026-11-28T10:00:00.000Z' });
  first.close();
  const again = openState(path);
  again.startAdoption('acme', { cell: 'acme', data: '/srv/cells/acme', since: '2026-11-28T11:00:00.000Z' });
  assert.deepEqual([...again.adoptions()], [['acme', { cell: 'acme', data: '/srv/cells/acme', since: '2026-11-28T10:00:00.000Z' }]]);
  again.finishAdoption('acme', '2026-11-28T12:00:00.000Z');
  assert.equal(again.adoptions().get('acme')?.finished, '2026-11-28T12:00:00.000Z');
  again.forgetAdoption('acme');
  assert.equal(again.adoptions().size, 0);
  again.close();
});
