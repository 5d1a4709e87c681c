/** One row of the checklist: what the tenant has, who shares it under which risk, and what looked at it. */
import type { Finding } from '../core/check.ts';
import type { Facts, Known, TenantFacts } from '../core/facts.ts';
import type { NamedRisk } from '../core/fleet.ts';
import type { ProbeResult } from '../core/probe.ts';
import type { VerifyReport } from '../core/report.ts';
import { severityIsAtLeast, type Severity, type TenantId } from '../core/words.ts';
import type { ChecklistRow, SharedWith } from './checklist-document.ts';
import { ITEM_TEXT, meansItem, type ChecklistItem } from './items.ts';
import { findingsOn, itemValue, peersSharing, type ItemValue, type Peer } from './sharing.ts';
import { compare, tellsOf } from './verdicts.ts';

export function checklistRow(report: VerifyReport, tenant: TenantFacts, item: ChecklistItem, number: number, now: Date): ChecklistRow {
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

/** Whether a named risk is complete and has not run out. */
export function holds({ risk, owner, until }: Pick<NamedRisk, 'risk' | 'owner' | 'until'>, now: Date): boolean {
  return risk.trim() !== '' && owner.trim() !== '' && until >= now.toISOString().slice(0, 10);
}
