import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { http } from './network.ts';

/** Answers with these statuses in turn, then with the last one. */
async function serving(statuses: readonly number[]) {
  let asked = 0;
  const server = createServer((_request, response) => {
    response.statusCode = statuses[Math.min(asked, statuses.length - 1)] ?? 200;
    asked += 1;
    response.end('said');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, asked: () => asked, end: () => server.close() };
}

test('a server that fails for a moment is asked again, and what it then says counts', async (context) => {
  const busy = await serving([503, 200]);
  context.after(busy.end);
  assert.deepEqual(await http({ host: '127.0.0.1', port: busy.port, path: '/', ms: 3000 }), { ok: true, got: 'HTTP 200 said' });
  assert.equal(busy.asked(), 2);
});

test('a token is sent once, and a failing server is no success', async (context) => {
  const failing = await serving([503]);
  context.after(failing.end);
  const answer = await http({ host: '127.0.0.1', port: failing.port, path: '/', ms: 3000, token: 'none' });
  assert.deepEqual(answer, { ok: false, code: 'HTTP 503' });
  assert.equal(failing.asked(), 1);
});

test('its own token is sent again to its own gateway', async (context) => {
  const busy = await serving([500, 500, 200]);
  context.after(busy.end);
  const answer = await http({ host: '127.0.0.1', port: busy.port, path: '/', ms: 3000, token: 'none', ownToken: true });
  assert.deepEqual(answer, { ok: true, got: 'HTTP 200 said' });
  assert.equal(busy.asked(), 3);
});
