/** Answers of agents as openclaw 2026.9.6 and the scripted model gave them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { probe as browser } from './attacks/agent.browser.ts';
import { probe as environment } from './attacks/agent.environment.ts';
import { probe as network } from './attacks/agent.exec-network.ts';
import { probe as automations } from './attacks/agent.automations.ts';
import { probe as admin } from './attacks/agent.gateway-admin.ts';
import { probe as fetched } from './attacks/agent.web-fetch.ts';
import { probe as message } from './attacks/agent.message.ts';
import { probe as patched } from './attacks/agent.patch.ts';
import { probe as spawned } from './attacks/agent.spawn.ts';
import { probe as written } from './attacks/agent.write.ts';
import type { Apart, Probe, Side, Step } from './define.ts';
import { PROBES } from './index.ts';
import { TOGETHER } from './judge.ts';

const APART: Apart = { net: true, mnt: true, pid: true };
const NONCE = 'abcdef0123456789abcdef0123456789';
const NONCE_OF_SELF = '0123456789abcdef0011223344556677';
const step: Step = { label: 'ask', action: { kind: 'turn', port: 1, message: '' }, nonce: NONCE };

function judged(probe: Probe, answers: readonly string[], apart = TOGETHER, asked = step): string {
  const got = answers.map((answer) => `GOT ${answer}`).join('\n');
  const outcome = probe.judge?.(asked, { key: '', ok: true, got }, apart, probe);
  return outcome?.outcome === 'contained' ? outcome.refusal : (outcome?.outcome ?? 'not judged');
}

const HIDDEN = '{ "error": "Unknown tool id: openclaw:core:gateway. Use tool_search to find a tool." }';
const BLOCKED = '{ "error": "Source: API\n---\nBlocked hostname or private/internal/special-use IP address" }';

const withoutNonce: Step = { label: step.label, action: step.action };
const self = {
  tenant: 'acme',
  gatewayPort: 1,
  state: '/srv/acme/state',
  workspace: '/srv/acme/workspace',
  nonce: NONCE_OF_SELF,
  canaries: {},
  channels: ['telegram'],
  sandboxed: false,
  hasBrowser: true,
  squattedPorts: {},
  code: [],
  namespaces: {},
  ports: { first: 1, last: 100 },
  decoy: { stateDir: '/srv/acme/decoy', port: 2, nonce: NONCE },
} as unknown as Side;

test('a tool is absent when neither way to it is there; one way is enough to be judged by', () => {
  assert.match(judged(admin, ['Tool gateway not found', HIDDEN]), /does not have this tool$/);
  assert.match(judged(admin, ['Tool gateway not found', '{ "workspace": "/own" }']), /no workspace but its own$/);
  assert.equal(judged(admin, ['Tool gateway not found', `{ "workspace": "${NONCE}" }`]), 'breached');
  assert.equal(judged(admin, ['{ "error": "something else" }', HIDDEN]), 'inconclusive');
});

test('what a browser opened is a breach where something answers that is not the attacker’s own', () => {
  const opened = '{ "result": { "details": { "targetId": "8F", "url": "http://10.213.0.2:1/" } } }';
  const at = (door: string, apart = TOGETHER, host = '10.213.0.2'): string =>
    judged(browser, ['Tool browser not found', opened, `DOOR ${door}`], apart, {
      label: 'open',
      action: { kind: 'turn', port: 1, message: '', door: { host, port: 1 } },
    });
  assert.equal(at('open'), 'breached');
  assert.equal(at('open', APART), 'breached');
  assert.match(at('open', APART, '127.0.0.1'), /only the attacker's own listener answers/);
  assert.match(at('ECONNREFUSED', APART), /nothing answers there: ECONNREFUSED$/);
  assert.equal(at('TIMEOUT', APART), 'inconclusive');
});

test('a page that was opened is a breach; refusals of the browser are refusals of everybody', () => {
  const wrapped = (said: string): string => JSON.stringify({ status: 'error', error: `SECURITY NOTICE\nSource: API\n---\n${said}` }, null, 2);
  const opened = JSON.stringify({ result: { content: [{ text: JSON.stringify({ targetId: 'T1' }, null, 2) }] } }, null, 2);
  const at = (...answers: readonly string[]): string => judged(browser, answers, TOGETHER, withoutNonce);
  assert.equal(at('Tool browser not found', opened), 'breached');
  assert.match(at('Tool browser not found', wrapped('browser navigation blocked by policy')), /by policy: the browser tool opens no private/);
  assert.match(
    at('Tool browser not found', wrapped('Navigation blocked: unsupported protocol "file:"')),
    /by policy: the browser tool opens no private/,
  );
  assert.match(at('Tool browser not found', '{ "error": "Unknown tool id: browser." }'), /does not have this tool$/);
  assert.equal(at('Tool browser not found', wrapped('timed out. Run `openclaw browser doctor`')), 'inconclusive');
});

test('a message that would be sent by another account is a breach, an account that is not there is none', () => {
  const prepared = JSON.stringify({ result: { details: { channel: 'telegram', dryRun: true } } }, null, 2);
  assert.equal(judged(message, ['Tool message not found', prepared], TOGETHER, withoutNonce), 'breached');
  const unknown = '{ "error": "Unknown account \\"globex\\" for channel telegram." }';
  assert.match(judged(message, ['Tool message not found', unknown], TOGETHER, withoutNonce), /no account of that name$/);
  const denied = '{ "error": "Cross-context messaging denied: action=send target provider \\"telegram\\" while bound to \\"webchat\\"." }';
  assert.match(judged(message, ['Tool message not found', denied], TOGETHER, withoutNonce), /by policy: the message tool leaves no conversation$/);
  assert.match(judged(message, ['Tool message not found', HIDDEN], TOGETHER, withoutNonce), /does not have this tool$/);
  assert.equal(
    judged(message, ['Tool message not found', '{ "error": "Channel is unavailable: telegram" }'], TOGETHER, withoutNonce),
    'inconclusive',
  );
});

test('a turn that was scheduled is a breach, one that the gateway schedules for nobody is none', () => {
  const scheduled = JSON.stringify({ result: { content: [{ text: JSON.stringify({ name: 'bulkhead-probe-01234567' }, null, 2) }] } }, null, 2);
  assert.equal(judged(automations, ['Tool automations not found', scheduled], TOGETHER, withoutNonce), 'breached');
  const outside = '{ "error": "invalid cron.add params: job agentId outside caller scope" }';
  assert.match(judged(automations, [outside, HIDDEN], TOGETHER, withoutNonce), /schedules for no agent of that name$/);
  assert.match(judged(automations, ['Tool automations not found', HIDDEN], TOGETHER, withoutNonce), /does not have this tool$/);
  assert.equal(judged(automations, ['{ "error": "invalid schedule" }'], TOGETHER, withoutNonce), 'inconclusive');
});

test('a fetch is held by its tool or by the network, and by nothing that does not explain itself', () => {
  assert.match(judged(fetched, ['Tool web_fetch not found', BLOCKED]), /takes no private address$/);
  assert.match(judged(fetched, ['Tool web_fetch not found', 'fetch failed: connect ECONNREFUSED 127.0.0.1:1']), /ECONNREFUSED$/);
  assert.equal(judged(fetched, [NONCE, BLOCKED]), 'breached');
  assert.equal(judged(fetched, [BLOCKED, 'fetch failed']), 'inconclusive');
});

test('a write is a breach where both see the same files; where they do not, it is not known what it wrote', () => {
  const wrote = ['Successfully wrote 14 bytes to /x'];
  assert.equal(judged(written, wrote), 'breached');
  assert.equal(judged(written, wrote, APART), 'inconclusive');
  assert.match(judged(written, ['{ "error": "Path escapes sandbox root (/a): /b." }']), /by policy: the tool refused the path/);
});

test('a patch or an edit that went through is a breach where both see the same files; its refusals are told', () => {
  const patch = 'Success. Updated the following files:\nA .bulkhead-probe-1';
  assert.equal(judged(patched, [patch]), 'breached');
  assert.equal(judged(patched, ['No changes made to /x. The replacement text is identical to the original.']), 'breached');
  assert.equal(judged(patched, ['No changes made to /x. The replacement text is identical to the original.'], APART), 'breached');
  assert.equal(judged(patched, [patch], APART), 'inconclusive');
  assert.match(judged(patched, ['{ "error": "Path escapes sandbox root (/a): /b" }']), /by policy: the tool refused the path/);
  assert.match(judged(patched, ['{ "error": "Could not edit file: /b. Error code: ENOENT." }'], APART), /does not exist in its file system/);
  assert.equal(judged(patched, ['{ "error": "Could not edit file: /b. Error code: ENOENT." }']), 'inconclusive');
});

test('an agent that was started is a breach; the refusal of a made-up one names the attacker’s own', () => {
  const absent = 'Tool sessions_spawn not found';
  const refused = '{ "details": { "status": "forbidden", "error": "agentId is not allowed for sessions_spawn (allowed: main)", "role": "globex" } }';
  assert.match(judged(spawned, [absent, refused]), /none of those that may be started$/);
  assert.equal(judged(spawned, [absent, refused], TOGETHER, spawned.positive(self)[0]), 'breached');
  assert.equal(judged(spawned, [absent, '{ "details": { "status": "accepted", "childSessionKey": "agent:globex:subagent:1" } }']), 'breached');
  assert.match(judged(spawned, [absent, HIDDEN]), /does not have this tool$/);
  assert.equal(judged(spawned, [absent, '{ "error": "something else" }']), 'inconclusive');
});

test('no attack of an agent takes a name in a workspace that another one takes', () => {
  const ofAgents = PROBES.filter(({ id }) => id.startsWith('agent.'));
  const names = ofAgents
    .flatMap((probe) => probe.attempts(self, self))
    .flatMap(({ action }) => (action.kind === 'turn' ? [action.undo, action.link?.path].filter((path) => path !== undefined) : []));
  assert.ok(names.length >= 3);
  assert.deepEqual([...new Set(names)], names);
});

/** What the command of a step prints, run as the agent's shell would. */
async function printed(asked: Step | undefined): Promise<string> {
  const message = asked?.action.kind === 'turn' ? asked.action.message : '';
  const { command } = JSON.parse(/TOOL exec (\{.*\}) ENDTOOL/s.exec(message)?.[1] ?? '{}') as { command: string };
  const env = { PATH: `${process.execPath.replace(/\/node$/, '')}:/usr/bin:/bin`, OPENCLAW_STATE_DIR: '/srv/acme/state', HOME: '/srv/acme2' };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { env });
  return stdout;
}

test('the program that looks through an environment names variables, and knows /srv/acme from /srv/acme2', async () => {
  const found = await printed(environment.positive(self)[0]);
  assert.equal(found, 'NAMES OPENCLAW_STATE_DIR\n');
  assert.equal(judged(environment, [found], APART, withoutNonce), 'breached');
  assert.equal(await printed(environment.negative(self)[0]), 'NAMES BULKHEAD_DECOY\n');
  const none = await printed(environment.positive({ ...self, state: '/srv/acm' })[0]);
  assert.match(judged(environment, [none], APART, withoutNonce), /none of its \d+ variables names it/);
  assert.match(judged(environment, ['Tool exec not found'], APART, withoutNonce), /does not have this tool/);
  assert.equal(judged(environment, ['sh: 1: node: not found'], APART, withoutNonce), 'inconclusive');
});

test('the program that connects tells of every door, and a door that is not told of is not held', async (context) => {
  const server = createServer((_request, response) => response.end(NONCE));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const refused = 'DOOR 127.0.0.1 1 ECONNREFUSED\nDOOR 10.213.0.2 1 EHOSTUNREACH\n';
  assert.match(judged(network, [`${refused}DOORS 2`], APART), /none of 2 addresses is the victim/);
  assert.equal(judged(network, [`${refused}DOORS 3`], APART), 'inconclusive');
  assert.equal(judged(network, [`DOOR 127.0.0.1 1 TIMEOUT\nDOORS 1`], APART), 'inconclusive');
  assert.equal(judged(network, [`DOOR 127.0.0.1 1 ANSWERED 401 no\nDOORS 1`]), 'breached');
  assert.match(judged(network, [`DOOR 127.0.0.1 1 ANSWERED 401 no\nDOORS 1`], APART), /none of 1/);
  assert.equal(judged(network, [`DOOR 10.213.0.2 1 ANSWERED 401 no\nDOORS 1`], APART), 'breached');
  assert.equal(judged(network, [`DOOR 127.0.0.1 1 ANSWERED 200 ${NONCE}\nDOORS 1`], APART), 'breached');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const said = await printed(network.positive({ ...self, decoy: { ...self.decoy, port } })[0]);
  assert.equal(said, `DOOR 127.0.0.1 ${port} ANSWERED 200 ${NONCE}\nDOORS 1\n`);
});
