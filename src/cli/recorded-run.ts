/** What the steps of one command have in common: an id, a receipt for each, and progress told as each starts. */
import { randomUUID } from 'node:crypto';
import type { RunPlan } from '../apply/run-plan.ts';
import type { CliContext } from './context.ts';
import { tellSteps, type Progress } from './progress.ts';
import type { Session } from './session.ts';

export type RecordedRun = Omit<RunPlan, 'plan' | 'hostOf'>;

export function recordedRun(context: CliContext, { state }: Pick<Session, 'state'>, progress: Progress): RecordedRun {
  return { runId: randomUUID(), keep: state.keepReceipt.bind(state), onStep: tellSteps(progress), now: () => context.now() };
}
