import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('handle and mailbox count without case', () => {
  assert.deepEqual(accounts({ channels: { reef: { handle: 'MyClaw', email: 'A@b.example' } } }), ['reef handle myclaw', 'reef mailbox a@b.example']);
});
