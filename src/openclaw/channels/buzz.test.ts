import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('its accounts are the public keys of its private keys', () => {
  const privateKey = '67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa';
  assert.match(accounts({ channels: { buzz: { accounts: { ada: { privateKey } } } } })[0] ?? '', /^buzz pubkey [0-9a-f]{64}$/);
});
