import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('a user is one whether it is named in full, by its local part or by its token', () => {
  const syt = `syt_${Buffer.from('bot').toString('base64url')}_abcdef_0123`;
  for (const matrix of [
    { homeserver: 'https://matrix.example/', userId: '@Bot:matrix.example' },
    { homeserver: 'https://MATRIX.example', userId: 'bot' },
    { homeserver: 'matrix.example', accessToken: syt },
  ])
    assert.ok(accounts({ channels: { matrix } }).includes('matrix user bot at matrix.example'), JSON.stringify(matrix));
});

test('another server has another user, and a variable names the default account', () => {
  assert.ok(!accounts({ channels: { matrix: { homeserver: 'other.example', userId: 'bot' } } }).includes('matrix user bot at matrix.example'));
  const variables = { MATRIX_HOMESERVER: 'https://matrix.example', MATRIX_USER_ID: 'bot' };
  assert.deepEqual(accounts({ variables }), ['matrix user bot at matrix.example']);
});

test('a device counts by its user', () => {
  const matrix = { homeserver: 'm.example', userId: 'bot', deviceId: 'DEV' };
  assert.ok(accounts({ channels: { matrix } }).includes('matrix device DEV of bot at m.example'));
});
