import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Answer, Turn } from '../actions.ts';
import { takeTurns } from './tools.ts';

/** Stands where the gateway's HTTP interface would, and answers what the agent would say. */
async function agent(
  context: TestContext,
  say: (message: string, model: string) => string | undefined,
  names: readonly string[] = ['main'],
): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      if (request.url === '/v1/models') {
        const data = ['openclaw', 'openclaw/default', ...names.map((name) => `openclaw/${name}`)].map((id) => ({ id, object: 'model' }));
        return void response.end(JSON.stringify({ object: 'list', data }));
      }
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

async function take(port: number, turns: readonly Omit<Turn, 'kind' | 'port'>[]): Promise<(Answer | undefined)[]> {
  const answers: (Answer | undefined)[] = turns.map(() => undefined);
  await takeTurns(
    turns.map((turn) => ({ kind: 'turn', port, ...turn })),
    'token',
    (index, answer) => (answers[index] = answer),
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

test('of several agents each is told the same, by its name; one that fails is told beside what the others said', async (context) => {
  const said: string[] = [];
  const { port } = await agent(
    context,
    (message, model) => {
      said.push(model);
      return model === 'openclaw/ops' ? undefined : echo(message).replace('"a"', `"${model}"`);
    },
    ['main', 'ops', 'sales'],
  );
  const answers = await take(port, [{ message: call('a') }]);
  assert.deepEqual(said, ['openclaw/main', 'openclaw/ops', 'openclaw/sales']);
  const got = 'GOT {"path":"openclaw/main"}\nGOT nothing of the agent ops: HTTP 500\nGOT {"path":"openclaw/sales"}';
  assert.deepEqual(answers, [{ ok: true, got, agents: ['main', 'ops', 'sales'] }]);
});

test('a gateway that fails is told as that', async (context) => {
  const { port } = await agent(context, () => undefined);
  assert.deepEqual(await take(port, [{ message: call('a') }]), [{ ok: false, code: 'HTTP 500' }]);
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
