import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationText, parseDuration } from './duration.ts';

test('a span of time is a whole number and its unit, at most a year', () => {
  assert.deepEqual(['30s', '15m', '6h', '2d'].map(parseDuration), [30_000, 900_000, 21_600_000, 172_800_000]);
  for (const text of ['', '0s', '-1s', '1.5h', '10', 's', '1w', '1h30m', ' 1h', '1h ', '400d', '99999999d'])
    assert.equal(parseDuration(text), undefined, text);
});

test('an age is told in the unit that fits, never rounded up', () => {
  assert.deepEqual([-5, 0, 119_999, 720_000, 7_199_000, 86_400_000, 172_800_000].map(durationText), [
    '0 s',
    '0 s',
    '119 s',
    '12 min',
    '119 min',
    '24 h',
    '2 days',
  ]);
});
