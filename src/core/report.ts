/** What one verification concluded: the input of every output format and document. */
import type { Facts } from './facts.ts';
import type { Finding } from './check.ts';
import type { PairCoverage, ProbeResult } from './probe.ts';
import type { TenantId, Verdict } from './words.ts';

/** The seven things that must be unique per tenant, in the order in which they are always printed. */
export const MATRIX_COLUMNS = [
  'status-output',
  'port',
  'workspace',
  'state-directory',
  'credentials-store',
  'channel-account',
  'browser-profile',
] as const;
export type MatrixColumn = (typeof MATRIX_COLUMNS)[number];

export interface MatrixCell {
  readonly tenant: TenantId;
  readonly column: MatrixColumn;
  /** What it is: a path, a port, an account; `none` where the tenant has none. */
  readonly value: string;
  /** Where the value was read. */
  readonly source: string;
  readonly unique: 'yes' | 'no' | 'unknown' | 'none';
}

/** When the attacks and audits of a report ran, and on what. */
export interface AttackRecord {
  /** ISO time at which they began. */
  readonly ranAt: string;
  /** SHA-256 (hex) of everything observed just before that their outcome depends on. */
  readonly factsSha256: string;
  /** Evidence they were taken over from, since nothing they depend on has changed; absent where they ran for this report. */
  readonly reusedFrom?: string;
}

export interface VerifyReport {
  readonly fleet: string;
  readonly manifestSha256: string;
  /** `plan`: judged on what is declared; `verify`: on what runs; `scan`: on what was found, whoever built it. */
  readonly phase: 'plan' | 'verify' | 'scan';
  readonly startedAt: string;
  readonly durationMs: number;
  readonly facts: Facts;
  readonly matrix: readonly MatrixCell[];
  /** Every finding that is not a plain pass, plus one `pass` per check that judged; probes and audits folded in. */
  readonly findings: readonly Finding[];
  readonly probes: readonly ProbeResult[];
  /** Absent where nothing was attacked. */
  readonly pairs?: PairCoverage;
  /** Absent where none ran: `plan`, `scan`. */
  readonly attacks?: AttackRecord;
  readonly verdict: Verdict;
  /** 0, 1, 3 or 4, as in core/error.ts. */
  readonly exitCode: number;
}
