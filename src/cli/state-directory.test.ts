import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BulkheadError } from '../core/error.ts';
import { closedAbove, makeStateDirectory } from './state-directory.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('new levels get the mode whatever the umask, and what is there keeps its own', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-state-'));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'there'), { mode: 0o750 });
  const before = process.umask(0o077);
  makeStateDirectory(join(folder, 'there'), 0o711);
  const made = makeStateDirectory(join(folder, 'a b/ü%h'), 0o711);
  process.umask(before);
  assert.equal(made, join(folder, 'a b/ü%h'));
  assert.deepEqual([modeOf(join(folder, 'there')), modeOf(made), modeOf(join(folder, 'a b'))], [0o750, 0o711, 0o711]);
});

test('a file, a path below a file and a name that the kernel refuses are usage errors, at once', { timeout: 10_000 }, (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-state-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const path of [
    file,
    join(file, 'below'),
    '/proc/nowhere',
    '/proc/nowhere/below',
    join(folder, 'a:b'),
    join(folder, 'a\nb'),
    join(folder, 'x'.repeat(300)),
  ]) {
    assert.throws(
      () => makeStateDirectory(path, 0o711),
      (error) => error instanceof BulkheadError && error.code === 'usage' && error.message.includes(path),
      path,
    );
  }
});

test('the uppermost folder that keeps others out is named', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-state-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = makeStateDirectory(join(folder, 'a/b/c'), 0o711);
  assert.equal(closedAbove(path), folder);
  chmodSync(folder, 0o711);
  assert.equal(closedAbove(path), undefined);
  chmodSync(join(folder, 'a'), 0o750);
  assert.equal(closedAbove(path), join(folder, 'a'));
});
