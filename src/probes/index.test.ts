import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { PROBES } from './index.ts';

test('every file of attacks/ is registered under its own name, sorted by id', () => {
  const files = readdirSync(new URL('./attacks/', import.meta.url))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3))
    .toSorted();
  assert.deepEqual(
    PROBES.map(({ id }) => id),
    files,
  );
});

test('every probe says what it does, why that is safe and how its decoy proves it', () => {
  for (const probe of PROBES)
    for (const text of [probe.title, probe.does, probe.safe, probe.decoy, probe.fix]) assert.ok(text.length > 20, `${probe.id}: ${text}`);
});
