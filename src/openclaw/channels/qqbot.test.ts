import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('an app id counts, from config and variable', () => {
  assert.deepEqual(accounts({ channels: { qqbot: { appId: '102' } } }), ['qqbot app 102']);
  assert.deepEqual(accounts({ variables: { QQBOT_APP_ID: '102' } }), ['qqbot app 102']);
});
