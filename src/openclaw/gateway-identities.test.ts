import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingCalls } from './gateway-identities.ts';

test('requests are rejected first, a device that is a node is removed once, a main session is begun anew, others are deleted', () => {
  const found = {
    devices: [{ id: 'd1', name: 'desk' }],
    nodes: [
      { id: 'd1', name: 'desk' },
      { id: 'n2', name: 'phone' },
    ],
    waiting: [
      { id: 'r1', kind: 'device' },
      { id: 'r2', kind: 'node' },
    ],
    sessions: ['agent:main:main', 'agent:main:telegram:4242'],
  } as const;
  assert.deepEqual(endingCalls(found), [
    ['device.pair.reject', { requestId: 'r1' }],
    ['node.pair.reject', { requestId: 'r2' }],
    ['node.pair.remove', { nodeId: 'n2' }],
    ['device.pair.remove', { deviceId: 'd1' }],
    ['sessions.reset', { key: 'agent:main:main' }],
    ['sessions.delete', { key: 'agent:main:telegram:4242', deleteTranscript: true }],
  ]);
});
