import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import * as v from 'valibot';
import { collect as run, COLLECTOR_KEY, got, NOBODY, tree } from '../../test/support/collector.ts';
import { requires } from '../../test/support/requires.ts';
import { TreeCollected } from './tree-collected.ts';
import type { TreeRequest } from './tree-collector.ts';

const linux = requires({ linux: true, programs: ['perl'] });

async function collect(request: Partial<TreeRequest>, as: object = {}): Promise<v.InferOutput<typeof TreeCollected>> {
  const whole = { key: COLLECTOR_KEY, roots: [], closed: [], databases: [], marks: [], ...request };
  return v.parse(TreeCollected, await run('tree-collector', whole, as));
}

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

test(
  'links that lead out of the tree are told, also into a closed one; links within it are not',
  { skip: requires({ root: true }) },
  async (context) => {
    const root = tree(context);
    chmodSync(root, 0o755);
    mkdirSync(join(root, 'neighbour/workspace'), { recursive: true });
    chmodSync(join(root, 'neighbour'), 0o700);
    mkdirSync(join(root, 'own/workspace/deep'), { recursive: true });
    symlinkSync('../../../neighbour/workspace', join(root, 'own/workspace/deep/out'));
    symlinkSync('deep', join(root, 'own/workspace/in'));
    symlinkSync('absent', join(root, 'own/workspace/nowhere'));
    symlinkSync('round', join(root, 'own/workspace/round'));
    const { links } = await collect({ roots: [join(root, 'own')] }, NOBODY);
    assert.deepEqual(got(links), [{ path: join(root, 'own/workspace/deep/out'), real: join(root, 'neighbour/workspace') }]);
  },
);

test('modes and owners are told of a closed path and everything above it', { skip: linux }, async (context) => {
  const root = tree(context);
  mkdirSync(join(root, 'a/state'), { recursive: true });
  chmodSync(join(root, 'a'), 0o2750);
  chmodSync(join(root, 'a/state'), 0o700);
  symlinkSync('a', join(root, 'link'));
  const { objects, closed } = got((await collect({ closed: [{ what: 'state', path: join(root, 'link/state') }] })).access);
  assert.deepEqual(closed, [{ what: 'state', path: join(root, 'a/state') }]);
  assert.deepEqual([objects[join(root, 'a')]?.mode, objects[join(root, 'a')]?.groupBits], [0o2750, 5]);
  assert.ok(objects['/'] !== undefined && objects[root] !== undefined && objects[join(root, 'link')] === undefined);
});

test(
  'access control lists are told as far as their mask lets them, default ones apart',
  { skip: requires({ root: true, linux: true, programs: ['setfacl', 'perl'] }) },
  async (context) => {
    const root = tree(context);
    chmodSync(root, 0o755);
    mkdirSync(join(root, 'state'), { mode: 0o700 });
    chownSync(join(root, 'state'), NOBODY.uid, NOBODY.gid);
    execFileSync('setfacl', ['-d', '-m', 'u:1234:rx,o:r', join(root, 'state')]);
    execFileSync('setfacl', ['-m', 'u:1234:rwx,g:1235:rx,m:rx', join(root, 'state')]);
    const { objects } = got((await collect({ closed: [{ what: 'state', path: join(root, 'state') }] }, NOBODY)).access);
    const state = objects[join(root, 'state')];
    assert.deepEqual(state?.named, [
      { to: 'user', id: 1234, bits: 5 },
      { to: 'group', id: 1235, bits: 5 },
    ]);
    assert.equal(state?.groupBits, 0);
    assert.deepEqual(
      state?.inherited?.named.filter(({ to }) => to === 'user'),
      [{ to: 'user', id: 1234, bits: 5 }],
    );
    assert.equal(state?.inherited?.otherBits, 4);
  },
);

test('a copied state has the marks of its original, one of its own has others', async (context) => {
  const root = tree(context);
  const marks = (name: string): TreeRequest['marks'] => [
    { what: 'device identity', file: join(root, name, 'x.sqlite'), table: 'device_identities', columns: ['device_id'] },
    { what: 'journal key', file: join(root, name, 'x.key') },
  ];
  for (const [name, id] of [
    ['a', 'one'],
    ['b', 'two'],
  ] as const) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'x.key'), `KEY-${name}`);
    const database = new DatabaseSync(join(root, name, 'x.sqlite'));
    database.exec(`CREATE TABLE device_identities (device_id TEXT); INSERT INTO device_identities VALUES ('${id}')`);
    database.close();
  }
  cpSync(join(root, 'a'), join(root, 'copy'), { recursive: true });
  mkdirSync(join(root, 'empty'));
  const look = async (name: string): Promise<readonly string[]> =>
    got((await collect({ marks: marks(name) })).stores).marks.map(({ digest }) => digest);
  assert.deepEqual(await look('copy'), await look('a'));
  assert.equal(new Set([...(await look('a')), ...(await look('b'))]).size, 4);
  assert.deepEqual(await look('empty'), []);
});

test('a table that is a view is not read, and a database that is none is unknown', async (context) => {
  const root = tree(context);
  const file = join(root, 'x.sqlite');
  const database = new DatabaseSync(file);
  database.exec(
    'CREATE VIEW device_identities AS WITH RECURSIVE n(device_id) AS (SELECT 1 UNION ALL SELECT device_id FROM n) SELECT device_id FROM n',
  );
  database.close();
  const mark = { what: 'x', file, table: 'device_identities', columns: ['device_id'] };
  const { stores } = await collect({ marks: [mark] });
  assert.match(stores.ok ? '' : stores.why, /no plain table/);
  writeFileSync(join(root, 'text'), 'not a database at all, but long enough to be one'.repeat(50));
  assert.equal((await collect({ marks: [{ ...mark, file: join(root, 'text') }] })).stores.ok, false);
});

test('a database is known by its file, whatever it is called', async (context) => {
  const root = tree(context);
  writeFileSync(join(root, 'a'), '');
  linkSync(join(root, 'a'), join(root, 'b'));
  writeFileSync(join(root, 'b-wal'), '');
  const [a, b, wal] = got((await collect({ databases: [join(root, 'a'), join(root, 'b')] })).stores).databases;
  assert.equal(a?.identity, b?.identity);
  assert.equal(wal?.path, join(root, 'b-wal'));
});
