import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as v from 'valibot';
import { selfContained, sibling } from '../hosts/self-contained.ts';
import { NetworkCollected } from './network-collected.ts';
import type { NetworkRequest } from './network-collector.ts';

const linux = process.platform === 'linux' ? false : 'needs Linux: it reads /proc';
const asRoot = process.getuid?.() === 0 ? false : 'needs root: it gives files to another user';
const EMPTY: NetworkRequest = {
  key: 'ab'.repeat(32),
  pids: [],
  proxyFiles: [],
  envFiles: [],
  keyFiles: [],
  keyNames: ['OPENAI_API_KEY', 'OPENAI_API_KEYS'],
  urlNames: ['OPENAI_API_BASE_URLS'],
};

function collect(request: Partial<NetworkRequest>): Promise<v.InferOutput<typeof NetworkCollected>> {
  const { args, stdin } = selfContained(sibling(import.meta.url, 'network-collector'), { ...EMPTY, ...request });
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [...args], { timeout: 20_000 }, (error, stdout) =>
      error === null ? resolve(v.parse(NetworkCollected, JSON.parse(stdout))) : reject(error),
    );
    child.stdin?.end(stdin);
  });
}

/** Below a directory that others cannot write to, as an operator's would be. */
function folder(context: TestContext): string {
  const root = realpathSync(mkdtempSync(join(process.getuid?.() === 0 ? '/var/lib' : (process.env['HOME'] ?? '/'), 'bulkhead-network-')));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

test('listening sockets are told with address, owner and holder; the ephemeral ports as the kernel says', { skip: linux }, async (context) => {
  const open = async (host: string): Promise<number> => {
    const server = createServer();
    context.after(() => server.close());
    return await new Promise((resolve) => server.listen(0, host, () => resolve((server.address() as { port: number }).port)));
  };
  const [four, mapped] = [await open('127.0.0.1'), await open('0.0.0.0')];
  const { sockets, portRange } = await collect({ pids: [process.pid, 4_000_000] });
  assert.ok(sockets.ok && portRange.ok);
  const of = (port: number) => sockets.value.filter((socket) => socket.port === port);
  assert.deepEqual(
    [four, mapped].map((port) => of(port).map(({ address, uid, pids }) => ({ address, uid, held: pids.includes(process.pid) }))),
    ['127.0.0.1', '0.0.0.0'].map((address) => [{ address, uid: process.getuid?.(), held: true }]),
  );
  assert.ok(portRange.value.first < portRange.value.last);
});

test('environment files give digests of keys and addresses without what may be secret', { skip: linux }, async (context) => {
  const root = folder(context);
  const path = join(root, 'webui.env');
  writeFileSync(
    path,
    "# x\nWEBUI_SECRET_KEY=nobody\nexport OPENAI_API_KEYS='sk-a; sk-b'\nOPENAI_API_BASE_URLS=http://u:pw@127.0.0.1:20000/v1?k=1;http://b/v1\n",
  );
  writeFileSync(join(root, 'key'), 'sk-a\n');
  writeFileSync(join(root, 'other'), 'A=b\n');
  const seen = await collect({ envFiles: [path, join(root, 'other'), join(root, 'absent')], keyFiles: [join(root, 'key')] });
  const found = seen.envFiles[path];
  assert.ok(found?.ok);
  assert.deepEqual(
    found.value.urls.map(({ url }) => url),
    ['http://127.0.0.1:20000/v1', 'http://b/v1'],
  );
  assert.deepEqual(
    found.value.keys
      .map(({ digest }) => digest)
      .includes(seen.keyFiles[join(root, 'key')]?.ok === true ? (seen.keyFiles[join(root, 'key')] as { value: string }).value : ''),
    true,
  );
  assert.equal(found.value.keys.length, 2);
  assert.ok(!/sk-|pw|nobody/.test(JSON.stringify(seen)));
  const why = (name: string): string => {
    const one = seen.envFiles[join(root, name)];
    return one?.ok === false ? one.why : 'seen';
  };
  assert.match(why('other'), /sets none of/);
  assert.match(why('absent'), /ENOENT/);
});

test('a file or a link that somebody else made is not followed', { skip: asRoot }, async (context) => {
  const root = folder(context);
  mkdirSync(join(root, 'theirs'));
  writeFileSync(join(root, 'ours.conf'), 'ours');
  symlinkSync('ours.conf', join(root, 'enabled.conf'));
  symlinkSync(join(root, 'ours.conf'), join(root, 'theirs/link.conf'));
  chownSync(join(root, 'theirs'), 65534, 65534);
  const why = async (path: string): Promise<string> => {
    const { proxies } = await collect({ proxyFiles: [join(root, path)] });
    return proxies.ok ? `read ${proxies.value[0]?.text}` : proxies.why;
  };
  assert.equal(await why('enabled.conf'), 'read ours');
  assert.match(await why('theirs/link.conf'), /belongs to uid 65534/);
  assert.match(await why('../../../tmp/absent'), /ENOENT/);
  assert.match(await why('theirs'), /belongs to uid|plain file/);
});
