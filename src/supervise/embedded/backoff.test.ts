import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, PACE } from './backoff.ts';

test('waits double from one second to one minute, and vary by a quarter', () => {
  assert.deepEqual(
    [1, 2, 3, 6, 7, 8, 1000].map((failures) => backoffMs(PACE, failures, 0.5)),
    [1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000],
  );
  assert.deepEqual(
    [0, 1].map((random) => backoffMs(PACE, 1, random)),
    [750, 1250],
  );
});
