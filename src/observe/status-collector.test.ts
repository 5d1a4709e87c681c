import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { main } from './status-collector.ts';

const skip = process.platform === 'linux' ? false : 'needs Linux';

test('a port that no gateway of the tenant holds is told, and nobody is asked there', { skip }, async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const uid = process.geteuid?.() ?? 0;
    const { host, hellos } = await main({
      // This process holds the port and is no gateway.
      host: { names: [], tenants: [{ tenant: 'acme', pid: process.pid, port, paths: [] }] },
      gateways: [{ tenant: 'acme', door: { rung: 'profile', port, uid }, ask: { ask: 'hello', port, tokenFile: '/nonexistent', timeoutMs: 1000 } }],
    });
    const listener = host.tenants['acme']?.listener;
    assert.ok(listener?.ok === true && listener.value?.holders.some(({ pid }) => pid === process.pid));
    assert.deepEqual(hellos, {});
    assert.equal(connections, 0);
  } finally {
    server.close();
  }
});
