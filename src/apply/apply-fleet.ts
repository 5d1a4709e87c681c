/** Brings a fleet from what is observed to what is declared: look, plan, run, look again, until nothing is left to do. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import type { Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Host, Isolation, Place, Supervisor, WatchService } from '../core/host.ts';
import type { Plan, Receipt, Step } from '../core/plan.ts';
import { builtRung, type TenantId } from '../core/words.ts';
import { planFleet } from '../plan/plan-fleet.ts';
import { planTenant } from '../plan/plan-tenant.ts';
import { deliveryCommands } from './deliver-install.ts';
import { installCommands } from './install.ts';
import { programsFor } from './programs.ts';
import { runPlan } from './run-plan.ts';
import type { SecretValues } from './secret-values.ts';
import { lookAtTenant } from './situation.ts';

export interface ApplyInput {
  readonly blueprints: readonly Blueprint[];
  readonly layout: Layout;
  readonly secrets: SecretValues;
  readonly supervisor: Supervisor;
  readonly host: Host;
  /** Where `host` is another machine: the operator's own, from which install and images are brought there. */
  readonly source?: Place;
  isolationOf(blueprint: Blueprint): Isolation;
  readonly fleet: string;
  /** Tenants whose gateway token is made anew. */
  readonly renewed?: ReadonlySet<TenantId>;
  /** Absent: the fleet is not to be watched. */
  readonly watch?: WatchService;
}

export interface ApplyRun extends ApplyInput {
  readonly runId: string;
  keep(receipt: Receipt): void;
  onStep(step: Step, phase: 'start' | 'done'): void;
  now(): Date;
}

/** The boundary, the files and the service each need what the one before made; a build from nothing takes three passes. */
const MAX_PASSES = 6;

/** What is to do now on one host. Looks, changes nothing. The install is not looked at again where `knownSound`. */
export async function planNow(input: ApplyInput, signal: AbortSignal, knownSound = false): Promise<Plan> {
  const { layout, supervisor, host } = input;
  const isHere = input.source === undefined;
  const where = isHere ? {} : { host: host.id };
  // Side by side: the install is nearly always sound, and walking through it takes half a second.
  const [install, looked] = await Promise.all([knownSound ? [] : installOf(input, signal), settled(lookAtAll(input, layout.install.node, signal))]);
  if (install.length === 0 && !looked.ok) throw looked.error;
  // Another machine has no Node to look with until it is brought there, and no image to start.
  if (install.length > 0 && !isHere)
    return { ...planFleet({ ...where, install, supervisor: [], tenants: [] }), later: input.blueprints.map(({ tenant }) => `${tenant}: all of it`) };
  // On a bare machine there is no Node but our own to look with.
  const { situations, supervisorObserved, watched } =
    install.length === 0 && looked.ok ? looked.value : await lookAtAll(input, process.execPath, signal);
  const ready = situations.filter((situation) => situation.files !== undefined);
  const services = ready.map(({ isolation, blueprint, foreseen }) => isolation.service(blueprint, layout, foreseen));
  const programs = programsFor(layout.install.node);
  const tenants = situations.map((situation) => ({ tenant: situation.blueprint.tenant, plan: planTenant(situation, programs) }));
  const watch = watched === undefined ? [] : (supervisor.watch?.converge(layout, input.fleet, input.watch, watched) ?? []);
  return planFleet({ ...where, install, supervisor: supervisor.converge(layout, services, supervisorObserved), watch, tenants });
}

/** What the host needs before any tenant of it is looked at: the install, and from another machine what is built on the operator's own. */
async function installOf(input: ApplyInput, signal: AbortSignal): Promise<readonly Command[]> {
  const { layout, blueprints, host, source } = input;
  if (blueprints.length === 0) return [];
  const wanted = { install: layout.install, channels: blueprints.flatMap(({ channels }) => channels) };
  if (source === undefined) return await installCommands(wanted, host, signal);
  const [install, more] = await Promise.all([
    deliveryCommands({ ...wanted, from: source.layout.install }, { host, here: source.host }, signal),
    broughtFor(input, source, signal),
  ]);
  return [...install, ...more];
}

async function broughtFor({ blueprints, layout, host, isolationOf }: ApplyInput, source: Place, signal: AbortSignal): Promise<readonly Command[]> {
  const byRung = [...Map.groupBy(blueprints, builtRung).values()];
  const brought = byRung.map(async ([first, ...more]) =>
    first === undefined ? [] : ((await isolationOf(first).deliver?.([first, ...more], { host, layout }, source, signal)) ?? []),
  );
  return (await Promise.all(brought)).flat();
}

async function lookAtAll(input: ApplyInput, node: string, signal: AbortSignal) {
  const { layout, supervisor, host } = input;
  const withNode = { ...layout, install: { ...layout.install, node } };
  const supervisorObserved = await supervisor.observe(host, withNode, signal);
  const watched = input.source === undefined ? await supervisor.watch?.observe(host, withNode, signal) : undefined;
  const looks = input.blueprints.map((blueprint) =>
    lookAtTenant({ ...input, node, blueprint, isolation: input.isolationOf(blueprint), supervisorObserved }, signal),
  );
  return { situations: await Promise.all(looks), supervisorObserved, watched };
}

/** A promise whose failure is a value, for when another answer decides whether it matters. */
async function settled<T>(promise: Promise<T>): Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }> {
  try {
    return { ok: true, value: await promise };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Runs until nothing is left to do. Returns how many steps ran. Throws BulkheadError `apply` when a step fails or it does not settle. */
export async function applyFleet(run: ApplyRun, signal: AbortSignal): Promise<{ readonly steps: number }> {
  let steps = 0;
  let sound = false;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const plan = await planNow(run, signal, sound);
    sound = !plan.steps.some(({ stage }) => stage === 'install');
    if (plan.steps.length === 0) {
      if (plan.later.length === 0) return { steps };
      throw notSettled(plan.later);
    }
    await runPlan({ plan, runId: run.runId, hostOf: () => run.host, keep: run.keep, onStep: run.onStep, now: run.now }, signal);
    steps += plan.steps.length;
  }
  throw notSettled(['the last plan still had steps']);
}

function notSettled(what: readonly string[]): BulkheadError {
  return new BulkheadError(
    'apply',
    `apply did not settle: ${what.join('; ')}`,
    'run bulkhead plan to see what keeps changing, and whether another program undoes it',
  );
}
