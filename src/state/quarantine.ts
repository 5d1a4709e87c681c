/** Which tenants are in quarantine: kept here, so that a later apply keeps them there whatever the manifest says. */
import type { TenantId } from '../core/words.ts';
import type { Database } from './database.ts';

export interface Quarantine {
  /** ISO time. */
  readonly since: string;
  /** Who put it there. */
  readonly by: string;
  /** Directory of what was secured beforehand. */
  readonly evidence: string;
}

export function quarantines(database: Database): ReadonlyMap<TenantId, Quarantine> {
  const rows = database.guarded((db) => db.prepare('SELECT tenant, since, by, evidence FROM quarantine ORDER BY tenant').all());
  return new Map(
    rows.map((row) => [String(row['tenant']), { since: String(row['since']), by: String(row['by']), evidence: String(row['evidence']) }]),
  );
}

/** Who is in it already stays since then; the newest evidence counts. */
export function quarantine(database: Database, tenant: TenantId, { since, by, evidence }: Quarantine): void {
  database.writing((db) =>
    db
      .prepare(
        'INSERT INTO quarantine (tenant, since, by, evidence) VALUES (?, ?, ?, ?) ON CONFLICT (tenant) DO UPDATE SET evidence = excluded.evidence',
      )
      .run(tenant, since, by, evidence),
  );
}

export function release(database: Database, tenant: TenantId): void {
  database.writing((db) => db.prepare('DELETE FROM quarantine WHERE tenant = ?').run(tenant));
}
