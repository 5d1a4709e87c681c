/** `bulkhead verify`: facts, checks, attacks from inside every boundary, audits; one report and its exit code. */
import { BulkheadError } from '../../core/error.ts';
import { reuse } from '../../verify/reuse.ts';
import { conclude, look } from '../../verify/verify.ts';
import { action } from '../action.ts';
import { reportAs } from '../print-report.ts';
import { formatOf, type ReportFlags } from '../report-flags.ts';
import { progressTo } from '../progress.ts';
import { openSession, quarantineNotes } from '../session.ts';
import { earlierOf, verificationOf, type VerificationFlags } from '../verification.ts';
import { refuseWithoutWatch, runWatch, type WatchFlags } from '../watch.ts';

export interface VerifyFlags extends ReportFlags, VerificationFlags, WatchFlags {
  /** Milliseconds; absent: attack whatever was attacked before. */
  readonly maxAge?: number;
}

export const verify = action(async (context, flags: VerifyFlags) => {
  const format = formatOf(flags);
  const { maxAge } = flags;
  if (flags.watch) {
    if (format === 'sarif' || format === 'junit' || maxAge !== undefined)
      throw new BulkheadError('usage', 'a watch takes neither --max-age nor a format but text and json', 'see: bulkhead verify --help');
    return await runWatch(context, { ...flags, json: format === 'json' });
  }
  refuseWithoutWatch(flags);
  if (maxAge !== undefined && !(flags.audit && flags.probes))
    throw new BulkheadError('usage', '--max-age takes over attacks and audits that --no-probes or --no-audit leaves out', 'leave one of them out');
  if (flags.liftPolicy && (maxAge !== undefined || !flags.probes))
    throw new BulkheadError('usage', '--lift-policy attacks, which --max-age and --no-probes leave out', 'leave one of them out');
  const session = await openSession(context, flags);
  context.note(quarantineNotes(session, session.blueprints));
  const progress = progressTo(context);
  const verification = await verificationOf(context, session, flags, progress);
  const looked = await look(verification);
  // What broke or gave no answer is attacked again, however young it is.
  const limits = { now: context.now(), maxAgeMs: maxAge ?? 0, unsettledMaxAgeMs: 0, pairs: flags.pairs };
  const earlier = maxAge === undefined ? undefined : reuse(earlierOf(session), looked.factsSha256, limits);
  if (earlier !== undefined) progress.line(earlier.taken === undefined ? `attack anew: ${earlier.why}` : 'take over the latest attacks and audits');
  const report = await conclude(verification, looked, earlier?.taken);
  const evidence = session.state.keepVerification(report);
  context.print(reportAs(context, format, { report, fleet: session.fleet, failOn: flags.failOn, more: { evidence } }));
  if (format === 'text') context.print(`Evidence: ${evidence}\n`);
  return report.exitCode;
});
