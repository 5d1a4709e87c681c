import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectiveTools } from './effective-tools.ts';
import type { Ask } from './gateway-connection.ts';

// What a good gateway says is asked of a real one in test/e2e/policy.test.ts.

/** A gateway that answers by method, and what it was asked. */
function gateway(answers: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => unknown>>): { ask: Ask; asked: string[] } {
  const asked: string[] = [];
  const ask: Ask = async (method, params = {}) => {
    asked.push(`${method} ${String(params['sessionKey'] ?? params['key'] ?? '')}`.trim());
    const answer = answers[method];
    if (answer === undefined) throw new Error(`no ${method}`);
    return answer(params);
  };
  return { ask, asked };
}

const group = (...ids: readonly string[]): unknown => ({ groups: [{ id: 'core', tools: ids.map((id) => ({ id })) }] });

test('the newest session of each agent is asked about, archived ones never', async () => {
  const sessions = [
    { key: 'old', agentId: 'main', archived: true },
    { key: 'a', agentId: 'main' },
    { key: 'b', agentId: 'main' },
    { key: 'c', agentId: 'desk' },
  ];
  const { ask, asked } = gateway({
    'sessions.list': () => ({ sessions }),
    'tools.effective': ({ sessionKey }) => (sessionKey === 'c' ? group('exec', 'read') : group('read')),
  });
  assert.deepEqual(await effectiveTools(ask), { tools: ['exec', 'read'], sessions: 2 });
  assert.deepEqual(asked, ['sessions.list', 'tools.effective a', 'tools.effective c']);
});

test('a gateway without a session gets one in memory, which goes also when the question fails', async () => {
  const made = { 'sessions.list': () => ({ sessions: [] }), 'sessions.create': () => ({ key: 'own' }), 'sessions.delete': () => ({ ok: true }) };
  const { ask, asked } = gateway({ ...made, 'tools.effective': () => group('message') });
  assert.deepEqual(await effectiveTools(ask), { tools: ['message'], sessions: 1 });
  assert.deepEqual(asked, ['sessions.list', 'sessions.create', 'tools.effective own', 'sessions.delete own']);
  const failing = gateway(made);
  await assert.rejects(effectiveTools(failing.ask), /no tools\.effective/);
  assert.equal(failing.asked.at(-1), 'sessions.delete own');
});

test('what it says in another shape is no empty list of tools', async () => {
  const sessions = { sessions: [{ key: 'a', agentId: 'main' }] };
  for (const answer of [{}, { groups: {} }, { groups: [{}] }, null]) {
    const { ask } = gateway({ 'sessions.list': () => sessions, 'tools.effective': () => answer });
    await assert.rejects(effectiveTools(ask), /unexpected shape/);
  }
  await assert.rejects(effectiveTools(gateway({ 'sessions.list': () => ({}) }).ask), /unexpected shape/);
  const many = Array.from({ length: 600 }, (_, at) => `tool-${at}`);
  await assert.rejects(effectiveTools(gateway({ 'sessions.list': () => sessions, 'tools.effective': () => group(...many) }).ask), /more than 500/);
});
