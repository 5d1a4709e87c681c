import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

const KEY = { type: 'service_account', client_email: 'bot@p-1.iam.example', project_id: 'p-1', private_key: 'SECRET' };
const FOUND = ['googlechat project p-1', 'googlechat service account bot@p-1.iam.example'];

test('service account and project are told from the key: as an object, as text, from a file, by the variables', () => {
  assert.deepEqual(accounts({ channels: { googlechat: { serviceAccount: KEY } } }), FOUND);
  assert.deepEqual(accounts({ channels: { googlechat: { serviceAccount: JSON.stringify(KEY) } } }), FOUND);
  assert.deepEqual(accounts({ channels: { googlechat: { serviceAccountFile: '/k.json' } }, files: { '/k.json': JSON.stringify(KEY) } }), FOUND);
  assert.deepEqual(accounts({ variables: { GOOGLE_CHAT_SERVICE_ACCOUNT: JSON.stringify(KEY) } }), FOUND);
  const variables = { GOOGLE_CHAT_SERVICE_ACCOUNT_FILE: '/k.json' };
  assert.deepEqual(accounts({ variables, files: { '/k.json': JSON.stringify(KEY) } }), FOUND);
});

test('a project number is an audience only when it says so', () => {
  assert.deepEqual(accounts({ channels: { googlechat: { audience: '12', audienceType: 'project-number' } } }), ['googlechat project number 12']);
  assert.deepEqual(accounts({ channels: { googlechat: { audience: 'https://a.example', audienceType: 'app-url' } } }), []);
});
