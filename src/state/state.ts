/** What Bulkhead remembers: port leases, the lease of the running change, receipts and verifications. One file, no secrets. */
import type { Receipt } from '../core/plan.ts';
import type { VerifyReport } from '../core/report.ts';
import type { TenantId } from '../core/words.ts';
import { adoptions, finishAdoption, forgetAdoption, startAdoption, type Adoption } from './adoptions.ts';
import { openDatabase } from './database.ts';
import { acquireLease, leaseHolder, type Lease, type LeaseHolder, type LeaseRequest } from './lease.ts';
import { forgetPortLease, portLeases, savePortLeases, type PortLease } from './port-leases.ts';
import { keepReceipt, listReceipts, listRuns, type ReceiptQuery, type RunSummary } from './receipts.ts';
import { quarantine, quarantines, release, type Quarantine } from './quarantine.ts';
import { checkChain, keepVerification, latestOf, latestVerification, type ChainState, type StoredVerification } from './verifications.ts';

/** Every method throws BulkheadError `host` when the file is full, damaged, locked or not ours. */
export interface State {
  portLeases(): ReadonlyMap<TenantId, PortLease>;
  /** Adds and changes the named tenants' blocks; others stay. */
  savePortLeases(leases: ReadonlyMap<TenantId, PortLease>): void;
  forgetPortLease(tenant: TenantId): void;
  /** Throws BulkheadError `lease` that names the holder. */
  acquireLease(request: LeaseRequest): Lease;
  leaseHolder(): LeaseHolder | undefined;
  /** Durable when it returns. */
  keepReceipt(receipt: Receipt): void;
  receipts(query?: ReceiptQuery): readonly Receipt[];
  runs(limit?: number): readonly RunSummary[];
  /** Returns the new head of the evidence chain. */
  keepVerification(report: VerifyReport): string;
  latestVerification(): StoredVerification | undefined;
  /** Of one fleet, with whether it is still what was stored. */
  latestVerificationOf(fleet: string): (StoredVerification & { readonly sound: boolean }) | undefined;
  checkChain(): ChainState;
  quarantines(): ReadonlyMap<TenantId, Quarantine>;
  /** Stays until `release`, over reboots and applies. */
  quarantine(tenant: TenantId, quarantine: Quarantine): void;
  release(tenant: TenantId): void;
  adoptions(): ReadonlyMap<TenantId, Adoption>;
  /** Stays until it is forgotten; one that has begun keeps its beginning. */
  startAdoption(tenant: TenantId, adoption: Pick<Adoption, 'cell' | 'data' | 'since'>): void;
  finishAdoption(tenant: TenantId, at: string): void;
  forgetAdoption(tenant: TenantId): void;
  close(): void;
}

/** Opens or creates the file at `path` (mode 0600). */
export function openState(path: string, now: () => Date = () => new Date()): State {
  const database = openDatabase(path);
  return {
    portLeases: () => portLeases(database),
    savePortLeases: (leases) => savePortLeases(database, leases),
    forgetPortLease: (tenant) => forgetPortLease(database, tenant),
    acquireLease: (request) => acquireLease(database, request, now),
    leaseHolder: () => leaseHolder(database, now),
    keepReceipt: (receipt) => keepReceipt(database, receipt),
    receipts: (query = {}) => listReceipts(database, query),
    runs: (limit = 20) => listRuns(database, limit),
    keepVerification: (report) => keepVerification(database, report, now),
    latestVerification: () => latestVerification(database),
    latestVerificationOf: (fleet) => latestOf(database, fleet),
    checkChain: () => checkChain(database),
    quarantines: () => quarantines(database),
    quarantine: (tenant, how) => quarantine(database, tenant, how),
    release: (tenant) => release(database, tenant),
    adoptions: () => adoptions(database),
    startAdoption: (tenant, adoption) => startAdoption(database, tenant, adoption),
    finishAdoption: (tenant, at) => finishAdoption(database, tenant, at),
    forgetAdoption: (tenant) => forgetAdoption(database, tenant),
    close: () => database.close(),
  };
}
