import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts, credentials } from './testing/read.ts';

test('its credential counts as the account, in the config and by the variable', () => {
  assert.equal(credentials({ channels: { mattermost: { botToken: 'example-value-one' } } }), 1);
  assert.equal(credentials({ channels: { mattermost: { accounts: { off: { enabled: false, botToken: 'example-value-one' } } } } }), 1);
  assert.equal(credentials({ variables: { MATTERMOST_BOT_TOKEN: 'example-value-one' } }), 1);
  assert.deepEqual(accounts({ channels: { mattermost: { botToken: 'example-value-one' } } }), []);
});
