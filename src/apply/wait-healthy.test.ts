import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { main } from './wait-healthy.ts';

/** A gateway that a tenant made up. */
async function listening(context: TestContext, answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // A listening TCP server has an address of this kind.
  return (server.address() as AddressInfo).port;
}

const again = (socket: Socket, text: string): void => {
  const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(text)), 5);
};

test('only a 200 is healthy', async (context) => {
  const port = await listening(context, (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
  assert.equal((await main({ port, deadlineMs: 500 })).healthy, true);
});

const hostile: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['says nothing', () => undefined],
  ['sends its headers byte by byte for ever', (socket) => (socket.write('HTTP/1.1 200 OK\r\nx: '), again(socket, 'x'))],
  ['says without end that it goes on', (socket) => again(socket, 'HTTP/1.1 102 Processing\r\n\r\n')],
  ['speaks another language', (socket) => socket.end('\u001b]0;garbage\u0007\r\n\r\n')],
];
for (const [what, answer] of hostile) {
  test(`a gateway that ${what} is not waited for`, { timeout: 30_000 }, async (context) => {
    const port = await listening(context, answer);
    const { healthy, last } = await main({ port, deadlineMs: 500 });
    assert.equal(healthy, false);
    assert.match(last, /^[A-Z_]+$/);
  });
}
