import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import { requires } from '../../test/support/requires.ts';
import { selfContained, sibling } from '../hosts/self-contained.ts';
import { HostCollected } from './collected.ts';
import type { HostRequest } from './host-collector.ts';

function collect(part: Pick<HostRequest, 'names' | 'tenants'>): Promise<v.InferOutput<typeof HostCollected>> {
  const request: HostRequest = { masking: { key: 'ab'.repeat(32), rules: { tells: [], keys: [], plain: [] } }, ...part };
  const { args, stdin } = selfContained(sibling(import.meta.url, 'host-collector'), request);
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [...args], { timeout: 60_000 }, (error, stdout) =>
      error === null ? resolve(v.parse(HostCollected, JSON.parse(stdout))) : reject(error),
    );
    child.stdin?.end(stdin);
  });
}

const linux = process.platform === 'linux' ? false : 'needs Linux: it reads /proc';

test('a listener is told with the process that holds it, a free port as nothing', { skip: linux }, async (context) => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));
  context.after(() => server.close());
  const seen = await collect({
    names: [],
    tenants: [
      { tenant: 'a', port, paths: [] },
      { tenant: 'b', port: 1, paths: [] },
    ],
  });
  const listener = seen.tenants['a']?.listener;
  assert.ok(listener?.ok);
  assert.equal(listener.value?.address, '127.0.0.1');
  assert.deepEqual(
    listener.value?.holders.map(({ pid }) => pid),
    [process.pid],
  );
  assert.deepEqual(seen.tenants['b']?.listener, { ok: true, value: null });
});

test('a gateway is told with its ids, namespaces and only the variables that may be told', { skip: linux }, async (context) => {
  // The name is how a gateway is known; this test is about reading /proc, not about OpenClaw.
  const child = spawn(process.execPath, ['-e', 'process.title = "openclaw-gateway"; console.log("up"); setTimeout(() => {}, 300000)'], {
    env: { OPENCLAW_STATE_DIR: '/s', SECRET: 'VALUE-ONE' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  context.after(() => child.kill());
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const { pid } = child;
  assert.ok(pid !== undefined);
  const seen = (await collect({ names: ['OPENCLAW_STATE_DIR'], tenants: [{ tenant: 'a', pid, port: 1, paths: [] }] })).tenants['a']?.process;
  assert.ok(seen?.ok && seen.value !== null);
  assert.equal(seen.value.uid, process.getuid?.());
  assert.deepEqual(seen.value.environment, { OPENCLAW_STATE_DIR: '/s' });
  const { SECRET } = seen.value.variables;
  assert.match(typeof SECRET === 'object' ? SECRET.masked : '', /^[0-9a-f]{64}$/);
  assert.doesNotMatch(JSON.stringify(seen), /VALUE-ONE/);
  assert.match(seen.value.namespaces['net'] ?? '', /^\d+$/);
});

test('no boundary process is no gateway, one that is gone is unknown', { skip: linux }, async () => {
  const seen = await collect({
    names: [],
    tenants: [
      { tenant: 'a', port: 1, paths: [] },
      { tenant: 'b', pid: 4_194_303, port: 1, paths: [] },
    ],
  });
  assert.deepEqual(seen.tenants['a']?.process, { ok: true, value: null });
  assert.equal(seen.tenants['b']?.process.ok, false);
});

test('a bind mount and what it shows have one backing', { skip: requires({ root: true }) }, async (context) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-collector-')));
  const [source, target] = [join(root, 'source'), join(root, 'target')];
  mkdirSync(source);
  mkdirSync(target);
  execFileSync('mount', ['--bind', source, target]);
  context.after(() => {
    execFileSync('umount', [target]);
    rmSync(root, { recursive: true });
  });
  const backings = (await collect({ names: [], tenants: [{ tenant: 'a', port: 1, paths: [source, target, join(target, 'below')] }] })).tenants['a']
    ?.backings;
  assert.ok(backings?.ok);
  assert.deepEqual(backings.value[source], backings.value[target]);
  assert.equal(backings.value[join(target, 'below')]?.backing, `${backings.value[source]?.backing}/below`);
  assert.match(backings.value[source]?.fileSystem ?? '', /^[a-z0-9.]+$/);
  const around = (await collect({ names: [], tenants: [{ tenant: 'a', port: 1, paths: [root] }] })).tenants['a']?.backings;
  assert.ok(around?.ok);
  assert.deepEqual(Object.keys(around.value).toSorted(), [root, target], 'a mount below a path is told beside it');
  assert.deepEqual(around.value[target], backings.value[source]);
});
