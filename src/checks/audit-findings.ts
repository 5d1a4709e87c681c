/** Findings of OpenClaw's own audit by how much they weigh between tenants. */
import type { Violation } from '../core/check.ts';
import type { AuditFact } from '../core/audit-facts.ts';
import type { Facts } from '../core/facts.ts';
import { strictestTrust } from '../core/trust.ts';
import { isAboutBoundary } from '../openclaw/audit-classes.ts';

type AuditFinding = AuditFact['findings'][number];

/** `grave`: critical, of a severity nobody knows, or a warning about the boundary itself where tenants are more than a team. */
export function* auditViolations(facts: Facts, wanted: 'grave' | 'warning'): Iterable<Violation> {
  const all = facts.tenants.map(({ tenant }) => tenant);
  for (const { tenant, audit } of facts.tenants) {
    const findings = audit.known ? audit.value.findings.filter(({ severity }) => severity !== 'info') : [];
    if (findings.length === 0) continue;
    const isTeam = strictestTrust(facts.trust, tenant, all) === 'team';
    for (const finding of findings) if (weightOf(finding, isTeam) === wanted) yield violation(tenant, finding);
  }
}

function weightOf({ severity, checkId }: AuditFinding, isTeam: boolean): 'grave' | 'warning' {
  return severity === 'warn' && (isTeam || !isAboutBoundary(checkId)) ? 'warning' : 'grave';
}

function violation(tenant: string, { checkId, title, detail, remediation }: AuditFinding): Violation {
  return { tenants: [tenant], message: `${checkId}: ${title}`, evidence: [detail, ...(remediation === undefined ? [] : [remediation])] };
}
