/** What a checklist says, before it is printed; also the document of `checklist --json`. */
import type { VerifyReport } from '../core/report.ts';
import type { Rung, Severity, TenantId, Trust } from '../core/words.ts';
import type { ChecklistItem } from './items.ts';
import type { Limit } from './limits.ts';

export interface SharedWith {
  readonly tenant: TenantId;
  /** Absent: nobody named the risk, or it has run out. */
  readonly risk?: { readonly risk: string; readonly owner: string; readonly until: string };
}

export interface ChecklistRow {
  readonly number: number;
  readonly item: ChecklistItem;
  readonly label: string;
  readonly value: string;
  readonly unique: 'yes' | 'no' | 'unknown' | 'none';
  /** Why it is unknown. */
  readonly why?: string;
  readonly sharedWith: readonly SharedWith[];
  /** Ids of checks and probes that looked at this row and found it in order. */
  readonly verifiedBy: readonly string[];
  /** Checks and probes that found it broken, and were not accepted. From `high` on they make the page incomplete. */
  readonly failed: readonly { readonly id: string; readonly severity: Severity }[];
}

export interface ChecklistProblem {
  readonly kind: 'unnamed-share' | 'unknown' | 'failed';
  readonly item: ChecklistItem;
  readonly message: string;
  readonly hint: string;
}

/** What `--json` prints. */
export interface ChecklistDocument {
  readonly schemaVersion: 1;
  readonly kind: 'bulkhead.checklist';
  readonly fleet: string;
  readonly manifestSha256: string;
  readonly tenant: TenantId;
  readonly owner: string;
  readonly data: string;
  readonly trust: Trust;
  readonly rung: Rung;
  readonly phase: VerifyReport['phase'];
  readonly generatedAt: string;
  readonly verifiedAt: string;
  readonly openclaw: string;
  readonly audit: string;
  readonly policy: string;
  readonly rows: readonly ChecklistRow[];
  /** Never empty. */
  readonly notIsolated: readonly Limit[];
  /** Never empty. */
  readonly notVerified: readonly string[];
  readonly complete: boolean;
  readonly problems: readonly ChecklistProblem[];
}
