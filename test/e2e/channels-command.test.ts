/** `bulkhead channels` as an operator types it, on a fleet that is not built: nothing is started, and only a server of the test's own is asked. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { trial, type Trial } from '../support/bulkhead.ts';

const TOKENS = { 'acme.bot': '700000001:AAplanted-0000000000000000000000000', 'globex.bot': '700000002:AAplanted-1111111111111111111111111' };
const SAME_BOT = '700000001:AAplanted-2222222222222222222222222';

interface Document {
  readonly exitCode: number;
  readonly channels: readonly { readonly tenant: string; readonly channel: string; readonly account?: string; readonly knownBy: readonly string[] }[];
  readonly shared: readonly { readonly check: string; readonly tenants: readonly string[] }[];
  readonly unsaid: readonly { readonly tenant: string; readonly what: string; readonly attention: boolean }[];
}

describe('bulkhead channels', () => {
  let here: Trial;
  let server: Server;
  let url = '';
  const asked: string[] = [];

  const tenant = (id: string, more = ''): string => `  ${id}:
    boundary: { owner: ${id}@example.test, data: d, members: [a] }
    policy: support
    channels:
      telegram: { botToken: { file: ${here.folder}/keys/${id}.bot } }
${more}`;
  const list = async (...flags: readonly string[]): Promise<Document> => {
    const { stdout, stderr, exit } = await here.run('channels', '--json', ...flags);
    assert.doesNotMatch(stdout + stderr, /planted/);
    const document = JSON.parse(stdout) as Document;
    assert.equal(document.exitCode, exit);
    return document;
  };

  before(async () => {
    here = trial();
    for (const [name, token] of Object.entries(TOKENS)) here.write(`keys/${name}`, token);
    here.write(
      'bulkhead.yaml',
      `fleet: f\ntrust: clients\ntenants:\n${tenant('acme', '      whatsapp: { number: "+491700000000" }\n')}${tenant('globex')}`,
    );
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(JSON.stringify({ ok: true, result: { id: Number(/bot(\d+):/.exec(request.url ?? '')?.[1]) } }));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.close();
    await here.end([]);
  });

  test('whose account is whose, without asking anybody', async () => {
    const { channels, shared, exitCode } = await list();
    assert.deepEqual(
      channels.map(({ tenant, channel, account, knownBy }) => [tenant, channel, account, knownBy.join('+')]),
      [
        ['acme', 'whatsapp', 'number 491700000000', 'declared'],
        ['acme', 'telegram', '700000001', 'token'],
        ['globex', 'telegram', '700000002', 'token'],
      ],
    );
    assert.deepEqual([shared, exitCode, asked], [[], 0, []]);
  });

  test('asked online, the provider tells whose token it is', async () => {
    const { channels, unsaid, exitCode } = await list('--online', '--provider-url', `telegram=${url}`);
    assert.deepEqual(
      channels.filter(({ channel }) => channel === 'telegram').map(({ knownBy }) => knownBy),
      [
        ['token', 'online'],
        ['token', 'online'],
      ],
    );
    assert.deepEqual(asked, [`/bot${TOKENS['acme.bot']}/getMe`, `/bot${TOKENS['globex.bot']}/getMe`]);
    assert.deepEqual(
      unsaid.map(({ tenant, what, attention }) => [tenant, what, attention]),
      [['acme', 'whatsapp online', false]],
    );
    assert.equal(exitCode, 0);
  });

  test('a provider that does not answer leaves it open: exit 3', async () => {
    assert.equal((await list('--online', '--provider-url', 'telegram=http://127.0.0.1:1')).exitCode, 3);
  });

  test('one bot under two tokens is one bot: exit 1', async () => {
    here.write('keys/globex.bot', SAME_BOT);
    const { shared, exitCode } = await list();
    assert.deepEqual(
      shared.map(({ check, tenants }) => [check, tenants]),
      [['channel.telegram-bot-shared', ['acme', 'globex']]],
    );
    assert.equal(exitCode, 1);
    const { stdout } = await here.run('channels');
    assert.match(stdout, /✗ channel\.telegram-bot-shared: acme and globex share one Telegram bot: whichever gateway asked Telegram last/);
  });

  test('a token that is not there could be anybody’s: exit 3', async () => {
    here.write('keys/globex.bot', '');
    const { unsaid, exitCode } = await list();
    assert.deepEqual(
      unsaid.map(({ tenant, what }) => [tenant, what]),
      [['globex', 'telegram']],
    );
    assert.equal(exitCode, 3);
    assert.doesNotMatch((await here.run('channels')).stdout, /✓/);
  });
});
