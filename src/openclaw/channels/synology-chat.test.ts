import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts, credentials } from './testing/read.ts';

test('its credential counts as the account, in the config and by the variable', () => {
  assert.equal(credentials({ channels: { 'synology-chat': { token: 'example-value-one' } } }), 1);
  assert.equal(credentials({ channels: { 'synology-chat': { accounts: { off: { enabled: false, token: 'example-value-one' } } } } }), 1);
  assert.equal(credentials({ variables: { SYNOLOGY_CHAT_TOKEN: 'example-value-one' } }), 1);
  assert.deepEqual(accounts({ channels: { 'synology-chat': { token: 'example-value-one' } } }), []);
});
