import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('a bot counts on its server', () => {
  assert.deepEqual(accounts({ channels: { clickclack: { baseUrl: 'https://cc.example', botUserId: 'b1' } } }), ['clickclack bot b1 at cc.example']);
});
