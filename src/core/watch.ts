/** What a fleet that is verified over and over has to tell. */
import type { Finding } from './check.ts';
import type { AttackRecord } from './report.ts';
import type { Severity, TenantId, Verdict } from './words.ts';

/** How something stands: `held` also where nothing was found. */
export type Standing = 'held' | 'unknown' | 'fail';

/** A finding that stands otherwise than the time before. Locations and names only, never a secret. */
export interface FindingChange {
  readonly id: string;
  readonly kind: Finding['kind'];
  readonly tenants: readonly TenantId[];
  readonly severity: Severity;
  readonly was: Standing;
  readonly now: Standing;
  readonly message: string;
  /** Command to type; absent where nothing is to be done. */
  readonly next?: string;
}

export interface WatchEvent {
  /** `verdict`: it or a finding changed; `heartbeat`: nothing did; `problem`: the watch itself could not do something. */
  readonly event: 'verdict' | 'heartbeat' | 'problem';
  /** ISO time. */
  readonly at: string;
  readonly fleet: string;
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly changed: readonly FindingChange[];
  readonly attacks?: AttackRecord;
  /** Why nothing could be verified, or what could not be done. */
  readonly message?: string;
}

/** One run in numbers, also before the attacks that it sets off. */
export interface WatchSample {
  readonly fleet: string;
  /** ISO time of the end of the run. */
  readonly at: string;
  readonly seconds: number;
  readonly exitCode: number;
  /** Failed and counted, by severity. */
  readonly failing: Readonly<Record<Severity, number>>;
  readonly unknown: number;
  /** Exit code of each tenant's own findings. */
  readonly tenants: ReadonlyMap<TenantId, number>;
  /** Seconds since the attacks that the verdict rests on; absent where there were none. */
  readonly attackAgeSeconds?: number;
}
