/** Runs checks over facts. What could not be seen is a finding of its own, never silence. */
import type { Check, Finding, Violation } from '../core/check.ts';
import type { Facts, HostFacts, HostNeed, Known, Need, TenantFacts } from '../core/facts.ts';
import type { NamedRisk } from '../core/fleet.ts';
import { TRUSTS, severityIsAtLeast, type Severity, type TenantId } from '../core/words.ts';
import { CHECKS } from './index.ts';
import { names } from './join.ts';
import { indexTrust, type TrustIndex } from './trust-index.ts';

/** Per check: its violations (accepted ones with the risk that accepts them), its unknowns, and a `pass` when it found nothing. */
export function judge(facts: Facts, checks: readonly Check[] = CHECKS): readonly Finding[] {
  const trust = indexTrust(
    facts.trust,
    facts.tenants.map(({ tenant }) => tenant),
  );
  return checks.filter((check) => check.phases.includes(facts.phase)).flatMap((check) => judgeOne(check, facts, trust));
}

function judgeOne(check: Check, facts: Facts, trust: TrustIndex): readonly Finding[] {
  const { seen, unseen } = split(facts, check.needs);
  const findings: Finding[] = [...unseen].map(([why, tenants]) => unknownFinding(check, why, tenants));
  if (seen.length === 0 && unseen.size > 0) return findings;
  let tolerated = 0;
  let violated = 0;
  for (const violation of check.judge({ ...facts, tenants: seen })) {
    const severity = check.severity[violation.trust ?? trust.strictestWithin(violation.tenants)];
    if (severity === '-') tolerated += 1;
    else {
      violated += 1;
      findings.push(violationFinding(check, violation, severity, facts));
    }
  }
  if (violated === 0)
    findings.push(
      passFinding(
        check,
        seen.map(({ tenant }) => tenant),
        tolerated,
      ),
    );
  return findings;
}

/** Tenants that can be judged, and the others by the reason why not. */
function split(
  { tenants, hosts }: Facts,
  needs: readonly Need[],
): { seen: readonly TenantFacts[]; unseen: ReadonlyMap<string, readonly TenantId[]> } {
  const hostOf = new Map(hosts.map((host) => [host.host, host]));
  const seen: TenantFacts[] = [];
  const unseen = new Map<string, TenantId[]>();
  for (const tenant of tenants) {
    const why = needs.map((need) => missing(tenant, hostOf.get(tenant.host), need)).find((reason) => reason !== undefined);
    if (why === undefined) seen.push(tenant);
    else if (unseen.get(why)?.push(tenant.tenant) === undefined) unseen.set(why, [tenant.tenant]);
  }
  return { seen, unseen };
}

function missing(tenant: TenantFacts, host: HostFacts | undefined, need: Need): string | undefined {
  const fact: Known<unknown> | undefined = isOfHost(need) ? host?.[hostNeed(need)] : tenant[need];
  if (fact === undefined) return `${need}: host ${tenant.host} was not looked at`;
  if (!fact.known) return `${need}: ${fact.why}`;
  if ((need === 'process' || need === 'surroundings') && fact.value === null) return 'no gateway runs; nothing can be said about it';
  if (need === 'listener' && fact.value === null) return 'nothing listens on its port; nothing can be said about it';
  return undefined;
}

function isOfHost(need: Need): need is `host.${HostNeed}` {
  return need.startsWith('host.');
}

function hostNeed(need: `host.${HostNeed}`): HostNeed {
  return need.slice('host.'.length) as HostNeed; // what the template type says
}

function unknownFinding(check: Check, why: string, tenants: readonly TenantId[]): Finding {
  return {
    ...head(check),
    verdict: 'unknown',
    severity: strongest(check),
    tenants,
    message: `could not check ${names(tenants)}: ${why}`,
    evidence: [],
  };
}

function passFinding(check: Check, tenants: readonly TenantId[], tolerated: number): Finding {
  const verdict = tenants.length === 0 ? 'not-applicable' : 'pass';
  const message = tolerated > 0 ? `${tolerated} found, which the declared trust does not report` : `looked at ${tenants.length} tenants, found none`;
  return { ...head(check), verdict, severity: 'info', tenants, message, evidence: [] };
}

/** An accepted violation passes and stays visible; one whose risk has run out fails and says so. */
function violationFinding(check: Check, violation: Violation, severity: Severity, facts: Facts): Finding {
  const { tenants, message, evidence } = violation;
  const finding = { ...head(check), severity, tenants, message, evidence };
  const risks = facts.risks.filter((risk) => covers(risk, check, tenants));
  const valid = risks.find((risk) => risk.until >= facts.takenAt.slice(0, 10));
  if (valid !== undefined) return { ...finding, verdict: 'pass', accepted: { risk: valid.risk, owner: valid.owner, until: valid.until } };
  const expired = risks[0];
  const said = expired === undefined ? message : `${message}; the named risk of ${expired.owner} ran out on ${expired.until}`;
  return { ...finding, verdict: 'fail', message: said };
}

function covers(risk: NamedRisk, check: Check, tenants: readonly TenantId[]): boolean {
  if (risk.item !== check.item && risk.item !== check.id) return false;
  const accepted = new Set(risk.tenants);
  return tenants.every((tenant) => accepted.has(tenant));
}

function head({ id, title, fix, item }: Check): Pick<Finding, 'id' | 'kind' | 'title' | 'fix' | 'item'> {
  return { id, kind: 'check', title, fix, item };
}

function strongest(check: Check): Severity {
  return TRUSTS.map((trust) => check.severity[trust]).reduce<Severity>(
    (worst, one) => (one !== '-' && severityIsAtLeast(one, worst) ? one : worst),
    'info',
  );
}
