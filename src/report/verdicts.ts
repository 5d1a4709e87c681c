/** How verdicts, severities and unknowns look: only something that was looked at and held is ever green. */
import type { Finding } from '../core/check.ts';
import type { ProbeResult } from '../core/probe.ts';
import type { VerifyReport } from '../core/report.ts';
import { SEVERITIES, type Severity, type Verdict } from '../core/words.ts';
import { durationText } from '../core/duration.ts';
import { count, minute, type Paint, type Palette } from './layout.ts';

/** Verdict as printed: a `pass` beside an unknown, or over nothing, is shown as unknown. */
export function shownVerdict(report: VerifyReport): Verdict {
  if (report.verdict !== 'pass') return report.verdict;
  const doubt = report.findings.some(({ verdict }) => verdict === 'unknown') || report.probes.some(({ verdict }) => verdict === 'unknown');
  const looked = report.findings.length + report.probes.length > 0;
  return doubt || !looked ? 'unknown' : 'pass';
}

export function verdictPaint(verdict: Verdict, paint: Palette): Paint {
  switch (verdict) {
    case 'pass':
      return paint.good;
    case 'fail':
      return paint.bad;
    case 'unknown':
    case 'not-applicable':
      return paint.doubt;
  }
}

export const VERDICT_WORD: Readonly<Record<Verdict, string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  'not-applicable': 'NOT APPLICABLE',
};

export function severityPaint(severity: Severity, paint: Palette): Paint {
  return severity === 'critical' || severity === 'high' ? paint.bad : severity === 'warn' ? paint.doubt : paint.faint;
}

/** Worst first, then by id. */
export function bySeverity(left: Finding, right: Finding): number {
  return SEVERITIES.indexOf(right.severity) - SEVERITIES.indexOf(left.severity) || compare(left.id, right.id);
}

export function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Findings that need somebody: failed and not accepted. */
export function openFindings(report: VerifyReport): readonly Finding[] {
  return report.findings.filter(({ verdict, accepted }) => verdict === 'fail' && accepted === undefined);
}

export function acceptedFindings(report: VerifyReport): readonly Finding[] {
  return report.findings.filter(({ accepted }) => accepted !== undefined);
}

/** Findings that nobody could judge, without those of probes that are listed by themselves. */
export function unknownFindings(report: VerifyReport): readonly Finding[] {
  return report.findings.filter((finding) => finding.verdict === 'unknown' && !report.probes.some((probe) => tellsOf(finding, probe)));
}

export function unknownProbes(report: VerifyReport): readonly ProbeResult[] {
  return report.probes.filter(({ verdict }) => verdict === 'unknown');
}

/** Whether a folded finding says the same as a probe result. */
export function tellsOf(finding: Finding, probe: ProbeResult): boolean {
  return finding.kind === 'probe' && finding.id === probe.id && finding.tenants.includes(probe.victim);
}

/** How many pairs were left out, and how the same ones are attacked again; undefined where every pair was attacked, or none. */
export function unattackedSentence({ pairs }: Pick<VerifyReport, 'pairs'>): string | undefined {
  if (pairs === undefined || pairs.attacked === pairs.of) return undefined;
  return `${pairs.of - pairs.attacked} of ${pairs.of} ordered pairs were not attacked: a ring and random pairs were, ${pairs.attacked} in all (seed ${pairs.seed}).`;
}

/** Where the attacks were taken over: of when they are, and why they still count. */
export function reusedSentence({ attacks, startedAt }: VerifyReport): string | undefined {
  if (attacks?.reusedFrom === undefined) return undefined;
  const age = durationText(Date.parse(startedAt) - Date.parse(attacks.ranAt));
  return `attacks and audits of ${minute(attacks.ranAt)}, ${age} ago; nothing they depend on has changed since`;
}

/** Attacks that were made: what a pair cannot be attacked with is no attack that did not hold. */
export function attacksOf({ probes }: VerifyReport): readonly ProbeResult[] {
  return probes.filter(({ verdict }) => verdict !== 'not-applicable');
}

/** What was looked at, where nothing stayed unknown. */
export function triedSentence(report: VerifyReport): string {
  const judged = report.findings.filter(({ kind, verdict }) => kind !== 'probe' && (verdict === 'pass' || verdict === 'fail')).length;
  const reused = reusedSentence(report);
  return `Of ${count(judged, 'judgement')} and ${count(attacksOf(report).length, 'attack')} on ${minute(report.startedAt)}${reused === undefined ? '' : ` (${reused})`}, none stayed unknown. What was not tried is not covered.`;
}
