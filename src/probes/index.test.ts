import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
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

test('the readme has a row for every probe', () => {
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
  for (const { id, does, decoy } of PROBES) assert.ok(readme.includes(`| \`${id}\` |`) && readme.includes(`${does} | ${decoy} |`), id);
});
