import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

const TOKEN = `${Buffer.from('123456789012345678').toString('base64url')}.GExamp.${'n'.repeat(30)}`;

test('the application is told from the token and from its id, a guild is a place', () => {
  assert.deepEqual(accounts({ channels: { discord: { token: TOKEN } } }), ['discord application 123456789012345678']);
  assert.deepEqual(accounts({ channels: { discord: { applicationId: '123456789012345678' } } }), ['discord application 123456789012345678']);
  assert.deepEqual(accounts({ channels: { discord: { guilds: { '*': {}, '42': {} } } } }), ['discord guild 42 (place)']);
  assert.deepEqual(accounts({ variables: { DISCORD_BOT_TOKEN: `Bot ${TOKEN}` } }), ['discord application 123456789012345678']);
});

test('a token of another kind tells no application', () => {
  const jwt = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.aaaaaa.${'b'.repeat(30)}`;
  assert.deepEqual(accounts({ channels: { discord: { token: jwt } } }), []);
});
