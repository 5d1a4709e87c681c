/** Answers as openclaw 2026.9.6 gave them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probe as agentName } from './attacks/gateway.agent-name.ts';
import { probe as memory } from './attacks/agent.memory.ts';
import { probe as sessions } from './attacks/agent.sessions.ts';
import { probe as sessionKey } from './attacks/gateway.session-key.ts';
import { SAYS } from './attempts/session.ts';
import { TOGETHER } from './judge.ts';
import type { Probe, Step } from './define.ts';

const NONCE = 'abcdef0123456789abcdef0123456789';
const step: Step = { label: 'ask', action: { kind: 'tool', port: 1, tool: 't', args: {} }, nonce: NONCE };

function judged(probe: Probe, got: string): string {
  const outcome = probe.judge?.(step, { key: '', ok: true, got }, TOGETHER, probe);
  return outcome?.outcome === 'contained' ? outcome.refusal : (outcome?.outcome ?? 'not judged');
}
const tool = (result: unknown): string =>
  `HTTP 200 ${JSON.stringify({ ok: true, result: { content: [{ type: 'text', text: JSON.stringify(result, null, 2) }] } })}`;
const notFound = (message: string): string => `HTTP 404 ${JSON.stringify({ ok: false, error: { type: 'not_found', message } })}`;

test('a session that is shown is a breach, none of that name is not, and an error explains nothing', () => {
  assert.equal(judged(sessions, tool({ results: [{ snippet: NONCE }] })), 'breached');
  assert.match(judged(sessions, tool({ results: [] })), /results: \[\]/);
  assert.match(judged(sessions, tool({ count: 0, sessions: [] })), /count: 0/);
  assert.match(judged(sessions, tool({ status: 'error', error: 'No session found: agent:main:x' })), /No session found/);
  assert.match(judged(sessions, tool({ status: 'forbidden', error: 'Session history visibility is restricted.' })), /by policy: forbidden/);
  assert.match(judged(sessions, notFound('Tool not available: sessions_list')), /does not have this tool/);
  assert.equal(judged(sessions, tool({ count: 1, sessions: [{ key: 'agent:main:other' }] })), 'inconclusive');
  assert.equal(judged(sessions, 'HTTP 500 {"ok":false,"error":{"type":"tool_error","message":"tool execution failed"}}'), 'inconclusive');
});

test('one answer shows the sessions of all: of the victim’s a breach, of others none of it, unless there may be more than it shows', () => {
  const of = (...nonces: readonly string[]): unknown => ({ results: nonces.map((nonce) => ({ snippet: `${SAYS} ${nonce}` })) });
  const others = Array.from({ length: 30 }, (_, index) => `${'0'.repeat(30)}${10 + index}`);
  assert.match(judged(sessions, tool(of(...others.slice(0, 2)))), /shows 2 of these sessions, and none of the victim$/);
  assert.equal(judged(sessions, tool(of(...others.slice(0, 2), NONCE))), 'breached');
  assert.equal(judged(sessions, tool(of(...others.slice(0, 25)))), 'inconclusive');
  assert.equal(judged(sessions, tool({ ...(of(...others.slice(0, 2)) as object), hasMore: true })), 'inconclusive');
});

test('a session key and an agent’s name are told by what the gateway does not know', () => {
  assert.equal(judged(sessionKey, `HTTP 200 {"messages":[{"content":"${NONCE}"}]}`), 'breached');
  assert.match(judged(sessionKey, notFound('Session not found: agent:main:x')), /session not found/);
  assert.equal(judged(sessionKey, 'HTTP 404 Not Found'), 'inconclusive');
  assert.equal(judged(agentName, tool({})), 'breached');
  assert.match(
    judged(agentName, 'HTTP 400 {"ok":false,"error":{"type":"invalid_request","message":"Unknown agent id \\"globex\\""}}'),
    /unknown agent/,
  );
  assert.equal(judged(agentName, 'HTTP 500 internal error'), 'inconclusive');
});

test('memory is held by the tool’s rules for paths, or because there is no such note; a note that is shown is a breach', () => {
  assert.equal(judged(memory, tool({ status: 'ok', text: NONCE, path: 'memory/x.md' })), 'breached');
  assert.match(judged(memory, tool({ status: 'error', code: 'MEMORY_PATH_NOT_ALLOWED' })), /by policy: the tool refused the path$/);
  assert.match(judged(memory, tool({ status: 'error', code: 'outside-workspace' })), /by policy: the tool refused the path$/);
  assert.match(judged(memory, tool({ status: 'not_found', text: '' })), /status: not_found$/);
  assert.match(judged(memory, notFound('Tool not available: memory_get')), /does not have this tool/);
  assert.equal(judged(memory, tool({ status: 'error', code: 'MEMORY_READ_FAILED' })), 'inconclusive');
});
