import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { main } from './evidence-tree.ts';

const LIMITS = { ms: 5000, entries: 1000, characters: 10_000, bytes: 1 << 20 };

function tree(context: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'bulkhead-evidence-'));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'state'));
  writeFileSync(join(root, 'state/a'), 'hello');
  return root;
}

test('a file has its digest; a link is named and not followed; a FIFO keeps nobody waiting', { timeout: 10_000 }, async (context) => {
  const root = tree(context);
  symlinkSync('/etc', join(root, 'state/out'));
  symlinkSync('/etc/passwd', join(root, 'log'));
  execFileSync('mkfifo', [join(root, 'state/fifo')]);
  const seen = await main({ root, logFile: join(root, 'log'), limits: LIMITS, logBytes: 100 });
  const byName = new Map(seen.entries.map((entry) => [entry.path.slice(root.length + 1), entry]));
  assert.deepEqual([...byName.keys()].toSorted(), ['log', 'state', 'state/a', 'state/fifo', 'state/out']);
  assert.equal(byName.get('state/a')?.sha256, createHash('sha256').update('hello').digest('hex'));
  assert.deepEqual([byName.get('state/out')?.kind, byName.get('state/out')?.target, byName.get('state/fifo')?.kind], ['link', '/etc', 'other']);
  assert.deepEqual(seen.log, { ok: false, why: 'ELOOP' });
});

test('more than it may count, hash or wait for is cut, and said', async (context) => {
  const root = tree(context);
  writeFileSync(join(root, 'log'), `${'x'.repeat(500)}the end`);
  const few = await main({ root, logFile: join(root, 'log'), limits: { ...LIMITS, entries: 1 }, logBytes: 7 });
  assert.deepEqual([few.entries.length, few.cut, few.log], [1, 'more than 1 entries', { ok: true, text: 'the end' }]);
  const small = await main({ root, logFile: join(root, 'log'), limits: { ...LIMITS, bytes: 10 }, logBytes: 7 });
  assert.equal(small.entries.find(({ path }) => path.endsWith('/log'))?.why, 'too large to be hashed here');
  const long = await main({ root, logFile: join(root, 'log'), limits: { ...LIMITS, characters: 1 }, logBytes: 7 });
  assert.deepEqual([long.entries.length, long.cut], [1, 'names that are too long']);
  const late = await main({ root, logFile: join(root, 'log'), limits: { ...LIMITS, ms: -1 }, logBytes: 7 });
  assert.equal(late.cut, 'it took too long');
});
