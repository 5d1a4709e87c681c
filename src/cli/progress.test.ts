import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixtureProbe } from '../../test/support/report-fixture.ts';
import { parsePairs, parseSeed } from './flags.ts';
import { attackProgress } from './progress.ts';

test('a breach is told at once and escaped, pairs ten times at most, and a choice of pairs with its seed', () => {
  const lines: string[] = [];
  const progress = { line: (text: string): void => void lines.push(text) };
  const told = attackProgress(progress, { attacked: 90, of: 90 });
  assert.deepEqual(lines.splice(0), ['attack 90 ordered pairs from inside']);
  told.onResult(fixtureProbe({ verdict: 'contained' }));
  told.onResult(fixtureProbe({ id: 'files.list', verdict: 'breached', severity: 'critical', detail: 'read \u001b[2Jit' }));
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^BREACHED \[critical\] {2}files\.list, acme → globex: read /);
  assert.ok(!lines.splice(0).join('').includes('\u001b'));
  for (let done = 1; done <= 90; done += 1) told.onPair(done);
  assert.equal(lines.length, 10);
  assert.deepEqual([lines[0], lines.at(-1)], ['9 of 90 pairs attacked', '90 of 90 pairs attacked']);
  lines.length = 0;
  attackProgress(progress, { attacked: 40, of: 90, most: 40, seed: 7 });
  assert.deepEqual(lines, ['attack 40 ordered pairs of 90 (a ring and random ones, --pairs-seed 7 attacks the same) from inside']);
});

test('a number of pairs is all or whole, and a seed has 32 bits', () => {
  assert.deepEqual([parsePairs('all'), parsePairs('0'), parsePairs('380'), parseSeed('4294967295')], [Infinity, 0, 380, 4294967295]);
  for (const text of ['', 'ALL', '-1', '1.5', '1e3', '99999999999999999999']) assert.throws(() => parsePairs(text), /neither/);
  assert.throws(() => parseSeed('4294967296'), /at most 4294967295/);
});
