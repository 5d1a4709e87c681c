/** Which tenants got the data of a cell of `openclaw fleet`: a copy that is not whole must not be started, nor a tenant beside its cell. */
import type { TenantId } from '../core/words.ts';
import type { Database } from './database.ts';

export interface Adoption {
  readonly cell: string;
  /** Directory of the host with the cell's own data. */
  readonly data: string;
  /** ISO times. */
  readonly since: string;
  /** Absent while the copy is not whole. */
  readonly finished?: string;
}

export function adoptions(database: Database): ReadonlyMap<TenantId, Adoption> {
  const rows = database.guarded((db) => db.prepare('SELECT tenant, cell, data, since, finished FROM adoption ORDER BY tenant').all());
  return new Map(
    rows.map(({ tenant, cell, data, since, finished }) => [
      String(tenant),
      { cell: String(cell), data: String(data), since: String(since), ...(finished === null ? {} : { finished: String(finished) }) },
    ]),
  );
}

/** One that has begun keeps its beginning. */
export function startAdoption(database: Database, tenant: TenantId, { cell, data, since }: Pick<Adoption, 'cell' | 'data' | 'since'>): void {
  database.writing((db) =>
    db.prepare('INSERT INTO adoption (tenant, cell, data, since) VALUES (?, ?, ?, ?) ON CONFLICT (tenant) DO NOTHING').run(tenant, cell, data, since),
  );
}

export function finishAdoption(database: Database, tenant: TenantId, at: string): void {
  database.writing((db) => db.prepare('UPDATE adoption SET finished = ? WHERE tenant = ?').run(at, tenant));
}

export function forgetAdoption(database: Database, tenant: TenantId): void {
  database.writing((db) => db.prepare('DELETE FROM adoption WHERE tenant = ?').run(tenant));
}
