import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('an app id counts, of each account', () => {
  assert.deepEqual(accounts({ channels: { feishu: { appId: 'cli_A', accounts: { b: { appId: 'cli_b' } } } } }), [
    'feishu app cli_a',
    'feishu app cli_b',
  ]);
});
