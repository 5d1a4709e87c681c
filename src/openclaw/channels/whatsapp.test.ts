import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

const CREDS = JSON.stringify({
  noiseKey: { private: { type: 'Buffer', data: 'SECRET' }, public: { type: 'Buffer', data: 'bm9pc2U=' } },
  signedIdentityKey: { public: 'aWRlbnRpdHk=' },
  me: { id: '491700000000:12@s.whatsapp.net', lid: '77:12@lid' },
});

test('number, lid and keys are told from the linked device, without its device number', () => {
  const files = { '/w/creds.json': CREDS };
  assert.deepEqual(accounts({ channels: { whatsapp: { accounts: { a: { authDir: '/w' } } } }, files }), [
    'whatsapp identity key aWRlbnRpdHk=',
    'whatsapp lid 77',
    'whatsapp linked device bm9pc2U=',
    'whatsapp number 491700000000',
  ]);
});

test('a device that was linked once counts although the config no longer names it', () => {
  const files = { '/t/state/credentials/whatsapp/*/creds.json': CREDS };
  assert.ok(accounts({ channels: { whatsapp: {} }, files }).includes('whatsapp number 491700000000'));
});
