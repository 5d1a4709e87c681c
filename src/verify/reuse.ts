/** Whether the attacks and audits of an earlier verification may stand for those of this one. Pure. */
import type { AuditView } from '../core/facts.ts';
import type { AttackRecord, VerifyReport } from '../core/report.ts';
import { durationText } from '../core/duration.ts';
import type { PairCoverage, ProbeResult } from '../core/probe.ts';
import type { TenantId } from '../core/words.ts';

/** A verification as it was kept. */
export interface Earlier {
  /** Id of the evidence. */
  readonly evidence: string;
  /** Whether it is what was stored. */
  readonly sound: boolean;
  readonly report: VerifyReport;
}

/** What is taken over. */
export interface Taken {
  readonly attacks: AttackRecord;
  readonly probes: readonly ProbeResult[];
  readonly pairs?: PairCoverage;
  readonly audits: ReadonlyMap<TenantId, AuditView>;
}

export interface ReuseLimits {
  readonly now: Date;
  readonly maxAgeMs: number;
  /** For attacks of which one got through or gave no answer: they are tried again sooner. */
  readonly unsettledMaxAgeMs: number;
  /** Most ordered pairs that would be attacked anew. */
  readonly pairs: number;
}

export type Reuse = { readonly taken: Taken } | { readonly taken?: undefined; readonly why: string };

export function reuse(earlier: Earlier | undefined, factsSha256: string, { now, maxAgeMs, unsettledMaxAgeMs, pairs: most }: ReuseLimits): Reuse {
  if (earlier === undefined) return { why: 'this fleet was not verified before' };
  const { evidence, report, sound } = earlier;
  const { attacks, probes, pairs, facts } = report;
  if (!sound) return { why: `the evidence ${evidence.slice(0, 12)} is not what was stored` };
  if (attacks === undefined) return { why: 'the latest verification attacked nothing' };
  const age = now.getTime() - Date.parse(attacks.ranAt);
  if (!(age >= 0)) return { why: 'the latest attacks lie in the future: the clock was set back' };
  if (!isSettled(report) && age >= unsettledMaxAgeMs) return { why: 'not all of the latest attacks and audits ran and held' };
  if (age >= maxAgeMs) return { why: `the latest attacks are ${durationText(age)} old` };
  if (attacks.factsSha256 !== factsSha256) return { why: 'something that attacks depend on has changed' };
  if (pairs !== undefined && pairs.attacked < Math.min(most, pairs.of)) return { why: 'fewer pairs were attacked then than are wanted now' };
  const audits = new Map(facts.tenants.map(({ tenant, audit, auditRun }) => [tenant, { audit, auditRun }]));
  return {
    taken: { attacks: { ...attacks, reusedFrom: attacks.reusedFrom ?? evidence }, probes, audits, ...(pairs === undefined ? {} : { pairs }) },
  };
}

/** Every attack and audit ran, gave an answer and was held off. */
export function isSettled({ facts, probes }: Pick<VerifyReport, 'facts' | 'probes'>): boolean {
  const attacked = facts.tenants.length < 2 || probes.length > 0;
  const held = probes.every(({ verdict }) => verdict === 'contained' || verdict === 'not-applicable');
  return attacked && held && facts.tenants.every(({ audit }) => audit.known);
}
