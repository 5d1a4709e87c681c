import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { WatchEvent } from '../core/watch.ts';
import { replaceFile } from './metrics-file.ts';
import { webhookAddress, webhookFrom, webhookTo } from './webhook.ts';

const EVENT: WatchEvent = { event: 'verdict', at: '2026-11-28T12:00:00.000Z', fleet: 'f', verdict: 'fail', exitCode: 4, changed: [] };

async function receiver(t: TestContext, statuses: readonly number[]) {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const status = statuses[bodies.length] ?? 200;
      bodies.push(body);
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { bodies, url: `http://127.0.0.1:${address.port}/planted-secret-path` };
}

function hookTo(url: string) {
  const failures: string[] = [];
  const pauses: number[] = [];
  const hook = webhookTo({
    address: () => webhookAddress(url),
    sleep: async (milliseconds) => void pauses.push(milliseconds),
    onFailure: (why) => failures.push(why),
  });
  return { hook, failures, pauses };
}

test('an event is posted as JSON, and once more after an error of the receiver', async (t) => {
  const { bodies, url } = await receiver(t, [503, 200]);
  const { hook, failures, pauses } = hookTo(url);
  hook.send(EVENT);
  await hook.settled();
  assert.equal(bodies.length, 2);
  const { event: _event, ...told } = EVENT;
  assert.deepEqual(JSON.parse(bodies[1] ?? ''), { schemaVersion: 1, kind: 'bulkhead.watch', ...told });
  assert.deepEqual([failures, pauses], [[], [1000]]);
});

test('what is not delivered in three tries is told without the address, and later ones still go out', async (t) => {
  const { bodies, url } = await receiver(t, [500, 500, 500]);
  const { hook, failures, pauses } = hookTo(url);
  hook.send(EVENT);
  hook.send({ ...EVENT, verdict: 'pass' });
  await hook.settled();
  assert.equal(bodies.length, 4);
  assert.deepEqual(failures, ['the webhook was not reached in 3 tries: it answered 500']);
  assert.deepEqual(pauses, [1000, 5000]);
});

test('a closed port and a redirect are failures that say no address', async (t) => {
  const closed = hookTo('http://127.0.0.1:9/planted-secret-path');
  closed.hook.send(EVENT);
  const { bodies, url } = await receiver(t, [302, 302, 302]);
  const moved = hookTo(url);
  moved.hook.send(EVENT);
  await Promise.all([closed.hook.settled(), moved.hook.settled()]);
  assert.equal(bodies.length, 3, 'nobody followed');
  for (const { failures } of [closed, moved]) {
    assert.equal(failures.length, 1);
    assert.doesNotMatch(failures[0] ?? '', /planted|127\.0/);
  }
});

test('of an address that answers nobody only so many deliveries wait', async () => {
  const { hook, failures } = hookTo('http://127.0.0.1:9/');
  for (let number = 0; number < 25; number += 1) hook.send(EVENT);
  assert.equal(failures.length, 5);
  assert.match(failures[0] ?? '', /20 earlier deliveries still wait/);
  await hook.settled();
});

test('an address is https, or http on the loopback, without user and password; a refusal does not repeat it', () => {
  for (const good of ['https://hooks.example.net/T0/secret', 'http://127.0.0.1:9000/x', 'http://localhost/x', 'http://[::1]:8080/'])
    assert.equal(webhookAddress(good), good);
  for (const bad of [
    'http://hooks.example.net/secret',
    'http://127.0.0.1.example.net/secret',
    'https://u:secret@example.net/',
    'ftp://127.0.0.1/secret',
    'secret',
    '',
  ])
    assert.throws(
      () => webhookAddress(bad),
      (error: unknown) => error instanceof Error && !error.message.includes('secret'),
    );
});

test('an address comes from a file that others cannot read', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-hook-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'webhook');
  writeFileSync(file, 'https://hooks.example.net/T0/secret\n', { mode: 0o600 });
  assert.equal(webhookFrom(file), 'https://hooks.example.net/T0/secret');
  chmodSync(file, 0o604);
  assert.throws(() => webhookFrom(file), /cannot be read/);
  assert.throws(() => webhookFrom(join(folder, 'none')), /cannot be read/);
});

test('a metrics file is replaced as a whole, never written through a link', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-metrics-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'precious'), 'kept');
  symlinkSync('precious', join(folder, 'b.prom'));
  replaceFile(join(folder, 'b.prom'), 'one\n', 7);
  replaceFile(join(folder, 'b.prom'), 'two\n', 7);
  assert.equal(readFileSync(join(folder, 'precious'), 'utf8'), 'kept');
  assert.equal(readFileSync(join(folder, 'b.prom'), 'utf8'), 'two\n');
  assert.equal(statSync(join(folder, 'b.prom')).mode & 0o777, 0o644);
  assert.deepEqual(readdirSync(folder).toSorted(), ['b.prom', 'precious']);
});
