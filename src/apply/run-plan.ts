/** Runs a plan step by step and writes one receipt per step. Waits for health run side by side. */
import { succeeded, type CommandResult } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Host } from '../core/host.ts';
import type { Plan, Receipt, Step } from '../core/plan.ts';
import { reasonOf } from '../hosts/run-program.ts';

export interface RunPlan {
  readonly plan: Plan;
  readonly runId: string;
  hostOf(step: Step): Host;
  /** Kept durably before the next step starts. */
  keep(receipt: Receipt): void;
  onStep(step: Step, phase: 'start' | 'done'): void;
  readonly now: () => Date;
}

/** Throws BulkheadError `apply` at the first step that fails; what ran before it stays, and the next apply goes on from there. */
export async function runPlan(run: RunPlan, signal: AbortSignal): Promise<void> {
  const waits = run.plan.steps.filter((step) => step.stage === 'health');
  for (const step of run.plan.steps) {
    if (step.stage !== 'health') await runStep(run, step, signal);
  }
  const outcomes = await Promise.allSettled(waits.map((step) => runStep(run, step, signal)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** One step with its receipt, for what has to read the answer. */
export async function runStep(run: Omit<RunPlan, 'plan'>, step: Step, signal: AbortSignal): Promise<CommandResult> {
  signal.throwIfAborted();
  run.onStep(step, 'start');
  const startedAt = run.now();
  const { title, argv } = step.command;
  const host = run.hostOf(step);
  const receipt = {
    runId: run.runId,
    step: step.id,
    title,
    argv,
    startedAt: startedAt.toISOString(),
    ...(step.tenant === undefined ? {} : { tenant: step.tenant }),
    ...(host.id === 'local' ? {} : { host: host.id }),
  };
  let result: CommandResult;
  try {
    result = await host.run(step.command, signal);
  } catch (error) {
    run.keep({ ...receipt, outcome: 'interrupted', exit: null, durationMs: elapsed(run, startedAt) });
    throw error;
  }
  const done = succeeded(step.command, result);
  const aborted = signal.aborted;
  run.keep({ ...receipt, outcome: done ? 'done' : aborted ? 'interrupted' : 'failed', exit: result.exit, durationMs: elapsed(run, startedAt) });
  signal.throwIfAborted();
  if (!done) throw stepFailed(step, host.id, result);
  run.onStep(step, 'done');
  return result;
}

function elapsed(run: Pick<RunPlan, 'now'>, startedAt: Date): number {
  return run.now().getTime() - startedAt.getTime();
}

function stepFailed(step: Step, host: string, result: CommandResult): BulkheadError {
  const whose = step.tenant === undefined ? host : `${step.tenant} on ${host}`;
  const how = result.timedOut ? 'took too long' : `ended with ${result.exit ?? result.signal ?? 'no status'}`;
  // A step with a secret on standard input may echo it: its output is not repeated.
  const said = step.command.redact === true ? '' : `: ${tail(result)}`;
  return new BulkheadError('apply', `${whose}: could not ${step.command.title} (step ${step.id} ${how})${said}`, hintFor(step));
}

function tail(result: CommandResult): string {
  const text = reasonOf(result.stderr) ?? (result.stderr.trim() || result.stdout.trim());
  return text === '' ? 'it said nothing' : text.slice(-600);
}

function hintFor(step: Step): string {
  if (step.stage === 'health' && step.tenant !== undefined) return `see what the gateway said with: bulkhead logs ${step.tenant}`;
  return 'mend the cause and run bulkhead apply again: it goes on where this stopped';
}
