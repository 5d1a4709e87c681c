import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { requires } from '../../test/support/requires.ts';
import { CELL_BEHIND } from '../openclaw/fleet-cells.ts';
import { main, type CellData } from './cell-data.ts';

function temporary(t: TestContext): string {
  const place = mkdtempSync(join(tmpdir(), 'bulkhead-cell-'));
  t.after(() => rmSync(place, { recursive: true }));
  for (const directory of ['data/workspace', 'data/agents/main', 'data/cache', 'elsewhere']) mkdirSync(join(place, directory), { recursive: true });
  return place;
}

const look = (place: string): Promise<CellData> =>
  main({ root: join(place, 'data'), behind: CELL_BEHIND, apart: 'workspace', settings: 'openclaw.json' });

test('files are counted, settings and caches stay behind, and keys of the config are told without values', async (t) => {
  const place = temporary(t);
  writeFileSync(join(place, 'data/agents/main/a.sqlite'), '12345');
  writeFileSync(join(place, 'data/cache/much'), 'x');
  writeFileSync(join(place, 'data/openclaw.json'), '{"channels":{"telegram":{"botToken":"1:secret"}},"cron":{"failureAlert":{"after":{"deep":1}}}}');
  for (const name of ['openclaw.json.bak', '.env', 'openclaw.jsonx']) writeFileSync(join(place, 'data', name), '');
  assert.deepEqual(await look(place), {
    files: 2,
    links: 0,
    bytes: 5,
    behind: ['.env', 'cache', 'openclaw.json', 'openclaw.json.bak'],
    leftOut: [],
    refused: [],
    hasApart: true,
    settings: ['channels.telegram.botToken', 'cron.failureAlert.after'],
  });
});

test('a link is kept where its text stays inside, also across folders, and left out where it leads out or to what moves', async (t) => {
  const place = temporary(t);
  const link = (at: string, to: string): void => symlinkSync(to, join(place, 'data', at));
  link('agents/kept', 'main/./a');
  link('workspace/kept', '../workspace/x');
  link('absolute', join(place, 'data/agents'));
  link('climbs', '../elsewhere');
  link('agents/climbs', 'main/../../../data/agents');
  link('agents/across', '../workspace/x');
  link('workspace/across', '../agents');
  const { links, leftOut } = await look(place);
  assert.equal(links, 2);
  assert.deepEqual(leftOut.map(({ path }) => path).toSorted(), ['absolute', 'agents/across', 'agents/climbs', 'climbs', 'workspace/across']);
});

test('a link in the place of the workspace is no workspace', async (t) => {
  const place = temporary(t);
  rmSync(join(place, 'data/workspace'), { recursive: true });
  symlinkSync(join(place, 'elsewhere'), join(place, 'data/workspace'));
  const { hasApart, leftOut } = await look(place);
  assert.deepEqual([hasApart, leftOut.map(({ path }) => path)], [false, ['workspace']]);
});

test('further names of a file are fine while all of them are inside, and refused otherwise', async (t) => {
  const place = temporary(t);
  writeFileSync(join(place, 'data/agents/one'), 'x');
  linkSync(join(place, 'data/agents/one'), join(place, 'data/workspace/two'));
  assert.deepEqual((await look(place)).refused, []);
  linkSync(join(place, 'data/agents/one'), join(place, 'elsewhere/three'));
  const [odd] = (await look(place)).refused;
  assert.match(odd?.why ?? '', /further name outside/);
});

test('pipes are left out; what cannot be named, and is to be left out, is refused', async (t) => {
  const place = temporary(t);
  execFileSync('mkfifo', [join(place, 'data/pipe')]);
  symlinkSync('/etc/passwd', Buffer.concat([Buffer.from(`${place}/data/`), Buffer.from([0xff, 0x61])]));
  const { leftOut, refused } = await look(place);
  assert.deepEqual(leftOut, [{ path: 'pipe', why: 'a named pipe' }]);
  assert.match(refused[0]?.why ?? '', /its name cannot be written/);
});

test('devices are refused', { skip: requires({ root: true, programs: ['mknod'] }) }, async (t) => {
  const place = temporary(t);
  execFileSync('mknod', [join(place, 'data/disk'), 'b', '7', '200']);
  assert.deepEqual((await look(place)).refused, [{ path: 'disk', why: 'it is a device' }]);
});

test('what is no directory is no cell’s data', async (t) => {
  const place = temporary(t);
  symlinkSync(join(place, 'data'), join(place, 'link'));
  await assert.rejects(main({ root: join(place, 'link'), behind: '^$', apart: 'workspace', settings: 'openclaw.json' }), /is not a directory/);
});
