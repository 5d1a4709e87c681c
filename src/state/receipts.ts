/** What was run on hosts, step by step: one durable row each. What went to standard input is never among it. */
import type { Receipt } from '../core/plan.ts';
import type { Database } from './database.ts';

export interface ReceiptQuery {
  readonly runId?: string;
  readonly tenant?: string;
  /** The newest so many; 1000 when absent. */
  readonly limit?: number;
}

export interface RunSummary {
  readonly runId: string;
  readonly startedAt: string;
  readonly steps: number;
  readonly outcome: Receipt['outcome'];
}

export function keepReceipt(database: Database, receipt: Receipt): void {
  const { runId, step, tenant, host, title, argv, outcome, exit, startedAt, durationMs } = receipt;
  database.writing((db) =>
    db
      .prepare(
        'INSERT INTO receipt (run_id, step, tenant, host, title, argv, outcome, exit, started_at, duration_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(runId, step, tenant ?? null, host ?? null, title, JSON.stringify(argv), outcome, exit, startedAt, Math.round(durationMs)),
  );
}

/** Oldest first. */
export function listReceipts(database: Database, query: ReceiptQuery): readonly Receipt[] {
  const { runId = null, tenant = null, limit = 1000 } = query;
  const rows = database.guarded((db) =>
    db
      .prepare('SELECT * FROM receipt WHERE (?1 IS NULL OR run_id = ?1) AND (?2 IS NULL OR tenant = ?2) ORDER BY sequence DESC LIMIT ?3')
      .all(runId, tenant, limit),
  );
  return rows.toReversed().map(toReceipt);
}

/** Newest first; a run is as good as its worst step. */
export function listRuns(database: Database, limit: number): readonly RunSummary[] {
  const rows = database.guarded((db) =>
    db
      .prepare(
        `SELECT run_id, min(started_at) AS started_at, count(*) AS steps, max(outcome = 'failed') AS failed, max(outcome = 'interrupted') AS interrupted
         FROM receipt GROUP BY run_id ORDER BY max(sequence) DESC LIMIT ?`,
      )
      .all(limit),
  );
  return rows.map((row) => ({
    runId: String(row['run_id']),
    startedAt: String(row['started_at']),
    steps: Number(row['steps']),
    outcome: row['failed'] === 1 ? 'failed' : row['interrupted'] === 1 ? 'interrupted' : 'done',
  }));
}

function toReceipt(row: Record<string, unknown>): Receipt {
  const { tenant, host } = row;
  return {
    runId: String(row['run_id']),
    step: String(row['step']),
    ...(tenant === null ? {} : { tenant: String(tenant) }),
    ...(host === null ? {} : { host: String(host) }),
    title: String(row['title']),
    // Only keepReceipt writes these two columns.
    argv: JSON.parse(String(row['argv'])) as string[],
    outcome: String(row['outcome']) as Receipt['outcome'],
    exit: row['exit'] === null ? null : Number(row['exit']),
    startedAt: String(row['started_at']),
    durationMs: Number(row['duration_ms']),
  };
}
