import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('a bot is told from its token', () => {
  assert.deepEqual(accounts({ channels: { zalo: { accounts: { a: { botToken: '88:example-not-real' } } } } }), ['zalo bot 88']);
});
