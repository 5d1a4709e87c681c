/** One verification: gather facts, judge them, attack, fold. Everything concrete is given by the caller. */
import type { Finding } from '../core/check.ts';
import type { Facts } from '../core/facts.ts';
import type { Fleet } from '../core/fleet.ts';
import type { PairCoverage, ProbeResult } from '../core/probe.ts';
import type { VerifyReport } from '../core/report.ts';
import type { Severity } from '../core/words.ts';
import { foldReport } from './fold.ts';

export interface Verification {
  readonly fleet: Pick<Fleet, 'name' | 'source'>;
  /** Reads every host and gateway; what could not be read is an unknown fact, not a missing one. Runs the audits too. */
  observe(signal: AbortSignal): Promise<Facts>;
  /** Pure: checks over facts. */
  judge(facts: Facts): readonly Finding[];
  /** Attacks between the tenants; absent where the operator left them out, which makes the report say so. */
  probe?(facts: Facts, signal: AbortSignal): Promise<{ readonly results: readonly ProbeResult[]; readonly pairs: PairCoverage }>;
  now(): Date;
  readonly threshold?: Severity;
  readonly signal: AbortSignal;
}

/** Throws only when a host cannot be used at all or the caller gives up; everything else is in the report. */
export async function verify(verification: Verification): Promise<VerifyReport> {
  const { fleet, signal, threshold } = verification;
  const startedAt = verification.now();
  const facts = await verification.observe(signal);
  const attacks = await verification.probe?.(facts, signal);
  const probes = attacks?.results ?? [];
  const findings = [...verification.judge(facts), ...unprobed(verification, facts, probes)];
  const finishedAt = verification.now();
  return foldReport({
    fleet,
    facts,
    findings,
    probes,
    startedAt,
    finishedAt,
    phase: 'verify',
    ...(attacks === undefined ? {} : { pairs: attacks.pairs }),
    ...(threshold === undefined ? {} : { threshold }),
  });
}

/** Two tenants that nobody attacked are not shown to be apart. */
function unprobed({ probe }: Verification, facts: Facts, probes: readonly ProbeResult[]): Finding[] {
  if (facts.tenants.length < 2 || probes.length > 0) return [];
  const message = probe === undefined ? 'the probes were left out: nothing was attacked' : 'no probe gave a result: nothing was attacked';
  const tenants = facts.tenants.map(({ tenant }) => tenant);
  return [
    {
      id: 'probes.not-run',
      kind: 'probe',
      verdict: 'unknown',
      severity: 'high',
      tenants,
      title: 'No tenant was attacked',
      message,
      evidence: [],
      fix: 'Run: bulkhead verify',
      item: '',
    },
  ];
}
