import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, chmodSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as v from 'valibot';
import { requires, testInstall } from '../../test/support/requires.ts';
import { selfContained, sibling } from '../hosts/self-contained.ts';
import { TenantCollected } from './collected.ts';
import type { TenantRequest } from './tenant-collector.ts';

// As a tenant's user too: a Node of the checkout may lie in a folder closed to it.
const NODE = existsSync(testInstall().node) ? testInstall().node : process.execPath;

const KEY = 'ab'.repeat(32);
const NOBODY = { uid: 65534, gid: 65534 };

function tree(context: TestContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-collector-')));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** As it travels: text on standard input of a Node of its own, with a limit of time that a hanging read would pass. */
function collect(
  request: Partial<TenantRequest>,
  as: { readonly uid?: number; readonly gid?: number } = {},
): Promise<v.InferOutput<typeof TenantCollected>> {
  const { args, stdin } = selfContained(sibling(import.meta.url, 'tenant-collector'), {
    key: KEY,
    paths: [],
    roots: [],
    rules: { tells: [], keys: [], plain: [] },
    ...request,
  });
  return new Promise((resolve, reject) => {
    const child = execFile(NODE, [...args], { timeout: 60_000, env: {}, cwd: '/', ...as }, (error, stdout) =>
      error === null ? resolve(v.parse(TenantCollected, JSON.parse(stdout))) : reject(error),
    );
    child.stdin?.end(stdin);
  });
}

function got<T>(seen: { ok: true; value: T } | { ok: false; why: string }): T {
  assert.ok(seen.ok, seen.ok ? '' : seen.why);
  return seen.value;
}

test('a path through a link is told by where it leads, an absent one by where it would be', async (context) => {
  const root = tree(context);
  mkdirSync(join(root, 'real'), { mode: 0o700 });
  symlinkSync('real', join(root, 'link'));
  const [linked, absent] = got(
    (
      await collect({
        paths: [
          { role: 'state', path: join(root, 'link') },
          { role: 'workspace', path: join(root, 'link/a/b') },
        ],
      })
    ).paths,
  );
  assert.deepEqual([linked?.real, linked?.exists, linked?.mode], [join(root, 'real'), true, 0o700]);
  assert.match(linked?.identity ?? '', /^\d+:\d+$/);
  assert.deepEqual([absent?.real, absent?.exists], [join(root, 'real/a/b'), false]);
});

test('a link to nothing is told by what it names', async (context) => {
  const root = tree(context);
  symlinkSync('absent/../there', join(root, 'link'));
  const [seen] = got((await collect({ paths: [{ role: 'state', path: join(root, 'link/below') }] })).paths);
  assert.deepEqual([seen?.real, seen?.exists], [join(root, 'there/below'), false]);
});

test('links that go round in a circle are unknown', async (context) => {
  const root = tree(context);
  symlinkSync('two', join(root, 'one'));
  symlinkSync('one', join(root, 'two'));
  assert.equal((await collect({ paths: [{ role: 'state', path: join(root, 'one') }] })).paths.ok, false);
});

test('a link into the closed tree of a neighbour is told by what it names', { skip: requires({ root: true }) }, async (context) => {
  const root = tree(context);
  chmodSync(root, 0o755);
  mkdirSync(join(root, 'neighbour'), { mode: 0o700 });
  mkdirSync(join(root, 'neighbour/workspace'));
  symlinkSync(join(root, 'neighbour/workspace'), join(root, 'link'));
  const { paths } = await collect({ paths: [{ role: 'workspace', path: join(root, 'link') }] }, NOBODY);
  assert.equal(got(paths)[0]?.real, join(root, 'neighbour/workspace'));
});

test('hard links are found, links and FIFOs are not followed, names may be any bytes', async (context) => {
  const root = tree(context);
  mkdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0x0a])]));
  writeFileSync(join(root, 'one'), 'x');
  linkSync(join(root, 'one'), Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0x0a]), Buffer.from('/two')]));
  symlinkSync('/', join(root, 'everything'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  const links = got((await collect({ roots: [root] })).hardLinks);
  assert.equal(links.length, 2);
  assert.equal(new Set(links.map(({ identity }) => identity)).size, 1);
});

test('a walk that is cut short is unknown, never a shorter list', async (context) => {
  const root = tree(context);
  for (let at = 0; at < 20; at += 1) writeFileSync(join(root, String(at)), '');
  const { hardLinks } = await collect({ roots: [root], limits: { entries: 10 } });
  assert.match(hardLinks.ok ? '' : hardLinks.why, /cut short/);
});

test('a config comes with its secrets masked, also those that nobody listed', async (context) => {
  const root = tree(context);
  const file = join(root, 'openclaw.json');
  const config = {
    gateway: { port: 1, auth: { token: 'VALUE-ONE' } },
    odd: { myPassword: 'VALUE-TWO', tokenFile: '/x' },
    listed: { here: 'VALUE-THREE' },
    ['__proto__x']: 1,
  };
  writeFileSync(file, JSON.stringify(config));
  const seen = got((await collect({ configFile: file, rules: { tells: [], keys: ['*.here'], plain: [] } })).config);
  const text = JSON.stringify(seen);
  assert.doesNotMatch(text, /VALUE/);
  assert.match(text, /"port":1/);
  assert.match(text, /"tokenFile":"\/x"/);
});

test('a config that is a FIFO, a link, too large or no JSON is unknown at once, and none of it is quoted', async (context) => {
  const root = tree(context);
  execFileSync('mkfifo', [join(root, 'fifo')]);
  symlinkSync('/etc/hostname', join(root, 'link'));
  writeFileSync(join(root, 'huge'), '');
  truncateSync(join(root, 'huge'), 5 * 2 ** 30);
  writeFileSync(join(root, 'broken'), '{"token":"VALUE"');
  for (const name of ['fifo', 'link', 'huge', 'broken', 'absent']) {
    const { config } = await collect({ configFile: join(root, name) });
    assert.equal(config.ok, false, name);
    assert.doesNotMatch(JSON.stringify(config), /VALUE/);
  }
});

test('a directory that the tenant closed to itself is unknown', { skip: requires({ root: true }) }, async (context) => {
  const root = tree(context);
  chmodSync(root, 0o755);
  mkdirSync(join(root, 'closed'), { mode: 0 });
  const seen = await collect({ roots: [root], paths: [{ role: 'state', path: join(root, 'closed/state') }] }, NOBODY);
  assert.equal(seen.hardLinks.ok, false);
  assert.equal(seen.paths.ok, false);
});
