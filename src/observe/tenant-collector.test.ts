import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import { collect as run, COLLECTOR_KEY, got, NOBODY, tree } from '../../test/support/collector.ts';
import { requires, testInstall } from '../../test/support/requires.ts';
import { TenantCollected } from './collected.ts';
import type { TenantRequest } from './tenant-collector.ts';

const NO_RULES = { tells: [], keys: [], plain: [] };

async function collect(
  request: Partial<TenantRequest>,
  as: { readonly uid?: number; readonly gid?: number } = {},
): Promise<v.InferOutput<typeof TenantCollected>> {
  const whole = { key: COLLECTOR_KEY, paths: [], rules: NO_RULES, openclaw: testInstall().openclaw, ...request };
  return v.parse(TenantCollected, await run('tenant-collector', whole, as));
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
  const seen = got((await collect({ configFile: file, rules: { ...NO_RULES, keys: ['*.here'] } })).config);
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
  const paths = [{ role: 'state', path: join(root, 'closed/state') }];
  assert.equal((await collect({ paths }, NOBODY)).paths.ok, false);
  const [elsewhere] = got((await collect({ paths: paths.map((one) => ({ ...one, elsewhere: true })) }, NOBODY)).paths);
  assert.deepEqual([elsewhere?.real, elsewhere?.exists], [join(root, 'closed/state'), false]);
});

test('names that a directory takes for equal are told in lower case, others are not', async (context) => {
  const root = tree(context);
  // One file under both names is what a file system that folds case looks like.
  writeFileSync(join(root, 'Data'), '');
  linkSync(join(root, 'Data'), join(root, 'dATA'));
  writeFileSync(join(root, 'Other'), '');
  const paths = ['Data', 'Other', 'Absent'].map((name) => ({ role: 'state', path: join(root, name) }));
  const [folding, plain, absent] = got((await collect({ paths })).paths);
  assert.equal(folding?.folded, join(root, 'data'));
  assert.deepEqual([plain?.folded, absent?.folded], [undefined, undefined]);
});

test('a folder with the mark of a synchronising program is told', async (context) => {
  const root = tree(context);
  mkdirSync(join(root, 'a/.stfolder'), { recursive: true });
  const [inside, beside] = got((await collect({ paths: ['a/b/c', 'd'].map((name) => ({ role: 'state', path: join(root, name) })) })).paths);
  assert.deepEqual([inside?.synced, beside?.synced], [join(root, 'a/.stfolder'), undefined]);
});
