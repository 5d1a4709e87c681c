/** What one bot for two gateways does, on real OpenClaw: messages go to whoever asked last. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { requires } from '../support/requires.ts';
import { config, failed, scan, SCAN_PROGRAMS } from '../support/scan-document.ts';
import { scanWorld, type ScanWorld } from '../support/scan-world.ts';
import type { TelegramSeen } from '../support/telegram-server.ts';

const [MODEL, TELEGRAM] = [8181, 8182];
const skip = requires({ root: true, linux: true, programs: SCAN_PROGRAMS, openclaw: true });

describe('two gateways that somebody else built, with one bot', { skip, timeout: 600_000 }, () => {
  const TOKEN = '700000003:AAplanted-bot-token-of-both-00000000';
  let world: ScanWorld;
  const of = async (path: string, body?: object): Promise<string> => {
    const data = body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)];
    return (await world.run(['curl', '-s', '-m', '5', ...data, `http://127.0.0.1:${TELEGRAM}${path}`])).stdout;
  };
  const seen = async (): Promise<TelegramSeen> => JSON.parse(await of('/seen')) as TelegramSeen;
  let start: (name: string) => Promise<void>;
  const say = async (text: string): Promise<void> => void (await of('/say', { token: TOKEN, from: 4203, text }));
  /** Once there are so many: whose agent, and the last word. */
  const answers = async (count: number): Promise<readonly string[]> => {
    let { sent } = await seen();
    for (const end = Date.now() + 60_000; sent.length < count && Date.now() < end; { sent } = await seen()) await sleep(300);
    return sent.map(({ text }) => text.replace(/^(\w+:)[^]* (\w+)$/, '$1 $2'));
  };

  before(async () => {
    world = scanWorld();
    const users = ['ann', 'zed'].map((name) => world.user(name));
    const server = (file: string, port: number): readonly string[] => [
      process.execPath,
      new URL(file, import.meta.url).pathname,
      '--port',
      String(port),
    ];
    await world.open();
    world.start(server('../support/telegram-server.ts', TELEGRAM));
    world.start(server('../../src/openclaw/scripted-model.ts', MODEL));
    const model = { id: 'scripted-1', name: 'scripted-1', reasoning: false, input: ['text'], contextWindow: 128_000, maxTokens: 4096 };
    const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    for (const { name, home } of users) {
      const telegram = { enabled: true, botToken: TOKEN, apiRoot: `http://127.0.0.1:${TELEGRAM}`, dmPolicy: 'allowlist', allowFrom: ['4203'] };
      const scripted = { baseUrl: `http://127.0.0.1:${MODEL}/v1`, apiKey: 'key', api: 'openai-completions', models: [{ ...model, cost }] };
      const more = {
        // Tells whose agent it was.
        channels: { telegram: { ...telegram, responsePrefix: `${name}:` } },
        models: { mode: 'merge', providers: { scripted } },
        agents: { defaults: { skipBootstrap: true, model: { primary: 'scripted/scripted-1' } } },
      };
      const owner = users.find((user) => user.name === name);
      assert.ok(owner !== undefined);
      world.file(owner, `${home}/.openclaw/openclaw.json`, config(`token-of-${name}-0123456789abcdef`, more));
    }
    start = async (name) => {
      const at = users.findIndex((user) => user.name === name);
      const port = 18_800 + at * 200;
      await world.gateway(users[at] ?? assert.fail(name), port, { argv: ['gateway', '--port', String(port)] });
    };
  });
  after(() => world.end());

  test('the one that asked last gets the messages: a customer of one is answered by the agent of the other', async () => {
    await start('ann');
    await say('first');
    assert.deepEqual(await answers(1), ['ann: first']);
    assert.equal((await seen()).conflicts['700000003'], 0);
    // Its first request for updates ends the one that waits, and that gateway then asks no more for half a minute.
    await start('zed');
    for (const end = Date.now() + 60_000; (await seen()).conflicts['700000003'] === 0; await sleep(200)) assert.ok(Date.now() < end, 'no conflict');
    await say('second');
    assert.deepEqual(await answers(2), ['ann: first', 'zed: second']);
  });

  test('a scan names the two and says what happens', async () => {
    const found = await scan(world);
    const [ann, zed] = ['ann', 'zed'].map(
      (name) => found.matrix.find(({ cells }) => cells['state-directory']?.value.includes(`/home/${name}/`))?.tenant,
    );
    failed(found, 'channel.telegram-bot-shared', ann ?? assert.fail('ann'), zed ?? assert.fail('zed'));
  });
});
