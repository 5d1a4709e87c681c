/** Takes one tenant off its host: service first, then the boundary, with the last one the watch. Looks again afterwards until nothing is left. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { Host, Isolation, Supervisor } from '../core/host.ts';
import type { Plan, Stage } from '../core/plan.ts';
import type { Command } from '../core/command.ts';
import { runPlan, type RunPlan } from './run-plan.ts';

export interface RemoveInput {
  readonly blueprint: Blueprint;
  readonly layout: Layout;
  readonly isolation: Isolation;
  readonly supervisor: Supervisor;
  readonly host: Host;
  /** Its watch goes with the last tenant. */
  readonly fleet: string;
}

const MAX_PASSES = 4;

/** Returns how many steps ran; 0 when the tenant was not there. Throws BulkheadError `apply` when something stays. */
export async function removeTenant(input: RemoveInput, run: Omit<RunPlan, 'plan' | 'hostOf'>, signal: AbortSignal): Promise<number> {
  const { blueprint, layout, isolation, supervisor, host } = input;
  let steps = 0;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const supervisorObserved = await supervisor.observe(host, layout, signal);
    const known = supervisorObserved.services.has(blueprint.serviceName);
    const service = known
      ? [...supervisor.stop(layout, blueprint.serviceName), ...supervisor.remove(layout, blueprint.serviceName, supervisorObserved)]
      : [];
    const observed = await isolation.observe(blueprint, layout, host, signal);
    // While the service is there the boundary is in use: what is left of it is looked at once the service is gone.
    const own = known ? service : isolation.remove(blueprint, layout, observed);
    const commands = own.length === 0 && supervisorObserved.services.size === 0 ? await unwatch(input, signal) : own;
    if (commands.length === 0) return steps;
    const plan = planOf(blueprint.tenant, known ? 'stop' : 'boundary', commands);
    await runPlan({ ...run, plan, hostOf: () => host }, signal);
    steps += plan.steps.length;
  }
  throw new BulkheadError(
    'apply',
    `${blueprint.tenant} on ${blueprint.host}: something of it is still there`,
    `run it again: bulkhead remove ${blueprint.tenant} --confirm ${blueprint.tenant}`,
  );
}

async function unwatch({ supervisor, layout, host, fleet }: RemoveInput, signal: AbortSignal): Promise<readonly Command[]> {
  const { watch } = supervisor;
  return watch === undefined ? [] : watch.converge(layout, fleet, undefined, await watch.observe(host, layout, signal));
}

function planOf(tenant: string, stage: Stage, commands: readonly Command[]): Plan {
  return { steps: commands.map((command, index) => ({ id: `${tenant}/remove/${index + 1}`, stage, tenant, command })), later: [] };
}
