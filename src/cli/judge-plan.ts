/** Judges what the manifest declares, before anything is looked at or built. */
import { desiredFacts } from '../blueprint/desired-facts.ts';
import { judge } from '../checks/judge.ts';
import type { VerifyReport } from '../core/report.ts';
import type { Severity } from '../core/words.ts';
import type { SecretValues } from '../apply/secret-values.ts';
import { foldReport } from '../verify/fold.ts';
import type { CliContext } from './context.ts';
import { withDocuments } from './documents.ts';
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
