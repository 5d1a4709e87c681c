import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeChannels, judgeTokens, judgeTools } from './prove-closed.ts';

const said = (value: unknown) => ({ ok: true as const, value });

test('a channel that runs or is connected is open; silence is open too', () => {
  const account = (more: object) => said({ channelAccounts: { telegram: [{ accountId: 'default', ...more }] } });
  assert.ok('proof' in judgeChannels(said({ channelAccounts: {} })));
  assert.ok('proof' in judgeChannels(account({ running: false, connected: false })));
  assert.deepEqual(judgeChannels(account({ running: true })), { open: 'its gateway still runs telegram' });
  assert.deepEqual(judgeChannels(account({ running: false, connected: true })), { open: 'its gateway still runs telegram' });
  for (const silence of [undefined, said({}), said(null), { ok: false as const, why: 'no' }]) assert.ok('open' in judgeChannels(silence));
});

test('an agent that is given a tool is open; silence is open too', () => {
  assert.ok('proof' in judgeTools(said({ groups: [] })));
  assert.ok('proof' in judgeTools(said({ groups: [{ tools: [] }] })));
  assert.deepEqual(judgeTools(said({ groups: [{ tools: [{ id: 'exec' }] }] })), { open: 'its agent still has exec' });
  for (const silence of [undefined, said({}), { ok: false as const, why: 'no' }]) assert.ok('open' in judgeTools(silence));
});

test('only 401 to the old token and 200 to the new one prove a new token', () => {
  assert.ok('proof' in judgeTokens({ oldStatus: 401, newStatus: 200 }));
  for (const [oldStatus, newStatus] of [
    [200, 200],
    [401, 401],
    [429, 200],
    [0, 200],
  ] as const)
    assert.ok('open' in judgeTokens({ oldStatus, newStatus }));
});
