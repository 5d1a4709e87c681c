/** One verification: gather facts, attack or take over what was attacked before, judge, fold. Everything concrete is given by the caller. */
import type { Finding } from '../core/check.ts';
import type { AuditView, Facts } from '../core/facts.ts';
import type { Fleet } from '../core/fleet.ts';
import type { PairCoverage, ProbeResult } from '../core/probe.ts';
import type { AttackRecord, VerifyReport } from '../core/report.ts';
import type { Severity, TenantId } from '../core/words.ts';
import { digestFacts } from './facts-digest.ts';
import { foldReport } from './fold.ts';
import type { Taken } from './reuse.ts';

export interface Verification {
  readonly fleet: Pick<Fleet, 'name' | 'source'>;
  /** Of Bulkhead: another one attacks in other ways. */
  readonly version: string;
  /** Reads every host and gateway; what could not be read is an unknown fact, not a missing one. */
  observe(signal: AbortSignal): Promise<Facts>;
  /** Pure: checks over facts. */
  judge(facts: Facts): readonly Finding[];
  /** OpenClaw's own audits; absent where the operator left them out. */
  audit?(signal: AbortSignal): Promise<ReadonlyMap<TenantId, AuditView>>;
  /** Attacks between the tenants; absent where the operator left them out, which makes the report say so. */
  probe?(facts: Facts, signal: AbortSignal): Promise<{ readonly probes: readonly ProbeResult[]; readonly pairs: PairCoverage }>;
  now(): Date;
  readonly threshold?: Severity;
  readonly signal: AbortSignal;
}

/** What was seen before anything is attacked. */
export interface Looked {
  readonly startedAt: Date;
  readonly facts: Facts;
  /** Of all that attacks and audits depend on. */
  readonly factsSha256: string;
}

/** Throws only when a host cannot be used at all or the caller gives up. */
export async function look(verification: Verification): Promise<Looked> {
  const { fleet, version, signal } = verification;
  const startedAt = verification.now();
  const facts = await verification.observe(signal);
  return { startedAt, facts, factsSha256: digestFacts({ facts, manifestSha256: fleet.source.sha256, version }) };
}

/** Attacks and audits, unless earlier ones are taken over; then the report. Throws as `look` does; everything else is in the report. */
export async function conclude(verification: Verification, looked: Looked, taken?: Taken): Promise<VerifyReport> {
  const { fleet, signal, threshold } = verification;
  const { startedAt, factsSha256 } = looked;
  const ranAt = verification.now().toISOString();
  const facts = withAudits(looked.facts, taken?.audits ?? (await verification.audit?.(signal)));
  const attacked = taken ?? (await verification.probe?.(facts, signal));
  const probes = attacked?.probes ?? [];
  const ranNothing = verification.audit === undefined && verification.probe === undefined;
  const attacks: AttackRecord | undefined = taken?.attacks ?? (ranNothing ? undefined : { ranAt, factsSha256 });
  return foldReport({
    fleet,
    facts,
    findings: judgeAll(verification, facts, probes),
    probes,
    startedAt,
    finishedAt: verification.now(),
    phase: 'verify',
    ...(attacked?.pairs === undefined ? {} : { pairs: attacked.pairs }),
    ...(attacks === undefined ? {} : { attacks }),
    ...(threshold === undefined ? {} : { threshold }),
  });
}

/** Of a tenant that is not among the audits the facts stay as they are. */
export function withAudits(facts: Facts, audits: ReadonlyMap<TenantId, AuditView> | undefined): Facts {
  return audits === undefined ? facts : { ...facts, tenants: facts.tenants.map((tenant) => ({ ...tenant, ...audits.get(tenant.tenant) })) };
}

/** Checks over facts, and that somebody was attacked; the attacks themselves are folded in with the report. */
export function judgeAll(verification: Verification, facts: Facts, probes: readonly ProbeResult[]): readonly Finding[] {
  return [...verification.judge(facts), ...unprobed(verification, facts, probes)];
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
