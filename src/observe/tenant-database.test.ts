import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { readTable } from './tenant-database.ts';

const LIMITS = { rows: 10, characters: 100 };

function directory(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'bulkhead-database-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Another program that writes one row into a file with a log, and keeps it open: what a running gateway does. */
async function writer(context: TestContext, file: string): Promise<() => Promise<void>> {
  const program = `
    const database = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE kept (name TEXT); INSERT INTO kept VALUES ('one')");
    process.stdout.write('ready');
    setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['-e', program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };
  context.after(end);
  await once(child.stdout, 'data');
  return end;
}

function snapshot(path: string): readonly string[] {
  return readdirSync(path).map((name) => {
    const found = statSync(join(path, name), { bigint: true });
    return [
      name,
      found.ino,
      found.size,
      found.mtimeNs,
      createHash('sha256')
        .update(readFileSync(join(path, name)))
        .digest('hex'),
    ].join(' ');
  });
}

test('nothing is changed beside a file that another program has open, or left open when it was killed', async (context) => {
  const path = directory(context);
  const file = join(path, 'x.sqlite');
  const kill = await writer(context, file);
  const read = (): unknown => readTable({ file, table: 'kept', columns: ['name'] }, LIMITS).map((row) => row['name']);
  const before = snapshot(path);
  assert.equal(before.length, 3);
  assert.deepEqual([read(), snapshot(path)], [['one'], before]);
  await kill();
  assert.deepEqual([read(), snapshot(path)], [['one'], before]);
  // The control: an ordinary reader does leave its mark.
  const ordinary = new DatabaseSync(file, { readOnly: true });
  ordinary.prepare('SELECT name FROM kept').all();
  ordinary.close();
  assert.notDeepEqual(snapshot(path), before);
});

test('what lies in a log without its index is unknown, not left out', async (context) => {
  const path = directory(context);
  const file = join(path, 'x.sqlite');
  await (
    await writer(context, file)
  )();
  rmSync(`${file}-shm`);
  assert.throws(() => readTable({ file, table: 'kept', columns: ['name'] }, LIMITS), /copied with its log/);
  assert.deepEqual(readdirSync(path).toSorted(), ['x.sqlite', 'x.sqlite-wal']);
});

test('a log that never answers, too many rows and too long a value are refused', (context) => {
  const path = directory(context);
  const file = join(path, 'x.sqlite');
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE many (n TEXT); CREATE TABLE wide (n TEXT); INSERT INTO wide VALUES (printf('%.200c', 'x'))");
  for (let row = 0; row < 11; row += 1) database.exec('INSERT INTO many VALUES (1)');
  database.close();
  const read = (table: string): unknown => readTable({ file, table, columns: ['n'] }, LIMITS);
  assert.throws(() => read('many'), /more than 10 rows/);
  assert.throws(() => read('wide'), /more than 100 characters/);
  assert.deepEqual(read('none'), []);
  execFileSync('mkfifo', [`${file}-wal`]);
  assert.throws(() => read('many'), /not a plain file/);
  writeFileSync(join(path, 'short'), '');
  assert.deepEqual(readTable({ file: join(path, 'short'), table: 'many', columns: ['n'] }, LIMITS), []);
});
