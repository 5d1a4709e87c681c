/** The report as one stable JSON document (docs/json-output.md). Holds locations, never a secret and no digest of one. */
import type { Finding } from '../core/check.ts';
import type { Facts, Known, TenantFacts } from '../core/facts.ts';
import type { ProbeResult } from '../core/probe.ts';
import { MATRIX_COLUMNS, type MatrixCell, type MatrixColumn, type VerifyReport } from '../core/report.ts';
import type { TenantId, Verdict } from '../core/words.ts';
import { limitsOf, NEVER_TRIED } from './limits.ts';
import { acceptedFindings, openFindings, shownVerdict, unknownFindings, unknownProbes } from './verdicts.ts';

export interface ReportDocument {
  readonly schemaVersion: 1;
  readonly kind: 'bulkhead.report';
  readonly fleet: string;
  readonly manifestSha256: string;
  readonly phase: VerifyReport['phase'];
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly summary: Readonly<
    Record<'tenants' | 'findings' | 'accepted' | 'unknown' | 'checksPassed' | 'attacks' | 'attacksHeld' | 'breaches', number>
  >;
  /** Seven keys for each tenant; null where a cell is missing. */
  readonly matrix: readonly MatrixRow[];
  /** Cells that are not unique. */
  readonly duplicates: readonly MatrixCell[];
  readonly findings: readonly Finding[];
  readonly probes: readonly ProbeResult[];
  readonly acceptedRisks: readonly Finding[];
  /** Never empty. */
  readonly notVerified: readonly { readonly subject: string; readonly tenants: readonly TenantId[]; readonly reason: string }[];
  /** Never empty. */
  readonly notIsolated: readonly { readonly tenant: TenantId; readonly id: string; readonly text: string }[];
  readonly facts: Facts;
}

export interface MatrixRow {
  readonly tenant: TenantId;
  readonly cells: Readonly<Record<MatrixColumn, Omit<MatrixCell, 'tenant' | 'column'> | null>>;
}

export function reportJson(report: VerifyReport): ReportDocument {
  const { fleet, manifestSha256, phase, startedAt, durationMs, exitCode, findings, probes, matrix, facts } = report;
  const unknowns = [...unknownFindings(report), ...unknownProbes(report)];
  return {
    schemaVersion: 1,
    kind: 'bulkhead.report',
    fleet,
    manifestSha256,
    phase,
    startedAt,
    durationMs,
    verdict: shownVerdict(report),
    exitCode,
    summary: {
      tenants: facts.tenants.length,
      findings: openFindings(report).length,
      accepted: acceptedFindings(report).length,
      unknown: unknowns.length,
      checksPassed: findings.filter(({ kind, verdict, accepted }) => kind === 'check' && verdict === 'pass' && accepted === undefined).length,
      attacks: probes.filter(({ verdict }) => verdict !== 'not-applicable').length,
      attacksHeld: probes.filter(({ verdict }) => verdict === 'contained').length,
      breaches: probes.filter(({ verdict }) => verdict === 'breached').length,
    },
    matrix: matrixRows(report),
    duplicates: matrix.filter(({ unique }) => unique === 'no'),
    findings,
    probes,
    acceptedRisks: acceptedFindings(report),
    notVerified: notVerified(report),
    notIsolated: notIsolated(facts),
    facts: { ...facts, tenants: facts.tenants.map(withoutDigests) },
  };
}

function matrixRows({ facts, matrix }: VerifyReport): readonly MatrixRow[] {
  const cells = new Map(matrix.map(({ tenant, column, value, source, unique }) => [`${tenant} ${column}`, { value, source, unique }]));
  return facts.tenants.map(({ tenant }) => {
    const entries = MATRIX_COLUMNS.map((column) => [column, cells.get(`${tenant} ${column}`) ?? null] as const);
    // Object.fromEntries loses the key type; every column is present by construction.
    return { tenant, cells: Object.fromEntries(entries) as MatrixRow['cells'] };
  });
}

function notVerified(report: VerifyReport): ReportDocument['notVerified'] {
  const findings = unknownFindings(report).map(({ id, tenants, message }) => ({ subject: id, tenants, reason: message }));
  const probes = unknownProbes(report).map(({ id, attacker, victim, detail }) => ({ subject: id, tenants: [attacker, victim], reason: detail }));
  const phase =
    report.phase === 'plan' ? [{ subject: 'everything that runs', tenants: [], reason: 'judged on what is declared; nothing was run' }] : [];
  const never = NEVER_TRIED.map((subject) => ({ subject, tenants: [], reason: 'Bulkhead does not try this' }));
  return [...phase, ...findings, ...probes, ...never];
}

function notIsolated(facts: Facts): ReportDocument['notIsolated'] {
  return facts.tenants.flatMap((each) => limitsOf(facts, each).map(({ id, text }) => ({ tenant: each.tenant, id, text })));
}

/** Digests are good for comparing within one run only; outside of it they would only be noise that changes every time. */
function withoutDigests(facts: TenantFacts): TenantFacts {
  return {
    ...facts,
    secrets: mapped(facts.secrets, (secrets) => secrets.map(({ digest: _digest, ...rest }) => rest)),
    identities: mapped(facts.identities, (identities) =>
      identities.map((one) => ({ ...one, reference: one.reference.startsWith('digest:') ? 'digest' : one.reference })),
    ),
    environment: mapped(facts.environment, ({ variables, files }) => ({ files, variables: variables.map(({ digest: _digest, ...rest }) => rest) })),
    // Marks are there to be compared, and are nothing without their digests.
    stores: mapped(facts.stores, ({ databases }) => ({ databases, marks: [] })),
    references: mapped(facts.references, (references) => references.map(({ target: _target, ...rest }) => rest)),
    settings: mapped(facts.settings, (settings) => ({
      ...settings,
      mcp: { servers: settings.mcp.servers.map(({ digest: _digest, ...rest }) => rest) },
    })),
  };
}

function mapped<T>(fact: Known<T>, change: (value: T) => T): Known<T> {
  return fact.known ? { ...fact, value: change(fact.value) } : fact;
}
