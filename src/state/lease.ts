/** The lease that one process holds while it changes a fleet; readable by the next one that wants it. */
import { BulkheadError } from '../core/error.ts';
import type { Database } from './database.ts';
import { identify, livenessOf, type ProcessIdentity } from './process-identity.ts';

export interface LeaseRequest {
  readonly user: string;
  readonly pid: number;
  /** What it is doing, e.g. `apply`. */
  readonly command: string;
}

export interface LeaseHolder extends ProcessIdentity {
  readonly user: string;
  readonly command: string;
  readonly acquiredAt: string;
}

export interface Lease {
  /** Idempotent; never takes away a lease that somebody else has meanwhile. */
  release(): void;
}

/** A holder that cannot be asked whether it lives (another machine's) loses the lease after this. */
const UNKNOWN_HOLDER_MS = 60 * 60 * 1000;

/** Throws BulkheadError `lease` that names the holder. A dead holder's lease is taken over. */
export function acquireLease(database: Database, request: LeaseRequest, now: () => Date): Lease {
  const holder: LeaseHolder = { ...identify(request.pid), user: request.user, command: request.command, acquiredAt: now().toISOString() };
  const written = JSON.stringify(holder);
  const heldBy = database.writing((db) => {
    const current = parseHolder(db.prepare('SELECT holder FROM apply_lease').get());
    if (current !== undefined && stillHolds(current, now())) return current;
    db.prepare('INSERT INTO apply_lease (one, holder) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET holder = excluded.holder').run(written);
    return undefined;
  });
  if (heldBy !== undefined) throw refused(heldBy);
  return {
    release: () => void database.writing((db) => db.prepare('DELETE FROM apply_lease WHERE holder = ?').run(written)),
  };
}

/** Who holds the lease now; undefined when nobody does or its holder is dead. */
export function leaseHolder(database: Database, now: () => Date): LeaseHolder | undefined {
  const holder = database.guarded((db) => parseHolder(db.prepare('SELECT holder FROM apply_lease').get()));
  return holder !== undefined && stillHolds(holder, now()) ? holder : undefined;
}

function stillHolds(holder: LeaseHolder, now: Date): boolean {
  switch (livenessOf(holder)) {
    case 'alive':
      return true;
    case 'dead':
      return false;
    case 'unknown':
      return now.getTime() - Date.parse(holder.acquiredAt) < UNKNOWN_HOLDER_MS;
  }
}

function parseHolder(row: Record<string, unknown> | undefined): LeaseHolder | undefined {
  if (row === undefined) return undefined;
  // Only acquireLease writes this row.
  return JSON.parse(String(row['holder'])) as LeaseHolder;
}

function refused({ user, host, pid, command, acquiredAt }: LeaseHolder): BulkheadError {
  return new BulkheadError(
    'lease',
    `${user} is running bulkhead ${command} on ${host} (pid ${pid}) since ${acquiredAt}`,
    `wait until it has ended, or look at it: ps -fp ${pid}`,
  );
}
