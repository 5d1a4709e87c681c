import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('a user name counts without case', () => {
  assert.deepEqual(accounts({ channels: { twitch: { accounts: { a: { username: 'MyBot' } } } } }), ['twitch user mybot']);
});
