/** What end-to-end tests expect of a verification that finds nothing. */
import assert from 'node:assert/strict';
import type { ReportDocument } from '../../src/report/json.ts';

/**
 * Every attack that applies was contained, with both controls held, and nothing else is open: exit 0. One thing is the machine's to decide: beside other
 * tests a victim may be too slow to tell whether it was hindered, which a report must then call unknown, with exit 3; so it must what was not audited.
 */
export function assertHeld(report: ReportDocument, { audited = true }: { readonly audited?: boolean } = {}): void {
  const isSlow = ({ id, verdict }: { readonly id: string; readonly verdict: string }): boolean => id === 'victim.affected' && verdict === 'unknown';
  for (const probe of report.probes) {
    if (probe.verdict === 'not-applicable' || isSlow(probe)) continue;
    assert.equal(probe.verdict, 'contained', `${probe.id} by ${probe.attacker}: ${probe.detail}`);
    assert.ok(probe.positiveControl.held && probe.negativeControl.held, `controls of ${probe.id}`);
  }
  const isAudit = ({ id }: { readonly id: string }): boolean => !audited && id.startsWith('audit.');
  const open = report.findings.filter((finding) => finding.verdict === 'fail' || (finding.verdict === 'unknown' && !isAudit(finding)));
  const says = JSON.stringify([open, report.notVerified], undefined, 1);
  assert.deepEqual(
    open.filter((finding) => finding.verdict === 'unknown' && !isSlow(finding)),
    [],
    says,
  );
  assert.equal(report.exitCode, audited && !report.probes.some(isSlow) ? 0 : 3, says);
}
