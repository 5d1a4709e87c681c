/** Judges what the manifest declares, before anything is looked at or built. */
import { desiredFacts } from '../blueprint/desired-facts.ts';
import { judge } from '../checks/judge.ts';
import type { Blueprint } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { VerifyReport } from '../core/report.ts';
import type { Severity } from '../core/words.ts';
import { printJson } from '../report/escape.ts';
import { reportJson } from '../report/json.ts';
import { printReport } from '../report/terminal.ts';
import type { SecretValues } from '../apply/secret-values.ts';
import { foldReport } from '../verify/fold.ts';
import type { CliContext } from './context.ts';
import { withDocuments } from './documents.ts';
import type { CommonFlags } from './flags.ts';
import type { Session } from './session.ts';

/** The report on the declaration: same checks, same words, same exit codes as on what runs. */
export function judgePlan(context: CliContext, session: Session, secrets: SecretValues, threshold?: Severity): VerifyReport {
  const { fleet, blueprints } = session;
  const startedAt = context.now();
  const declared = desiredFacts({ fleet, blueprints, provided: secrets.provided, masker: secrets.masker, takenAt: startedAt.toISOString() });
  const facts = withDocuments(declared, fleet, context.cwd);
  const judged = { fleet, facts, findings: judge(facts), probes: [], startedAt, finishedAt: context.now(), phase: 'plan' } as const;
  return foldReport(threshold === undefined ? judged : { ...judged, threshold });
}

/** Throws BulkheadError `apply` where one of these tenants would lack a secret. */
export function refuseMissing({ missing }: Pick<SecretValues, 'missing'>, blueprints: readonly Blueprint[]): void {
  const needed = missing.find((gap) => blueprints.some(({ tenant }) => tenant === gap.tenant));
  if (needed === undefined) return;
  const { tenant, reference, role, why } = needed;
  throw new BulkheadError(
    'apply',
    `${tenant}: the secret ${reference} (${role}) is not provided: ${why}; nothing was changed`,
    `provide it (bulkhead secrets check tells of all), then run: bulkhead apply`,
  );
}

/** Prints why nothing is built or changed; returns the exit code. */
export function refused(context: CliContext, flags: CommonFlags, report: VerifyReport): number {
  if (flags.json) context.print(`${printJson({ ok: false, exitCode: report.exitCode, report: reportJson(report) })}\n`);
  else context.print(printReport(report, { color: context.color, width: context.width }));
  return report.exitCode;
}
