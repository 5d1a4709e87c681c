/** Runs checks over facts. What could not be seen is a finding of its own, never silence. */
import type { Check, Finding, Violation } from '../core/check.ts';
import type { Facts, HostFacts, Known, TenantFacts } from '../core/facts.ts';
import type { HostNeed, Need } from '../core/need.ts';
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
  // Checks with equal needs can judge the same tenants.
  const splits = new Map<string, Split>();
  const splitFor = (check: Check): Split => {
    const key = [
      check.silentOn === undefined ? '' : check.id,
      check.ofDeclaration === true,
      ...check.needs,
      'without',
      ...(check.judgesWithout ?? []),
    ].join(' ');
    const made = splits.get(key) ?? split(facts, check);
    splits.set(key, made);
    return made;
  };
  return checks.filter((check) => check.phases.includes(facts.phase)).flatMap((check) => judgeOne(check, facts, splitFor(check), trust));
}

function judgeOne(check: Check, facts: Facts, { judged, ids, unseen, outside }: Split, trust: TrustIndex): readonly Finding[] {
  const findings: Finding[] = [
    ...[...unseen].map(([why, tenants]) => unknownFinding(check, why, tenants)),
    ...[...outside].map(([why, tenants]) => outsideFinding(check, why, tenants)),
  ];
  if (judged.tenants.length === 0 && findings.length > 0) return findings;
  let tolerated = 0;
  let violated = 0;
  for (const violation of check.judge(judged)) {
    const severity = check.severity[violation.trust ?? trust.strictestWithin(violation.tenants)];
    if (severity === '-') tolerated += 1;
    else {
      violated += 1;
      findings.push(violationFinding(check, violation, severity, facts));
    }
  }
  if (violated === 0 && (ids.length > 0 || unseen.size === 0)) findings.push(passFinding(check, ids, tolerated));
  return findings;
}

interface Split {
  /** The facts without the others: the same object for every check that can judge them, where nobody is left out the whole. */
  readonly judged: Facts;
  /** Those of `judged` of whom all was seen: who else holds no violation has not passed. */
  readonly ids: readonly TenantId[];
  /** By the reason why they cannot be judged, or not wholly. */
  readonly unseen: ReadonlyMap<string, readonly TenantId[]>;
  /** By the reason why the check says nothing of them. */
  readonly outside: ReadonlyMap<string, readonly TenantId[]>;
}

/** Tenants that can be judged, and the others by the reason why not. */
function split(facts: Facts, check: Check): Split {
  const { tenants, hosts } = facts;
  const hostOf = new Map(hosts.map((host) => [host.host, host]));
  const seen: TenantFacts[] = [];
  const ids: TenantId[] = [];
  const [unseen, outside] = [new Map<string, TenantId[]>(), new Map<string, TenantId[]>()];
  const note = (where: Map<string, TenantId[]>, why: string, tenant: TenantId): void => {
    if (where.get(why)?.push(tenant) === undefined) where.set(why, [tenant]);
  };
  for (const tenant of tenants) {
    const host = hostOf.get(tenant.host);
    const beyond = tenant.found === true ? beyondFound(tenant, check) : undefined;
    const why = firstOf(check.needs, (need) => (isSpared(check, need) ? undefined : missing(tenant, host, need)));
    const silent = why === undefined ? check.silentOn?.(tenant) : undefined;
    if (beyond !== undefined) note(outside, beyond, tenant.tenant);
    else if (why !== undefined) note(unseen, why, tenant.tenant);
    else if (silent !== undefined) note(outside, silent, tenant.tenant);
    else {
      seen.push(tenant);
      const rest = firstOf(
        check.needs,
        (need) => outOfSight(tenant, host, need) ?? (isSpared(check, need) ? lacking(tenant, host, need) : undefined),
      );
      if (rest === undefined) ids.push(tenant.tenant);
      else note(unseen, rest, tenant.tenant);
    }
  }
  const judged = seen.length === tenants.length ? facts : { ...facts, tenants: seen };
  return { judged, ids, unseen, outside };
}

function firstOf(needs: readonly Need[], whyOf: (need: Need) => string | undefined): string | undefined {
  for (const need of needs) {
    const why = whyOf(need);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** What is not asked of a gateway that was found: to ask it would leave a trace, or nobody declared what to compare it with. */
const NOT_ASKED: Readonly<Partial<Record<Need, string>>> = {
  claim: 'it was found: it is not spoken to, for that would leave a trace in it',
  effective: 'it was found: it is not spoken to, for that would leave a trace in it',
  statusDigest: 'it was found: it is not spoken to, for that would leave a trace in it',
  audit: 'it was found: nothing is run in it',
  auditRun: 'it was found: nothing is run in it',
  egress: 'it was found: the rules of the host’s firewall are not read',
};

const AUDITED: ReadonlySet<Need> = new Set<Need>(['audit', 'auditRun']);

function beyondFound(tenant: TenantFacts, check: Check): string | undefined {
  const { needs, ofDeclaration } = check;
  if (ofDeclaration === true) return 'it was found: nobody declared it';
  const notAsked = needs.map((need) => (tenant.entered === true && AUDITED.has(need) ? undefined : NOT_ASKED[need])).find((why) => why !== undefined);
  if (notAsked !== undefined) return notAsked;
  const ofRunning = (need: Need): boolean => need === 'process' || need === 'surroundings' || need === 'listener';
  return isIdleFound(tenant) && needs.some((need) => ofRunning(need) && !isSpared(check, need)) ? 'it does not run' : undefined;
}

/** A spared need: of a found gateway that does not run nothing is amiss. */
function lacking(tenant: TenantFacts, host: HostFacts | undefined, need: Need): string | undefined {
  return isIdleFound(tenant) ? undefined : missing(tenant, host, need);
}

/** Nobody declared that it runs: what only a running one has, this one does not have. */
function isIdleFound({ found, process }: TenantFacts): boolean {
  return found === true && process.known && process.value === null;
}

function isSpared({ judgesWithout = [] }: Check, need: Need): boolean {
  return judgesWithout.includes(need);
}

function factOf(tenant: TenantFacts, host: HostFacts | undefined, need: Need): Known<unknown> | undefined {
  return isOfHost(need) ? host?.[hostNeed(need)] : tenant[need];
}

/** Why a fact that was read may not be all there is. */
function outOfSight(tenant: TenantFacts, host: HostFacts | undefined, need: Need): string | undefined {
  const fact = factOf(tenant, host, need);
  return fact?.known === true && fact.unseen !== undefined ? `${need}: ${fact.unseen}` : undefined;
}

function missing(tenant: TenantFacts, host: HostFacts | undefined, need: Need): string | undefined {
  const fact = factOf(tenant, host, need);
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

function outsideFinding(check: Check, why: string, tenants: readonly TenantId[]): Finding {
  return { ...head(check), verdict: 'not-applicable', severity: 'info', tenants, message: `says nothing of ${names(tenants)}: ${why}`, evidence: [] };
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
