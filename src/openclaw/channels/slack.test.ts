import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('app, bot and workspace are told from the tokens', () => {
  const slack = { appToken: 'xapp-1-A0EXAMPLE-1234567890-abcdef0123', botToken: 'xoxb-1111111-2222222-examplenotreal' };
  assert.deepEqual(accounts({ channels: { slack } }), ['slack app A0EXAMPLE', 'slack bot 1111111-2222222', 'slack workspace 1111111 (place)']);
});

test('two app-level tokens of one app are one app', () => {
  const app = (appToken: string): readonly string[] => accounts({ channels: { slack: { accounts: { one: { appToken } } } } });
  assert.deepEqual(app('xapp-1-A0EXAMPLE-1-aa'), app('xapp-1-A0EXAMPLE-2-bb'));
  assert.notDeepEqual(app('xapp-1-A0EXAMPLE-1-aa'), app('xapp-1-A0OTHER-1-aa'));
});
