import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { main } from './keep-schedules.ts';

const from = '/home/node/.openclaw';

function databaseIn(t: TestContext, sql: string): string {
  const place = mkdtempSync(join(tmpdir(), 'bulkhead-cron-'));
  t.after(() => rmSync(place, { recursive: true }));
  const file = join(place, 'openclaw.sqlite');
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
  return file;
}

const remembered = (file: string): readonly unknown[] => {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare('SELECT state_key, value_json FROM config_machine_state').all();
  database.close();
  return rows.map((row) => [row['state_key'], row['value_json']]);
};

const TABLES = `CREATE TABLE cron_jobs (store_key TEXT, job_id TEXT) STRICT;
  CREATE TABLE config_machine_state (state_key TEXT NOT NULL PRIMARY KEY, value_json TEXT NOT NULL, updated_at_ms INTEGER NOT NULL) STRICT;`;

test('jobs of the old place are found again, and a second run changes nothing', async (t) => {
  const file = databaseIn(t, `${TABLES} INSERT INTO cron_jobs VALUES ('${from}/cron/jobs.json', 'a');`);
  assert.deepEqual(await main({ file, from }), { jobs: 1, kept: true });
  assert.deepEqual(await main({ file, from }), { jobs: 1, kept: false });
  assert.deepEqual(remembered(file), [['cron.store', `"${from}/cron/jobs.json"`]]);
});

test('where there is none, or a store of its own is remembered, nothing is written', async (t) => {
  const none = databaseIn(t, TABLES);
  assert.deepEqual([await main({ file: none, from }), remembered(none)], [{ jobs: 0, kept: false }, []]);
  const own = databaseIn(
    t,
    `${TABLES} INSERT INTO cron_jobs VALUES ('${from}/cron/jobs.json', 'a'); INSERT INTO config_machine_state VALUES ('cron.store', '"/own"', 1);`,
  );
  assert.deepEqual([await main({ file: own, from }), remembered(own)], [{ jobs: 1, kept: false }, [['cron.store', '"/own"']]]);
  assert.deepEqual(await main({ file: `${none}.absent`, from }), { jobs: 0, kept: false });
});

test('a view in the place of a table is left alone', async (t) => {
  const file = databaseIn(t, `CREATE VIEW cron_jobs AS SELECT 'x' AS store_key; CREATE TABLE config_machine_state (state_key TEXT);`);
  assert.deepEqual(await main({ file, from }), { jobs: 0, kept: false });
});
