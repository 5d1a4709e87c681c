import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('a ship counts with and without its sign', () => {
  assert.deepEqual(accounts({ channels: { tlon: { ship: '~Zod' } } }), ['tlon ship zod']);
  assert.deepEqual(accounts({ channels: { tlon: { accounts: { a: { ship: 'zod' } } } } }), ['tlon ship zod']);
});
