import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('an app id counts without case, from config and variable', () => {
  assert.deepEqual(accounts({ channels: { msteams: { appId: 'ABC-1' } } }), ['msteams app abc-1']);
  assert.deepEqual(accounts({ variables: { MSTEAMS_APP_ID: 'abc-1' } }), ['msteams app abc-1']);
});
