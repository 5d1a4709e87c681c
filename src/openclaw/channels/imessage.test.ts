import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('the account is that of the Mac whose messages are read', () => {
  assert.deepEqual(accounts({ channels: { imessage: { remoteHost: 'ops@Mac-1.example' } } }), ['imessage mac ops@mac-1.example (store)']);
  assert.deepEqual(accounts({ channels: { imessage: { enabled: true } } }), ['imessage local (store)']);
  assert.deepEqual(accounts({ channels: {} }), []);
});
