/** Which tenant has which block of ports, and on which host, so that it keeps it. The allocator judges clashes. */
import type { PortBlock } from '../core/blueprint.ts';
import type { HostId, TenantId } from '../core/words.ts';
import type { Database } from './database.ts';

export interface PortLease extends PortBlock {
  /** Absent: the operator's own machine. */
  readonly host?: HostId;
}

export function portLeases(database: Database): ReadonlyMap<TenantId, PortLease> {
  const rows = database.guarded((db) => db.prepare('SELECT tenant, first, last, host FROM port_lease ORDER BY first, tenant').all());
  return new Map(
    rows.map(({ tenant, first, last, host }) => [
      String(tenant),
      { first: Number(first), last: Number(last), ...(host === null ? {} : { host: String(host) }) },
    ]),
  );
}

/** All or nothing. Tenants that are not named keep theirs. */
export function savePortLeases(database: Database, leases: ReadonlyMap<TenantId, PortLease>): void {
  database.writing((db) => {
    const save = db.prepare('INSERT OR REPLACE INTO port_lease (tenant, first, last, host) VALUES (?, ?, ?, ?)');
    for (const [tenant, { first, last, host = 'local' }] of leases) save.run(tenant, first, last, host === 'local' ? null : host);
  });
}

export function forgetPortLease(database: Database, tenant: TenantId): void {
  database.writing((db) => db.prepare('DELETE FROM port_lease WHERE tenant = ?').run(tenant));
}
