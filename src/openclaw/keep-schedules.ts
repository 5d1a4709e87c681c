/**
 * Runs as the tenant, on its copy of a cell's state, before any gateway has: scheduled jobs are kept under the path of a store, which is another one
 * now. OpenClaw remembers a store at another path than the usual one under `cron.store`; that is what is written. Source: openclaw 2026.9.6 dist
 * `paths-*` (resolveCronJobsStorePath), `config-machine-state-*`; seen by listing the jobs of a copied cell.
 */
import { lstatSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export interface KeepSchedules {
  /** The database of the state directory. */
  readonly file: string;
  /** The state directory in which they were made, as its gateway called it. */
  readonly from: string;
}

const REMEMBERED = 'cron.store';

/** How many jobs the new gateway will find; `kept` false where there was nothing to write. */
export async function main({ file, from }: KeepSchedules): Promise<{ readonly jobs: number; readonly kept: boolean }> {
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return { jobs: 0, kept: false };
  const database = new DatabaseSync(file);
  try {
    // What an agent wrote into its schema runs nothing.
    database.exec('PRAGMA trusted_schema = OFF');
    if (!isTable(database, 'cron_jobs') || !isTable(database, 'config_machine_state')) return { jobs: 0, kept: false };
    const store = `${from}/cron/jobs.json`;
    const jobs = Number(database.prepare('SELECT count(*) AS jobs FROM cron_jobs WHERE store_key = ?').get(store)?.['jobs']);
    if (jobs === 0) return { jobs, kept: false };
    const { changes } = database
      .prepare('INSERT INTO config_machine_state (state_key, value_json, updated_at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
      .run(REMEMBERED, JSON.stringify(store), Date.now());
    return { jobs, kept: Number(changes) === 1 };
  } finally {
    database.close();
  }
}

function isTable(database: DatabaseSync, name: string): boolean {
  const found = database.prepare('SELECT type, sql FROM sqlite_schema WHERE name = ? LIMIT 1').get(name);
  return found?.['type'] === 'table' && /^CREATE TABLE/i.test(String(found['sql']));
}
