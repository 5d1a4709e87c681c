/** Questions to providers, asked of a server of the test's own. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Channel } from '../core/fleet.ts';
import { ASKABLE } from '../openclaw/channels/online.ts';
import { DECLARED } from '../openclaw/channels/index.ts';
import { askProvider, type Told } from './ask-provider.ts';

const TOKEN = '700000001:planted-token_of-the-operator';
const never = new AbortController().signal;

/** Its address; every request as `METHOD path authorization`. */
async function serve(context: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    answer(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function account(kind: string, settings: Channel['settings'] = {}, field?: string): Channel {
  const own = field ?? DECLARED.get(kind)?.declared.online?.secret;
  return { kind, settings, secrets: own === undefined ? [] : [{ field: own, source: { kind: 'env', name: 'T' } }], allowFrom: [], rooms: [] };
}

const ANSWERS: Readonly<Record<string, { readonly asked: string; readonly body: object; readonly accounts: readonly string[] }>> = {
  telegram: { asked: `GET /bot${TOKEN}/getMe`, body: { ok: true, result: { id: 700000001, username: 'acme_bot' } }, accounts: ['700000001'] },
  slack: {
    asked: `POST /api/auth.test Bearer ${TOKEN}`,
    body: { ok: true, team_id: 'T01', user_id: 'U01' },
    accounts: ['user U01 of workspace T01'],
  },
  discord: { asked: `GET /api/v10/users/@me Bot ${TOKEN}`, body: { id: '123456789012345678' }, accounts: ['application 123456789012345678'] },
  matrix: {
    asked: `GET /_matrix/client/v3/account/whoami Bearer ${TOKEN}`,
    body: { user_id: '@Acme:matrix.example' },
    accounts: ['user @acme:matrix.example'],
  },
  mattermost: { asked: `GET /api/v4/users/me Bearer ${TOKEN}`, body: { id: 'x', username: 'acme-bot' }, accounts: ['bot acme-bot at chat.example'] },
};

test('each provider is asked in its own way, with the token where it wants it, and tells the account', async (context) => {
  assert.deepEqual([...ASKABLE].toSorted(), Object.keys(ANSWERS).toSorted());
  for (const [kind, { asked, body, accounts }] of Object.entries(ANSWERS)) {
    const { url, requests } = await serve(context, (_request, response) => void response.end(JSON.stringify(body)));
    const told = await askProvider({ channel: account(kind, { baseUrl: 'https://chat.example' }), token: TOKEN, base: `${url}/` }, never);
    assert.deepEqual(told, { state: 'told', accounts, server: `${url}/` });
    assert.deepEqual(requests, [asked]);
  }
});

test('the server that the manifest names is asked, when nobody names another', async (context) => {
  const { url, requests } = await serve(context, (_request, response) => void response.end('{"user_id":"@a:m"}'));
  await askProvider({ channel: account('matrix', { homeserver: url }), token: TOKEN }, never);
  assert.equal(requests.length, 1);
});

test('no answer of any kind tells an account, or the token', async (context) => {
  const target = await serve(context, (_request, response) => void response.end('{"ok":true,"result":{"id":1}}'));
  const cases: readonly (readonly [RegExp, (request: IncomingMessage, response: ServerResponse) => void])[] = [
    [/does not take this token \(HTTP 401\)/, (_request, response) => void response.writeHead(401).end('{"ok":false}')],
    [/it answered HTTP 500/, (request, response) => void response.writeHead(500).end(`no such thing: ${request.url}`)],
    [/names no account/, (_request, response) => void response.end('<html>')],
    [/names no account/, (_request, response) => void response.end('{"ok":false,"error":"invalid_auth"}')],
    [/names no account/, (_request, response) => void response.end('{"ok":true,"result":{"id":"1\\n2 x"}}')],
    [/names no account/, (_request, response) => void response.end('[1]')],
    [/failed, was redirected/, (request, response) => void response.writeHead(302, { location: `${target.url}${request.url}` }).end()],
    [/too long/, (_request, response) => void response.end('x'.repeat(1 << 20))],
    [/no answer within 0\.3 s/, () => undefined],
    [/UND_ERR_SOCKET|ECONNRESET/, (_request, response) => void response.destroy()],
  ];
  for (const [says, answer] of cases) {
    const { url, requests } = await serve(context, answer);
    const told = await askProvider({ channel: account('telegram'), token: TOKEN, base: url, timeoutMs: 300 }, never);
    assert.equal(told.state, 'failed');
    assert.match(why(told), says);
    assert.equal(requests.length, 1);
    assert.doesNotMatch(JSON.stringify(told), /planted-token/);
  }
  assert.deepEqual(target.requests, []);
});

test('a token is sent over TLS or to the loopback, nowhere else', async () => {
  for (const base of ['http://192.0.2.1', 'http://127.0.0.1.example', 'ftp://127.0.0.1', 'nonsense']) {
    const told = await askProvider({ channel: account('discord'), token: TOKEN, base, timeoutMs: 200 }, never);
    assert.match(why(told), /https:\/\/ only/);
  }
});

test('who cannot be asked is not asked, and it is said why', async () => {
  for (const kind of DECLARED.keys())
    if (!ASKABLE.includes(kind)) assert.equal((await askProvider({ channel: account(kind), token: TOKEN }, never)).state, 'not-available');
  assert.match(why(await askProvider({ channel: account('matrix', {}, 'password'), token: TOKEN }, never)), /asked with accessToken/);
  assert.match(why(await askProvider({ channel: account('slack'), token: undefined }, never)), /botToken is not provided here/);
});

test('an interrupted question is no answer', async (context) => {
  const { url } = await serve(context, () => undefined);
  const control = new AbortController();
  setTimeout(() => control.abort(), 50);
  await assert.rejects(askProvider({ channel: account('telegram'), token: TOKEN, base: url }, control.signal), { name: 'AbortError' });
});

function why(told: Told): string {
  return told.state === 'told' ? '' : told.why;
}
