/** The one-page boundary checklist of a tenant: ten rows, what is not isolated, what is not verified, and whether it is complete. */
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { VerifyReport } from '../core/report.ts';
import { presetTitle } from '../openclaw/presets/index.ts';
import { strictestTrust } from '../core/trust.ts';
import { severityIsAtLeast, type TenantId } from '../core/words.ts';
import type { ChecklistDocument, ChecklistProblem, ChecklistRow } from './checklist-document.ts';
import { checklistMarkdown } from './checklist-markdown.ts';
import { checklistRow, holds } from './checklist-rows.ts';
import { checklistText } from './checklist-text.ts';
import { CHECKLIST_ITEMS, ITEM_TEXT, meansItem } from './items.ts';
import { listOf, type PrintOptions } from './layout.ts';
import { limitsOf, NEVER_TRIED, type Limit } from './limits.ts';
import { triedSentence, unknownFindings, unknownProbes } from './verdicts.ts';

export interface ChecklistInput {
  readonly report: VerifyReport;
  readonly tenant: TenantId;
  readonly now: Date;
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
  const rows = CHECKLIST_ITEMS.map((item, at) => checklistRow(report, tenant, item, at + 1, now));
  const problems = rows.flatMap((each) => problemsOf(each, id));
  const { facts, fleet, manifestSha256, phase, startedAt, attacks } = report;
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
    // Of attacks that were taken over: when they were run.
    verifiedAt: attacks?.reusedFrom === undefined ? startedAt : attacks.ranAt,
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
    ...(untried.length > 0 ? [`No attack was tried from ${listOf(untried, 8)}.`] : []),
    ...rows.filter(({ unique }) => unique === 'unknown').map(({ label, why }) => `${label}: ${why ?? 'not judged'}`),
    ...findings
      .filter(({ id: check }) => !rows.some(({ why }) => why?.startsWith(`${check}: `) === true))
      .map(({ id: check, message }) => `${check}: ${message}`),
    ...probes.map((probe) => `${probe.id} (${probe.attacker} → ${probe.victim}): ${probe.detail}`),
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
  return `${preset === undefined ? 'no preset' : presetTitle(preset)}, tools ${restricted ? 'restricted' : 'NOT restricted'}, ${drift}`;
}
