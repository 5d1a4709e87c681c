import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { health, hello, takeTurn } from './gateway-client.ts';

// These are hostile or broken gateways; what a good one says is asked of a real one in real.test.ts.

async function withServer(server: Server, use: (port: number) => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  try {
    await use((server.address() as AddressInfo).port); // a TCP listener
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function upgrading(talk: (socket: Duplex) => void): Server {
  return createServer().on('upgrade', (request, socket) => {
    socket.on('error', () => undefined);
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`);
    talk(socket);
  });
}

test('nobody there, and somebody who is no gateway, are refusals and not exceptions', async () => {
  const gone = await hello({ port: 1, token: 'x' });
  assert.ok(!gone.ok && gone.code === 'ECONNREFUSED');
  await withServer(
    createServer((_request, response) => response.end('hi')),
    async (port) => {
      assert.equal((await hello({ port, token: 'x' })).ok, false);
      assert.equal((await health(port)).ok, false);
      assert.equal((await takeTurn({ port, token: 'x', message: 'hi' })).ok, false);
    },
  );
});

test('a gateway that says nothing is left after the time-out', async () => {
  await withServer(
    upgrading(() => undefined),
    async (port) => {
      const answer = await hello({ port, token: 'x', timeoutMs: 100 });
      assert.ok(!answer.ok && answer.code === 'ETIMEDOUT');
    },
  );
});

test('a gateway that sends without end is cut off', async () => {
  const frame = Buffer.concat([Buffer.from([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0]), Buffer.alloc(200_000, 0x20)]);
  await withServer(
    upgrading((socket) => {
      for (let count = 0; count < 20; count += 1) socket.write(frame);
    }),
    async (port) => {
      const answer = await hello({ port, token: 'x', maxBytes: 100_000 });
      assert.ok(!answer.ok && /more than 100000 bytes/.test(answer.why), JSON.stringify(answer));
    },
  );
  await withServer(
    createServer((_request, response) => response.end(Buffer.alloc(200_000))),
    async (port) => {
      const answer = await health(port, { maxBytes: 1000 });
      assert.ok(!answer.ok && /larger than 1000 bytes/.test(answer.why));
    },
  );
});

test('a closed connection and broken JSON are refusals', async () => {
  await withServer(
    upgrading((socket) => socket.end()),
    async (port) => assert.equal((await hello({ port, token: 'x' })).ok, false),
  );
  await withServer(
    upgrading((socket) => socket.write(Buffer.from([0x81, 1, 0x7b]))),
    async (port) => {
      const answer = await hello({ port, token: 'x' });
      assert.ok(!answer.ok && /not JSON/.test(answer.why));
    },
  );
});
