import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHECKS } from './index.ts';

test('every check file is in the list, sorted by id, and its path is its id', () => {
  const files = globSync('*/*.ts', { cwd: import.meta.dirname }).filter((file) => !file.startsWith('testing/') && !file.endsWith('.test.ts'));
  const ids = files.map((file) => file.replace('/', '.').replace(/\.ts$/, '')).toSorted();
  assert.ok(ids.length > 40);
  assert.deepEqual(
    CHECKS.map(({ id }) => id),
    ids,
  );
});

test('every check has a case that makes it speak', () => {
  const cases = globSync('**/*.test.ts', { cwd: import.meta.dirname })
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('\n');
  const without = CHECKS.map(({ id }) => id).filter((id) => !cases.includes(`'${id}'`));
  assert.deepEqual(without, []);
});

test('every check says why it matters and how to mend it', () => {
  for (const { id, title, why, fix, item } of CHECKS) for (const text of [title, why, fix, item]) assert.ok(text.length > 2, id);
});
