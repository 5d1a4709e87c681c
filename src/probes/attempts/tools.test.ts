import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Answer, Turn } from '../actions.ts';
import { settleIn, type Agent } from './agents.ts';
import { takeTurns } from './tools.ts';

/** Stands where the gateway's HTTP interface would, and answers what the agent would say. */
async function agent(context: TestContext, say: (message: string, model: string) => string | undefined): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      const { messages, model } = JSON.parse(body) as { messages: { content: string }[]; model: string };
      const message = messages[0]?.content ?? '';
      asked.push(message);
      const content = say(message, model);
      if (content === undefined) response.writeHead(500).end('internal error');
      else response.end(JSON.stringify({ choices: [{ message: { content } }] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const bound = server.address();
  return { port: typeof bound === 'object' && bound !== null ? bound.port : 0, asked };
}

/** As the scripted model: every tool says its own arguments. */
const echo = (message: string): string => [...message.matchAll(/TOOL \w+ (\{.*?\}) ENDTOOL/gs)].map(([, json]) => `GOT ${json}`).join('\n');

async function take(
  port: number,
  turns: readonly Omit<Turn, 'kind' | 'port'>[],
  agents: readonly Agent[] = [],
  slowMs?: number,
): Promise<(Answer | undefined)[]> {
  const answers: (Answer | undefined)[] = turns.map(() => undefined);
  await takeTurns(
    turns.map((turn) => ({ kind: 'turn', port, ...turn })),
    { token: 'token', agents, workspace: '/srv/own' },
    (index, answer) => (answers[index] = answer),
    slowMs,
  );
  return answers;
}

const call = (name: string): string => `TOOL read {"path":"${name}"} ENDTOOL`;

test('what several are told at once is answered to each, in a few turns', async (context) => {
  const { port, asked } = await agent(context, echo);
  const turns = [
    { message: call('a') },
    { message: `${call('b')}\n${call('c')}` },
    ...Array.from({ length: 20 }, (_, at) => ({ message: call(`${at}`) })),
  ];
  const answers = await take(port, turns);
  assert.deepEqual(answers.slice(0, 3), [
    { ok: true, got: 'GOT {"path":"a"}' },
    { ok: true, got: 'GOT {"path":"b"}\nGOT {"path":"c"}' },
    { ok: true, got: 'GOT {"path":"0"}' },
  ]);
  assert.deepEqual(answers.at(-1), { ok: true, got: 'GOT {"path":"19"}' });
  assert.equal(asked.length, 2);
});

test('an answer that cannot be told apart is asked for again, one by one', async (context) => {
  const { port, asked } = await agent(context, (message) => `${echo(message)}\nGOT a line of the file itself`);
  const answers = await take(port, [{ message: call('a') }, { message: call('b') }]);
  assert.equal(asked.length, 3);
  assert.deepEqual(answers[1], { ok: true, got: 'GOT {"path":"b"}\nGOT a line of the file itself' });
});

test('of several agents each is told the same, by its name and of its own directory; one that fails is told beside what the others said', async (context) => {
  const said: string[] = [];
  const { port } = await agent(context, (message, model) => {
    said.push(model);
    return model === 'openclaw/ops' ? undefined : echo(message);
  });
  const agents = ['main', 'ops', 'sales'].map((id) => ({ id, workspace: id === 'main' ? '/srv/own' : `/srv/own/${id}` }));
  const turn = { message: `${call('/srv/own/a')}\n${call('../other/a')}\n${call('/srv/other/a')}` };
  const answers = await take(port, [turn], agents);
  assert.deepEqual(said, ['openclaw/main', 'openclaw/ops', 'openclaw/sales']);
  const got = [
    ...['/srv/own/a', '../other/a', '/srv/other/a'].map((path) => `GOT {"path":"${path}"}`),
    'GOT nothing of the agent ops: HTTP 500',
    ...['/srv/own/sales/a', '../../other/a', '/srv/other/a'].map((path) => `GOT {"path":"${path}"}`),
  ];
  assert.deepEqual(answers, [{ ok: true, got: got.join('\n'), agents: ['main', 'ops', 'sales'] }]);
});

test('canaries lie with each agent while it attacks, and are taken away with what was made for them', (context) => {
  const workspace = mkdtempSync(join(tmpdir(), 'bh-agents-'));
  context.after(() => rmSync(workspace, { recursive: true }));
  const canary = '.bulkhead-canary-0123456789abcdef01234567';
  for (const directory of ['memory', 'ops']) mkdirSync(join(workspace, directory));
  writeFileSync(join(workspace, canary), 'nonce');
  writeFileSync(join(workspace, 'memory', `${canary}.md`), 'nonce');
  writeFileSync(join(workspace, 'notes.md'), 'own');
  const listed = (): string[] => readdirSync(workspace, { recursive: true, encoding: 'utf8' }).toSorted();
  const before = listed();
  const leave = settleIn(
    ['main', 'ops', 'sales'].map((id) => ({ id, workspace: id === 'main' ? workspace : join(workspace, id) })),
    workspace,
  );
  const laid = listed().filter((name) => !before.includes(name));
  assert.deepEqual(
    laid.toSorted(),
    ['ops/memory', `ops/${canary}`, `ops/memory/${canary}.md`, 'sales', 'sales/memory', `sales/${canary}`, `sales/memory/${canary}.md`].toSorted(),
  );
  assert.equal(readFileSync(join(workspace, 'sales', canary), 'utf8'), 'nonce');
  leave();
  assert.deepEqual(listed(), before);
});

test('a gateway that fails is told as that', async (context) => {
  const { port } = await agent(context, () => undefined);
  assert.deepEqual(await take(port, [{ message: call('a') }]), [{ ok: false, code: 'HTTP 500' }]);
});

test('an agent that fails slowly, as without its model, is not waited for again; one that fails at once is', async (context) => {
  const { port, asked } = await agent(context, () => undefined);
  const turns = Array.from({ length: 45 }, (_, at) => ({ message: call(`${at}`) }));
  const codes = (answers: readonly (Answer | undefined)[]): unknown[] => [...new Set(answers.map((answer) => answer?.ok === false && answer.code))];
  assert.deepEqual(codes(await take(port, turns)), ['HTTP 500']);
  assert.equal(asked.length, 3);
  assert.deepEqual(codes(await take(port, turns, [], 0)), ['HTTP 500', 'TIMEOUT of an earlier turn']);
  assert.equal(asked.length, 4);
});

test('where a browser opened a page it is told whether anything answers there', async (context) => {
  const { port } = await agent(context, (message) => (message.includes('open') ? 'GOT {"targetId":"8F"}' : 'GOT refused'));
  const door = { host: '127.0.0.1', port };
  const said = async (name: string, to = door): Promise<string | undefined> => {
    const [answer] = await take(port, [{ message: call(name), door: to }]);
    return answer?.ok === true ? answer.got : undefined;
  };
  assert.equal(await said('open'), 'GOT {"targetId":"8F"}\nGOT DOOR open');
  assert.equal(await said('open', { host: '127.0.0.1', port: 1 }), 'GOT {"targetId":"8F"}\nGOT DOOR ECONNREFUSED');
  assert.equal(await said('closed'), 'GOT refused');
});

test('an agent that fails in words is not asked for each thing alone', async (context) => {
  const { port, asked } = await agent(context, () => 'LLM request failed');
  const turns = Array.from({ length: 25 }, (_, at) => ({ message: call(`${at}`) }));
  assert.deepEqual(new Set((await take(port, turns)).map((answer) => answer?.ok === true && answer.got)), new Set(['LLM request failed']));
  assert.equal(asked.length, 2);
  const silent = await take(port, turns, [], 0);
  assert.deepEqual(silent.at(-1), { ok: false, code: 'TIMEOUT of an earlier turn' });
  assert.equal(asked.length, 3);
});

test('the link stands while the agent is asked; it and what the agent made are gone afterwards', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'bh-turns-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const link = { path: join(folder, 'link'), to: '/nonexistent' };
  const undo = join(folder, 'made');
  const { port } = await agent(context, (message) => {
    assert.ok(lstatSync(link.path).isSymbolicLink());
    writeFileSync(undo, '');
    return echo(message);
  });
  await take(port, [{ message: call('a'), link, undo }]);
  assert.equal(lstatSync(link.path, { throwIfNoEntry: false }), undefined);
  assert.ok(!existsSync(undo));
});
