/** `bulkhead checklist`: the one-page boundary checklist, from the latest verification. */
import { printJson } from '../../report/escape.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { checklist as checklistOf } from '../../report/checklist.ts';
import { action } from '../action.ts';
import type { CommonFlags } from '../flags.ts';
import { openSession, quarantineNotes, selectTenants } from '../session.ts';

export const checklist = action(async (context, flags: CommonFlags & { readonly markdown: boolean }, ...tenants: readonly string[]) => {
  const session = await openSession(context, flags);
  const latest = session.state.latestVerification();
  if (latest === undefined)
    throw new BulkheadError('unverified', 'nothing was verified yet: a checklist states what was seen', 'run: bulkhead verify');
  if (latest.report.manifestSha256 !== session.fleet.source.sha256) {
    throw new BulkheadError(
      'unverified',
      `the manifest has changed since the verification of ${latest.storedAt}`,
      'run: bulkhead apply, then bulkhead verify',
    );
  }
  context.note(quarantineNotes(session, selectTenants(session, tenants)));
  const pages = selectTenants(session, tenants).map(({ tenant }) => {
    const known = latest.report.facts.tenants.some((one) => one.tenant === tenant);
    if (!known) throw new BulkheadError('unverified', `${tenant} was not in the verification of ${latest.storedAt}`, 'run: bulkhead verify');
    return checklistOf({ report: latest.report, tenant, now: context.now() });
  });
  const complete = pages.every((page) => page.complete);
  const exitCode = complete
    ? EXIT_CODES.ok
    : pages.some((page) => page.problems.some(({ kind }) => kind !== 'unknown'))
      ? EXIT_CODES.findings
      : EXIT_CODES.unverified;
  if (flags.json) context.print(`${printJson({ ok: complete, exitCode, checklists: pages.map(({ document }) => document) })}\n`);
  else context.print(pages.map((page) => (flags.markdown ? page.markdown : page.text({ color: context.color, width: context.width }))).join('\n'));
  return exitCode;
});
