import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { MASKING } from '../credentials/masking-rules.ts';
import { CHANNELS } from './index.ts';

test('every provider of the folder is in the list, sorted, each once', () => {
  const files = readdirSync(import.meta.dirname)
    .filter(
      (name) =>
        name.endsWith('.ts') && !name.endsWith('.test.ts') && !['declared.ts', 'index.ts', 'online.ts', 'provider.ts', 'render.ts'].includes(name),
    )
    .map((name) => name.slice(0, -3))
    .toSorted();
  assert.deepEqual(
    CHANNELS.map(({ channel }) => channel),
    files,
  );
});

test('no two rules have one name', () => {
  const names = MASKING.tells.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
});
