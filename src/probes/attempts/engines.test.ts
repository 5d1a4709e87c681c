import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { engine } from './engines.ts';

test('what listens where an engine would on TCP counts only if it answers like one', async () => {
  let said = 'OK';
  const server = createServer((_incoming, response) => response.end(said));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (at: string): ReturnType<typeof engine> => engine({ kind: 'engine', at });
  assert.deepEqual(await ask(`tcp://127.0.0.1:${port}`), { ok: true, got: `127.0.0.1:${port} answers like an engine` });
  said = '<html>';
  assert.deepEqual(await ask(`tcp://127.0.0.1:${port}`), { ok: false, code: 'NOT-AN-ENGINE' });
  server.close();
  server.closeAllConnections();
  assert.deepEqual(await ask(`tcp://127.0.0.1:${port}`), { ok: false, code: 'ECONNREFUSED' });
  assert.deepEqual(await ask('$BULKHEAD_TEST_NOT_SET'), { ok: false, code: 'NOT-SET' });
  assert.deepEqual(await ask('ssh://somebody@elsewhere'), { ok: false, code: 'ERROR an address of another kind' });
});

test('an engine among one’s own processes is told apart from any other, where one may be there', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-engine-'));
  const path = join(folder, 'docker.sock');
  const server = createServer((_incoming, response) => response.end('OK'));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  context.after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  assert.deepEqual(await engine({ kind: 'engine', at: `unix://${path}`, own: true }), { ok: false, code: 'OWN-ENGINE' });
  assert.equal((await engine({ kind: 'engine', at: `unix://${path}` })).ok, true);
});
