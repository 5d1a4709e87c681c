import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts, credentials } from './testing/read.ts';

test('its credential counts as the account, in the config and by the variable', () => {
  assert.equal(credentials({ channels: { line: { channelAccessToken: 'example-value-one' } } }), 1);
  assert.equal(credentials({ channels: { line: { accounts: { off: { enabled: false, channelAccessToken: 'example-value-one' } } } } }), 1);
  assert.equal(credentials({ variables: { LINE_CHANNEL_ACCESS_TOKEN: 'example-value-one' } }), 1);
  assert.deepEqual(accounts({ channels: { line: { channelAccessToken: 'example-value-one' } } }), []);
});
