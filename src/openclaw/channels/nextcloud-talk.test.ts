import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('a user counts on its server', () => {
  const talk = { baseUrl: 'https://Cloud.example/', apiUser: 'Bot' };
  assert.deepEqual(accounts({ channels: { 'nextcloud-talk': talk } }), ['nextcloud-talk bot at cloud.example']);
});
