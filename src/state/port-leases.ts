/** Which tenant has which block of ports, so that it keeps it. */
import type { PortBlock } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { TenantId } from '../core/words.ts';
import type { Database } from './database.ts';

export function portLeases(database: Database): ReadonlyMap<TenantId, PortBlock> {
  const rows = database.guarded((db) => db.prepare('SELECT tenant, first, last FROM port_lease ORDER BY first').all());
  return new Map(rows.map((row) => [String(row['tenant']), { first: Number(row['first']), last: Number(row['last']) }]));
}

/** All or nothing. Throws BulkheadError `apply` when two tenants' blocks would overlap. */
export function savePortLeases(database: Database, leases: ReadonlyMap<TenantId, PortBlock>): void {
  database.writing((db) => {
    // Two tenants may swap blocks: their old rows must not be in the way of the new ones.
    const remove = db.prepare('DELETE FROM port_lease WHERE tenant = ?');
    for (const tenant of leases.keys()) remove.run(tenant);
    const insert = db.prepare('INSERT OR IGNORE INTO port_lease (tenant, first, last) VALUES (?, ?, ?)');
    for (const [tenant, { first, last }] of leases) {
      if (insert.run(tenant, first, last).changes === 0) throw overlap(`${tenant} and another tenant`, first, last);
    }
    const clash = db
      .prepare(
        'SELECT * FROM (SELECT tenant, first, last, lag(tenant) OVER w AS other, lag(last) OVER w AS before FROM port_lease WINDOW w AS (ORDER BY first)) WHERE before >= first',
      )
      .get();
    if (clash !== undefined) throw overlap(`${String(clash['other'])} and ${String(clash['tenant'])}`, Number(clash['first']), Number(clash['last']));
  });
}

export function forgetPortLease(database: Database, tenant: TenantId): void {
  database.writing((db) => db.prepare('DELETE FROM port_lease WHERE tenant = ?').run(tenant));
}

function overlap(who: string, first: number, last: number): BulkheadError {
  return new BulkheadError(
    'apply',
    `${who} would both have ports of ${first}-${last}`,
    'change or leave out the port of one of them in the manifest',
  );
}
