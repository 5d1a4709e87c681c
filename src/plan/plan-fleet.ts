/** The plans of all tenants and the host's own steps, in one order with stable step ids. Pure. */
import type { Command } from '../core/command.ts';
import type { Plan, Stage, Step } from '../core/plan.ts';
import type { HostId, TenantId } from '../core/words.ts';
import type { TenantPlan } from './plan-tenant.ts';

export interface FleetPlanInput {
  /** Where all of it runs, when that is not the operator's own machine. */
  readonly host?: HostId;
  /** Installs OpenClaw and Node; [] when they are there. */
  readonly install: readonly Command[];
  /** Registers services with the supervisor; runs after every tenant's files and before any start. */
  readonly supervisor: readonly Command[];
  /** Keeps the fleet watched, or no longer; runs after every gateway is up. */
  readonly watch?: readonly Command[];
  readonly tenants: readonly { readonly tenant: TenantId; readonly plan: TenantPlan }[];
}

/** Tenants one after the other up to their files, then the supervisor, then all starts, then all waits: gateways start side by side. */
export function planFleet(input: FleetPlanInput): Plan {
  const whole = input.host === undefined ? 'host' : `host/${input.host}`;
  const on = (step: Step): Step => (input.host === undefined ? step : { ...step, host: input.host });
  const tenantSteps = input.tenants.flatMap(({ tenant, plan }) => numbered(tenant, plan));
  const of = (...stages: readonly Stage[]): Step[] => tenantSteps.filter((step) => stages.includes(step.stage));
  const install = input.install.map((command, index) => ({ id: `${whole}/install/${index + 1}`, stage: 'install' as const, command }));
  const supervisor = input.supervisor.map((command, index) => ({ id: `${whole}/service/${index + 1}`, stage: 'service' as const, command }));
  const watch = (input.watch ?? []).map((command, index) => ({ id: `host/watch/${index + 1}`, stage: 'service' as const, command }));
  const later = input.tenants.flatMap(({ tenant, plan }) => plan.later.map((stage) => `${tenant}: ${stage}`));
  const steps = [...install, ...of('boundary', 'files', 'stop'), ...supervisor, ...of('service'), ...of('health')].map(on);
  // A fleet that is only half there would be told as unknown.
  if (later.length > 0) return { steps, later: watch.length === 0 ? later : [...later, 'the watch'] };
  return { steps: [...steps, ...watch], later };
}

function numbered(tenant: TenantId, plan: TenantPlan): Step[] {
  const counts = new Map<Stage, number>();
  return plan.steps.map(({ stage, command }) => {
    const count = (counts.get(stage) ?? 0) + 1;
    counts.set(stage, count);
    return { id: `${tenant}/${stage}/${count}`, stage, tenant, command };
  });
}
