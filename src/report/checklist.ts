/** The one-page boundary checklist of a tenant: ten rows, what is not isolated, what is not verified, and whether it is complete. */
import type { Finding } from '../core/check.ts';
import type { Facts, Known, TenantFacts } from '../core/facts.ts';
import type { NamedRisk } from '../core/fleet.ts';
import type { ProbeResult } from '../core/probe.ts';
import type { VerifyReport } from '../core/report.ts';
import { strictestTrust } from '../core/trust.ts';
import { severityIsAtLeast, type Rung, type Severity, type TenantId, type Trust } from '../core/words.ts';
import { checklistMarkdown } from './checklist-markdown.ts';
import { checklistText } from './checklist-text.ts';
import { CHECKLIST_ITEMS, ITEM_TEXT, meansItem, type ChecklistItem } from './items.ts';
import { limitsOf, NEVER_TRIED, type Limit } from './limits.ts';
import type { PrintOptions } from './layout.ts';
import { findingsOn, itemValue, peersSharing, type ItemValue, type Peer } from './sharing.ts';
import { compare, tellsOf, triedSentence, unknownFindings, unknownProbes } from './verdicts.ts';

export interface ChecklistInput {
  readonly report: VerifyReport;
  readonly tenant: TenantId;
  readonly now: Date;
}

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
  readonly phase: 'plan' | 'verify';
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

export interface Checklist {
  readonly document: ChecklistDocument;
  readonly complete: boolean;
  readonly problems: readonly ChecklistProblem[];
  readonly markdown: string;
  /** At most 66 lines. */
  text(options: PrintOptions): string;
}

/** Throws Error when the report does not know the tenant. */
export function checklist({ report, tenant: id, now }: ChecklistInput): Checklist {
  const tenant = report.facts.tenants.find((each) => each.tenant === id);
  if (tenant === undefined) throw new Error(`the report holds no tenant ${id}`);
  const rows = CHECKLIST_ITEMS.map((item, at) => row(report, tenant, item, at + 1, now));
  const problems = rows.flatMap((each) => problemsOf(each, id));
  const { facts, fleet, manifestSha256, phase, startedAt } = report;
  const document: ChecklistDocument = {
    schemaVersion: 1,
    kind: 'bulkhead.checklist',
    fleet,
    manifestSha256,
    tenant: id,
    owner: tenant.boundary.owner,
    data: tenant.boundary.data,
    trust: strictestTrust(
      facts.trust,
      id,
      facts.tenants.map((each) => each.tenant),
    ),
    rung: tenant.rung,
    phase,
    generatedAt: now.toISOString(),
    verifiedAt: startedAt,
    openclaw: tenant.claim.known ? tenant.claim.value.version : 'unknown',
    audit: auditOf(tenant),
    policy: policyOf(tenant),
    rows,
    notIsolated: [...limitsOf(facts, tenant), ...otherAccepted(facts, id, now)],
    notVerified: notVerified(report, id, rows),
    complete: problems.length === 0,
    problems,
  };
  return {
    document,
    complete: document.complete,
    problems,
    markdown: checklistMarkdown(document),
    text: (options) => checklistText(document, options),
  };
}

function row(report: VerifyReport, tenant: TenantFacts, item: ChecklistItem, number: number, now: Date): ChecklistRow {
  const { facts, findings } = report;
  const found = itemValue(facts, tenant, item);
  const about = findingsOn(findings, tenant, item);
  const sharedWith = peersSharing(facts, about, tenant, item).map((peer) => shared(facts, tenant.tenant, peer, item, now));
  const tried = report.probes.filter(({ id, victim }) => victim === tenant.tenant && attacks(id, item));
  const failed = failures(about, tried, findings);
  const broken = new Set(failed.map(({ id }) => id));
  const held = tried.filter(({ verdict }) => verdict === 'contained');
  const passed = about.filter(({ kind, verdict, accepted }) => kind !== 'probe' && verdict === 'pass' && accepted === undefined);
  const verifiedBy = [...new Set([...passed, ...held].map(({ id }) => id))].filter((id) => !broken.has(id)).sort(compare);
  const why = whyUnknown(found, about, verifiedBy.length + failed.length);
  const unique = sharedWith.length > 0 ? 'no' : why !== undefined ? 'unknown' : found.known && found.value.value.startsWith('none') ? 'none' : 'yes';
  return {
    number,
    item,
    label: ITEM_TEXT[item].label,
    value: found.known ? found.value.value || 'not found' : 'not known',
    unique,
    ...(unique === 'unknown' && why !== undefined ? { why } : {}),
    sharedWith,
    verifiedBy,
    failed,
  };
}

/** Failures of one tenant, and breaches toward it; a check that names several tenants speaks in `sharedWith`. */
function failures(about: readonly Finding[], tried: readonly ProbeResult[], findings: readonly Finding[]): ChecklistRow['failed'] {
  const own = about.filter(
    ({ verdict, accepted, tenants, kind }) => verdict === 'fail' && accepted === undefined && (tenants.length < 2 || kind !== 'check'),
  );
  const through = tried.filter(
    (probe) => probe.verdict === 'breached' && !findings.some((finding) => finding.accepted !== undefined && tellsOf(finding, probe)),
  );
  const worst = new Map<string, Severity>();
  for (const { id, severity } of [...own, ...through]) {
    const before = worst.get(id);
    if (before === undefined || severityIsAtLeast(severity, before)) worst.set(id, severity);
  }
  return [...worst].map(([id, severity]) => ({ id, severity })).sort((left, right) => compare(left.id, right.id));
}

/** What was not looked at is not called unique. */
function whyUnknown(found: Known<ItemValue>, about: readonly Finding[], looked: number): string | undefined {
  if (!found.known) return found.why;
  if (found.value.value.startsWith('none')) return undefined;
  if (found.value.value === '') return 'it was not found';
  const open = about.find(({ verdict }) => verdict === 'unknown');
  if (open !== undefined) return `${open.id}: ${open.message}`;
  return looked === 0 ? 'no check and no attack looked at it' : undefined;
}

function attacks(probe: string, item: ChecklistItem): boolean {
  return ITEM_TEXT[item].probes.some((start) => probe.startsWith(start));
}

/** A risk names a share by the row or by the check of that row; what only findings connect is named when each is accepted. */
function shared(facts: Facts, tenant: TenantId, peer: Peer, item: ChecklistItem, now: Date): SharedWith {
  const ids = new Set(peer.findings.filter((finding) => meansItem(finding.item, item)).map(({ id }) => id));
  const names = (risk: NamedRisk): boolean => meansItem(risk.item, item) || ids.has(risk.item);
  const named = facts.risks.find((risk) => names(risk) && risk.tenants.includes(tenant) && risk.tenants.includes(peer.tenant) && holds(risk, now));
  const accepted = peer.findings.map((finding) => finding.accepted);
  const byFindings = !peer.same && accepted.every((risk) => risk !== undefined && holds(risk, now)) ? accepted[0] : undefined;
  const valid = named ?? byFindings;
  return valid === undefined ? { tenant: peer.tenant } : { tenant: peer.tenant, risk: { risk: valid.risk, owner: valid.owner, until: valid.until } };
}

function holds({ risk, owner, until }: Pick<NamedRisk, 'risk' | 'owner' | 'until'>, now: Date): boolean {
  return risk.trim() !== '' && owner.trim() !== '' && until >= now.toISOString().slice(0, 10);
}

function problemsOf(each: ChecklistRow, tenant: TenantId): readonly ChecklistProblem[] {
  const { item, label, why, sharedWith, unique, failed } = each;
  const problems: ChecklistProblem[] = [];
  const unnamed = sharedWith.filter(({ risk }) => risk === undefined).map((peer) => peer.tenant);
  if (unnamed.length > 0) {
    const tenants = [tenant, ...unnamed].join(', ');
    const entry = `{ item: ${item}, tenants: [${tenants}], risk: "${ITEM_TEXT[item].risk}", owner: …, until: … }`;
    problems.push({
      kind: 'unnamed-share',
      item,
      message: `${label} is shared by ${tenants} and no valid named risk says so`,
      hint: `separate it, or add to namedRisks: ${entry}`,
    });
  }
  if (unique === 'unknown')
    problems.push({
      kind: 'unknown',
      item,
      message: `${label}: could not be judged: ${why ?? 'no reason is known'}`,
      hint: 'mend what kept it from being seen, then run: bulkhead verify',
    });
  const grave = failed.filter(({ severity }) => severityIsAtLeast(severity, 'high')).map(({ id }) => id);
  if (grave.length > 0)
    problems.push({ kind: 'failed', item, message: `${label}: ${grave.join(', ')} failed`, hint: 'bulkhead verify prints the fix of each' });
  return problems;
}

function otherAccepted(facts: Facts, tenant: TenantId, now: Date): readonly Limit[] {
  const others = facts.risks.filter(
    (risk) => risk.tenants.includes(tenant) && holds(risk, now) && !CHECKLIST_ITEMS.some((item) => meansItem(risk.item, item)),
  );
  return others.map(({ item, risk, owner, until }) => ({ id: 'accepted', text: `Accepted, ${item}: ${risk} (${owner}, until ${until})` }));
}

function notVerified(report: VerifyReport, id: TenantId, rows: readonly ChecklistRow[]): readonly string[] {
  const never = `Never tried: ${NEVER_TRIED.join('; ')}.`;
  if (report.phase === 'plan') return ['This page is made from the manifest alone. Nothing was run.', never];
  const findings = unknownFindings(report).filter(({ tenants }) => tenants.length === 0 || tenants.includes(id));
  const probes = unknownProbes(report).filter(({ attacker, victim }) => attacker === id || victim === id);
  const attackers = new Set(report.probes.filter(({ victim }) => victim === id).map(({ attacker }) => attacker));
  const untried = report.facts.tenants.map(({ tenant }) => tenant).filter((tenant) => tenant !== id && !attackers.has(tenant));
  const lines = [
    ...rows.filter(({ unique }) => unique === 'unknown').map(({ label, why }) => `${label}: ${why ?? 'not judged'}`),
    ...findings
      .filter(({ id: check }) => !rows.some(({ why }) => why?.startsWith(`${check}: `) === true))
      .map(({ id: check, message }) => `${check}: ${message}`),
    ...probes.map((probe) => `${probe.id} (${probe.attacker} → ${probe.victim}): ${probe.detail}`),
    ...(untried.length > 0 ? [`No attack was tried from ${untried.join(', ')}.`] : []),
  ];
  return lines.length > 0 ? [...lines, never] : [triedSentence(report), never];
}

function auditOf({ audit }: TenantFacts): string {
  if (!audit.known) return `unknown: ${audit.why}`;
  const { summary, ranAs } = audit.value;
  return `${summary.critical} critical, ${summary.warn} warn, ran inside as uid ${ranAs.uid}`;
}

function policyOf({ policy }: TenantFacts): string {
  if (!policy.known) return `unknown: ${policy.why}`;
  const { preset, restricted, drifted } = policy.value;
  const drift = drifted === undefined ? 'as declared' : drifted.length === 0 ? 'no drift' : `DRIFTED: ${drifted.join(', ')}`;
  return `${preset ?? 'no preset'}, tools ${restricted ? 'restricted' : 'NOT restricted'}, ${drift}`;
}
