/** Folds findings and probe results into one report with one verdict and one exit code. Knows no single check or probe. */
import type { Finding } from '../core/check.ts';
import { EXIT_CODES } from '../core/error.ts';
import type { Facts } from '../core/facts.ts';
import type { Fleet, NamedRisk } from '../core/fleet.ts';
import type { PairCoverage, ProbeResult } from '../core/probe.ts';
import type { AttackRecord, VerifyReport } from '../core/report.ts';
import { severityIsAtLeast, worstVerdict, type Severity, type Verdict } from '../core/words.ts';
import { PROBES } from '../probes/index.ts';
import { BY_POLICY } from '../probes/turn.ts';
import { matrixOf } from './matrix.ts';

export interface FoldInput {
  readonly fleet: Pick<Fleet, 'name' | 'source'>;
  readonly facts: Facts;
  /** Of the checks, audits among them. */
  readonly findings: readonly Finding[];
  readonly probes: readonly ProbeResult[];
  readonly pairs?: PairCoverage;
  readonly attacks?: AttackRecord;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly phase: VerifyReport['phase'];
  /** From which severity on a failure counts; `high` when absent. Below it a failure is shown and does not fail. */
  readonly threshold?: Severity;
}

export function foldReport(input: FoldInput): VerifyReport {
  const { fleet, facts, findings: checked, probes, pairs, attacks, startedAt, finishedAt, phase, threshold = 'high' } = input;
  const findings = [...checked, ...probeFindings(probes, facts, pairs)];
  return {
    fleet: fleet.name,
    manifestSha256: fleet.source.sha256,
    phase,
    startedAt: startedAt.toISOString(),
    durationMs: finishedAt.getTime() - startedAt.getTime(),
    facts,
    matrix: matrixOf(facts),
    findings,
    probes,
    ...(pairs === undefined ? {} : { pairs }),
    ...(attacks === undefined ? {} : { attacks }),
    verdict: overallVerdict(findings, threshold),
    exitCode: exitCodeOf(findings, threshold),
  };
}

/** Failures below the threshold do not decide; what does not apply decides only when there is nothing else. */
export function overallVerdict(findings: readonly Finding[], threshold: Severity): Verdict {
  const verdicts = findings.map((finding): Verdict => (finding.verdict === 'fail' && !fails(finding, threshold) ? 'pass' : finding.verdict));
  const deciding = verdicts.filter((verdict) => verdict !== 'not-applicable');
  return worstVerdict(deciding.length > 0 ? deciding : verdicts);
}

/** A breach before findings, findings before what could not be verified; nothing looked at is not verified. */
export function exitCodeOf(findings: readonly Finding[], threshold: Severity): number {
  const failing = findings.filter((finding) => fails(finding, threshold));
  if (failing.some(({ kind }) => kind === 'probe')) return EXIT_CODES.breach;
  if (failing.length > 0) return EXIT_CODES.findings;
  return overallVerdict(findings, threshold) === 'unknown' ? EXIT_CODES.unverified : EXIT_CODES.ok;
}

function fails({ verdict, severity, accepted }: Finding, threshold: Severity): boolean {
  return verdict === 'fail' && accepted === undefined && severityIsAtLeast(severity, threshold);
}

/** One `pass` per probe that held everywhere, one finding per pair that did not, one per reason for not trying. */
export function probeFindings(results: readonly ProbeResult[], facts: Pick<Facts, 'risks' | 'takenAt'>, pairs?: PairCoverage): Finding[] {
  return [...Map.groupBy(results, ({ id }) => id)].flatMap(([id, all]) => {
    const { title, fix, item, wall } = PROBES.find((probe) => probe.id === id) ?? { title: id, fix: '', item: '' };
    const open = results.filter((result) => result.id === wall && result.verdict === 'breached');
    const base = { id, kind: 'probe', title, fix, item } as const;
    return [
      ...all.filter(({ verdict }) => verdict === 'breached').map((result) => breach({ ...base, ...about(result), verdict: 'fail' }, facts)),
      ...all.filter(({ verdict }) => verdict === 'unknown').map((result): Finding => ({ ...base, ...about(result), verdict: 'unknown' })),
      ...containedOnes(base, all, open, pairs),
      ...notApplicableOnes(base, all),
    ];
  });
}

type Base = Pick<Finding, 'id' | 'kind' | 'title' | 'fix' | 'item'>;

function about({ attacker, victim, severity, detail, verdict }: ProbeResult): Pick<Finding, 'tenants' | 'severity' | 'message' | 'evidence'> {
  const said = verdict === 'breached' ? 'got through to' : 'could not be shown to be kept from';
  return { tenants: [attacker, victim], severity, message: `${attacker} ${said} ${victim}: ${detail}`, evidence: [detail] };
}

/** A valid named risk lets a breach stand: it stays visible as accepted. One that ran out fails and says so. */
function breach(finding: Finding, { risks, takenAt }: Pick<Facts, 'risks' | 'takenAt'>): Finding {
  const named = risks.filter((risk) => covers(risk, finding));
  const valid = named.find(({ until }) => until >= takenAt.slice(0, 10));
  if (valid !== undefined) return { ...finding, verdict: 'pass', accepted: { risk: valid.risk, owner: valid.owner, until: valid.until } };
  const expired = named[0];
  return expired === undefined
    ? finding
    : { ...finding, message: `${finding.message}; the named risk of ${expired.owner} ran out on ${expired.until}` };
}

/** By the probe's own id only: a risk about a shared item accepts the sharing, not a way in that nobody foresaw. */
function covers(risk: NamedRisk, { id, tenants }: Finding): boolean {
  return risk.item === id && tenants.every((tenant) => risk.tenants.includes(tenant));
}

/** `open`: breaches of the wall beneath, without which only policy holds. */
function containedOnes(base: Base, all: readonly ProbeResult[], open: readonly ProbeResult[], pairs?: PairCoverage): Finding[] {
  const contained = all.filter(({ verdict }) => verdict === 'contained');
  if (contained.length === 0) return [];
  const tenants = [...new Set(contained.flatMap(({ attacker, victim }) => [attacker, victim]))];
  const bare = contained.filter(
    ({ attacker, victim, detail }) =>
      detail.includes(BY_POLICY) && open.some((breached) => breached.attacker === attacker && breached.victim === victim),
  );
  const alone = bare.length === 0 ? '' : `; policy only on ${bare.length}, where ${open[0]?.id ?? ''} got through`;
  const untried = pairs === undefined || pairs.attacked === pairs.of ? '' : `; the fleet has ${pairs.of} pairs, the others were not attacked`;
  const message = `${contained.length} of ${all.length} ordered pairs: refused, with both controls held${alone}${withoutPolicy(contained)}${untried}`;
  return [
    {
      ...base,
      tenants,
      verdict: 'pass',
      severity: 'info',
      message,
      evidence: contained.slice(0, 3).map(({ attacker, victim, detail }) => `${attacker} to ${victim}: ${detail}`),
    },
  ];
}

const HELD_BY = { boundary: 'held by the boundary', policy: 'held by policy only', tool: 'held by a rule of the tool' } as const;

/** What came of the same attacks once the agents' policy was lifted. */
function withoutPolicy(contained: readonly ProbeResult[]): string {
  const lifted = contained.flatMap((result) => result.lifted ?? []);
  const told = Map.groupBy(lifted, ({ heldBy, detail }) => (heldBy === undefined ? `not known (${detail.slice(0, 200)})` : HELD_BY[heldBy]));
  const parts = [...told].map(([what, { length }]) => `${what} on ${length}`);
  return parts.length === 0 ? '' : `; with policy lifted: ${parts.join(', ')}`;
}

function notApplicableOnes(base: Base, all: readonly ProbeResult[]): Finding[] {
  const reasons = Map.groupBy(
    all.filter(({ verdict }) => verdict === 'not-applicable'),
    ({ detail }) => detail,
  );
  return [...reasons].map(([message, same]) => ({
    ...base,
    tenants: [...new Set(same.map(({ attacker }) => attacker))],
    verdict: 'not-applicable',
    severity: 'info',
    message,
    evidence: [],
  }));
}
