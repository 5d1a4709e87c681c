/** Which tenant has which block of ports, so that it keeps it. The allocator judges clashes: it knows who shares a host. */
import type { PortBlock } from '../core/blueprint.ts';
import type { TenantId } from '../core/words.ts';
import type { Database } from './database.ts';

export function portLeases(database: Database): ReadonlyMap<TenantId, PortBlock> {
  const rows = database.guarded((db) => db.prepare('SELECT tenant, first, last FROM port_lease ORDER BY first, tenant').all());
  return new Map(rows.map((row) => [String(row['tenant']), { first: Number(row['first']), last: Number(row['last']) }]));
}

/** All or nothing. Tenants that are not named keep theirs. */
export function savePortLeases(database: Database, leases: ReadonlyMap<TenantId, PortBlock>): void {
  database.writing((db) => {
    const save = db.prepare('INSERT OR REPLACE INTO port_lease (tenant, first, last) VALUES (?, ?, ?)');
    for (const [tenant, { first, last }] of leases) save.run(tenant, first, last);
  });
}

export function forgetPortLease(database: Database, tenant: TenantId): void {
  database.writing((db) => db.prepare('DELETE FROM port_lease WHERE tenant = ?').run(tenant));
}
