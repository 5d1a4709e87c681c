import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import { collect, COLLECTOR_KEY, got, NOBODY, tree } from '../../test/support/collector.ts';
import { requires, testInstall } from '../../test/support/requires.ts';
import { TenantCollected } from './collected.ts';

const json5 = { skip: requires({ openclaw: true }) };

async function read(configFile: string, change: object = {}, as: object = {}): Promise<v.InferOutput<typeof TenantCollected>> {
  const request = {
    key: COLLECTOR_KEY,
    paths: [],
    rules: { tells: [], keys: ['listed.here'], plain: [] },
    openclaw: testInstall().openclaw,
    configFile,
    ...change,
  };
  return v.parse(TenantCollected, await collect('tenant-collector', request, as));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test('JSON5 is read by the parser of the install, its secrets masked', json5, async (context) => {
  const file = join(tree(context), 'openclaw.json');
  writeFileSync(file, `{ // comment\n gateway: { port: 0x10, auth: { token: 'VALUE', }, }, listed: { here: 'VALUE' } }`);
  const config = got((await read(file)).config);
  assert.doesNotMatch(JSON.stringify(config), /VALUE/);
  assert.match(JSON.stringify(config), /"port":16/);
});

test('without that parser JSON5 is unknown, and plain JSON is read all the same', async (context) => {
  const root = tree(context);
  writeFileSync(join(root, 'a.json'), '{"x":1}');
  writeFileSync(join(root, 'b.json'), "{x:'VALUE'}");
  const openclaw = join(root, 'nothing/openclaw.mjs');
  assert.deepEqual(plain(got((await read(join(root, 'a.json'), { openclaw })).config)), { x: 1 });
  const { config, includes } = await read(join(root, 'b.json'), { openclaw });
  assert.match(config.ok ? '' : config.why, /could not be loaded/);
  assert.equal(includes.ok, false);
  assert.doesNotMatch(JSON.stringify(config), /VALUE/);
});

test('includes are put in place as OpenClaw does: lists join, later files and neighbouring keys win', async (context) => {
  const root = tree(context);
  mkdirSync(join(root, 'parts'));
  writeFileSync(join(root, 'parts/a.json'), '{"deny":["a"],"x":1,"deep":{"$include":"./inner.json"}}');
  writeFileSync(join(root, 'parts/inner.json'), '{"at":"parts"}');
  writeFileSync(join(root, 'parts/b.json'), '{"deny":["b"],"x":2}');
  writeFileSync(join(root, 'openclaw.json'), '{"tools":{"$include":["parts/a.json","./parts/b.json"],"deny":["c"]}}');
  const { config, includes } = await read(join(root, 'openclaw.json'));
  assert.deepEqual(plain(got(config)), { tools: { deny: ['a', 'b', 'c'], x: 2, deep: { at: 'parts' } } });
  assert.deepEqual(
    got(includes).map(({ declared, from }) => [declared.slice(root.length + 1), from.slice(root.length + 1)]),
    [
      ['parts/a.json', 'openclaw.json'],
      ['parts/inner.json', 'parts/a.json'],
      ['parts/b.json', 'openclaw.json'],
    ],
  );
});

test('secrets in an included file are masked by where they end up, and the file is told to hold some', async (context) => {
  const root = tree(context);
  writeFileSync(join(root, 'secret.json'), '{"here":"VALUE"}');
  writeFileSync(join(root, 'plain.json'), '{"x":1}');
  writeFileSync(join(root, 'openclaw.json'), '{"listed":{"$include":"secret.json"},"other":{"$include":"plain.json"}}');
  const seen = await read(join(root, 'openclaw.json'));
  assert.doesNotMatch(JSON.stringify(seen), /VALUE/);
  assert.deepEqual(
    got(seen.includes).map(({ holdsSecret }) => holdsSecret),
    [true, false],
  );
});

test('a secret deeper than anything real is not told', async (context) => {
  const file = join(tree(context), 'openclaw.json');
  writeFileSync(file, `${'{"a":'.repeat(50)}{"token":"VALUE"}${'}'.repeat(50)}`);
  assert.doesNotMatch(JSON.stringify(await read(file)), /VALUE/);
});

test('what cannot be included leaves the config unknown, names the file and quotes nothing of it', async (context) => {
  const root = tree(context);
  execFileSync('mkfifo', [join(root, 'fifo')]);
  writeFileSync(join(root, 'broken.json'), '{"token":"VALUE"');
  writeFileSync(join(root, 'loop.json'), '{"$include":"loop.json"}');
  for (const [name, why] of [
    ['fifo', /not a plain file/],
    ['broken.json', /neither JSON nor JSON5|could not be loaded/],
    ['absent.json', /ENOENT/],
    ['loop.json', /includes itself/],
    ['/dev/zero', /not a plain file/],
  ] as const) {
    const file = join(root, 'openclaw.json');
    writeFileSync(file, JSON.stringify({ x: { $include: name } }));
    const seen = await read(file);
    assert.match(seen.config.ok ? '' : seen.config.why, why, name);
    assert.doesNotMatch(JSON.stringify(seen), /VALUE/);
    if (seen.includes.ok) assert.ok(seen.includes.value[0]?.declared.endsWith(name), name);
  }
});

test('an include graph beyond its bounds is unknown, never a shorter one', async (context) => {
  const root = tree(context);
  writeFileSync(join(root, 'x.json'), '{}');
  writeFileSync(join(root, 'many.json'), JSON.stringify({ x: { $include: Array.from({ length: 201 }, () => 'x.json') } }));
  const { config, includes } = await read(join(root, 'many.json'));
  assert.equal(config.ok, false);
  assert.match(includes.ok ? '' : includes.why, /more than 200/);
});

test('an include in the closed tree of a neighbour is told by its path', { skip: requires({ root: true }) }, async (context) => {
  const root = tree(context);
  chmodSync(root, 0o755);
  mkdirSync(join(root, 'neighbour'), { mode: 0o700 });
  writeFileSync(join(root, 'neighbour/x.json'), '{}');
  symlinkSync('neighbour/x.json', join(root, 'link.json'));
  for (const name of ['neighbour/x.json', 'link.json']) {
    writeFileSync(join(root, 'openclaw.json'), JSON.stringify({ x: { $include: name } }), { mode: 0o644 });
    const { config, includes } = await read(join(root, 'openclaw.json'), {}, NOBODY);
    assert.equal(config.ok, false);
    assert.equal(got(includes)[0]?.real, join(root, 'neighbour/x.json'));
  }
});
