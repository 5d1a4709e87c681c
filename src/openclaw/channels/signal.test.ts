import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('a number is compared by its digits, a daemon by its address', () => {
  const one = accounts({ channels: { signal: { account: '+49 170-000 000', transport: { url: 'http://LOCALHOST:8080/' } } } });
  assert.deepEqual(one, ['signal daemon localhost:8080 (store)', 'signal number 49170000000']);
  assert.deepEqual(accounts({ channels: { signal: { accounts: { x: { accountUuid: 'ABC-1' } } } } }), ['signal uuid abc-1']);
});
