import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

// NIP-19's own example of a private key.
const NSEC = 'nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5';
const HEX = '67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa';

test('the public key is told from the private one, as nsec and as hex', () => {
  const [nsec] = accounts({ channels: { nostr: { privateKey: NSEC } } });
  assert.match(nsec ?? '', /^nostr pubkey [0-9a-f]{64}$/);
  assert.deepEqual(accounts({ channels: { nostr: { privateKey: HEX } } }), [nsec]);
  assert.deepEqual(accounts({ variables: { NOSTR_PRIVATE_KEY: NSEC } }), [nsec]);
  assert.ok(!nsec?.includes(HEX));
});

test('what is no key tells nothing', () => {
  for (const privateKey of ['nsec1vl0', '0'.repeat(64), 'hello']) assert.deepEqual(accounts({ channels: { nostr: { privateKey } } }), []);
});
