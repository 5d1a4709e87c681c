/** How the findings of a fleet stand, and what changed between two looks. Pure. */
import type { Finding } from '../core/check.ts';
import type { FindingChange, Standing } from '../core/watch.ts';
import { severityIsAtLeast, type Severity, type TenantId, type Verdict } from '../core/words.ts';
import { exitCodeOf, overallVerdict } from './fold.ts';

export interface FleetStanding {
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** By finding and tenants: what fails and counts, and what could not be judged. */
  readonly open: ReadonlyMap<string, Finding>;
  /** Exit code of each tenant's own findings. */
  readonly tenants: ReadonlyMap<TenantId, number>;
}

export function standingOf(findings: readonly Finding[], tenants: readonly TenantId[], threshold: Severity): FleetStanding {
  const open = new Map<string, Finding>();
  for (const finding of findings) {
    const standing = standingOfOne(finding, threshold);
    const key = `${finding.id} ${finding.tenants.toSorted().join(' ')}`;
    // Of several about the same tenants the worst speaks.
    if (standing === 'fail' || (standing === 'unknown' && !open.has(key))) open.set(key, finding);
  }
  return {
    verdict: overallVerdict(findings, threshold),
    exitCode: exitCodeOf(findings, threshold),
    open,
    tenants: new Map(
      tenants.map((tenant) => [
        tenant,
        exitCodeOf(
          findings.filter((one) => one.tenants.includes(tenant)),
          threshold,
        ),
      ]),
    ),
  };
}

function standingOfOne({ verdict, severity, accepted }: Finding, threshold: Severity): Standing {
  if (verdict === 'fail' && accepted === undefined && severityIsAtLeast(severity, threshold)) return 'fail';
  return verdict === 'unknown' ? 'unknown' : 'held';
}

/** What stands otherwise now: new troubles first, then what is over. */
export function changesBetween(before: FleetStanding | undefined, now: FleetStanding): readonly FindingChange[] {
  const begun = [...now.open].flatMap(([key, finding]) => {
    const was = openAs(before?.open.get(key));
    const is = openAs(finding);
    return was === is ? [] : [change(finding, was, is)];
  });
  const over = [...(before?.open ?? [])].flatMap(([key, finding]) => (now.open.has(key) ? [] : [change(finding, openAs(finding), 'held')]));
  return [...begun, ...over];
}

function openAs(finding: Finding | undefined): Standing {
  if (finding === undefined) return 'held';
  return finding.verdict === 'fail' ? 'fail' : 'unknown';
}

function change({ id, kind, tenants, severity, message }: Finding, was: Standing, now: Standing): FindingChange {
  const base = { id, kind, tenants, severity, was, now };
  switch (now) {
    case 'held':
      return { ...base, message: 'it is over' };
    case 'unknown':
      return { ...base, message, next: 'bulkhead status' };
    case 'fail':
      return { ...base, message, next: `bulkhead explain ${id}` };
  }
}
