/** Brings the data of a cell of `openclaw fleet` into a tenant that is not built yet: boundary, stop, copy, look again. Starts nothing; `apply` does. */
import type { Blueprint } from '../core/blueprint.ts';
import type { Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Stage, Step } from '../core/plan.ts';
import { fleetCommand } from '../openclaw/fleet-cells.ts';
import type { CellData } from '../scan/cell-data.ts';
import { findCell, lookAtCellData, type FleetCell } from '../scan/fleet-cell.ts';
import { planNow, type ApplyInput, type ApplyRun } from './apply-fleet.ts';
import { copyCell, stopCell } from './copy-cell.ts';
import { runPlan } from './run-plan.ts';

export interface CellSeen {
  readonly cell: FleetCell;
  readonly data: CellData;
  readonly keys?: CellData;
}

/** Who looks: our own Node, started by this user. */
export interface Looker {
  readonly node: string;
  readonly scanner: number;
}

/** For one tenant, on this machine. */
export type AdoptInput = ApplyInput & { readonly looker: Looker };
export type AdoptRun = ApplyRun & { readonly looker: Looker };

const MAX_PASSES = 4;
const MOST_NAMED = 5;

/** Throws BulkheadError `usage` where there is no such cell, `apply` where something in it cannot be copied. */
export async function lookAtCell({ host, looker }: Pick<AdoptInput, 'host' | 'looker'>, name: string, signal: AbortSignal): Promise<CellSeen> {
  const cell = await findCell(host, name, signal);
  if (cell === undefined) throw new BulkheadError('usage', `no engine of ${host.id} has a cell ${name}`, 'bulkhead scan names those that there are');
  const [data, keys] = await Promise.all(
    [cell.data, cell.keys].map(async (root) => (root === undefined ? undefined : await lookAtCellData(host, looker, { cell, root }, signal))),
  );
  if (data === undefined) throw new Error('a cell has data');
  refuseOdd(cell, [...data.refused, ...(keys?.refused ?? [])]);
  return { cell, data, ...(keys === undefined ? {} : { keys }) };
}

function refuseOdd({ name, data }: FleetCell, refused: CellData['refused']): void {
  if (refused.length === 0) return;
  const named = refused.slice(0, MOST_NAMED).map(({ path, why }) => `${path}: ${why}`);
  const more = refused.length > MOST_NAMED ? `; and ${refused.length - MOST_NAMED} more` : '';
  throw new BulkheadError(
    'apply',
    `the cell ${name} holds what cannot be copied: ${named.join('; ')}${more}; nothing was copied`,
    `look at it in ${data}, move it away, then run it again`,
  );
}

/** All of it, as far as it can be spelled out now. */
export async function planAdoption(input: AdoptInput, seen: CellSeen, signal: AbortSignal): Promise<readonly Step[]> {
  const { blueprint, isolation, layout, host } = tenantOf(input);
  const boundary = await boundarySteps(input, signal);
  const observed = isolation.foresee(blueprint, layout, await isolation.observe(blueprint, layout, host, signal));
  const own = { blueprint, layout, isolation, observed };
  return [...boundary, ...steps(blueprint, 'stop', stopCell(seen.cell)), ...steps(blueprint, 'files', copyCell({ ...own, ...seen }))];
}

/** Throws BulkheadError `apply` when a step fails or the cell does not stay stopped: then the copy counts as not whole. Repeated, it goes on. */
export async function adoptTenant(run: AdoptRun, seen: CellSeen, signal: AbortSignal): Promise<CellSeen> {
  const { blueprint } = tenantOf(run);
  for (let pass = 0; ; pass += 1) {
    const missing = await boundarySteps(run, signal);
    if (missing.length === 0) return await bringData(run, seen, signal);
    if (pass === MAX_PASSES)
      throw new BulkheadError('apply', `the boundary of ${blueprint.tenant} does not settle`, 'bulkhead plan shows what changes');
    await through(run, missing, seen, signal);
  }
}

/** The boundary stands. Stops the cell, copies what it wrote until it ended, and asks whether it stayed so. */
export async function bringData(
  run: Pick<AdoptRun, 'blueprints' | 'isolationOf' | 'layout' | 'host' | 'looker' | 'runId' | 'keep' | 'onStep' | 'now'>,
  seen: CellSeen,
  signal: AbortSignal,
): Promise<CellSeen> {
  const { blueprint, isolation, layout, host } = tenantOf(run);
  await through(run, steps(blueprint, 'stop', stopCell(seen.cell)), seen, signal);
  const still = await lookAtCell(run, seen.cell.name, signal);
  if (still.cell.running) throw startedMeanwhile(still.cell);
  const observed = await isolation.observe(blueprint, layout, host, signal);
  await through(run, steps(blueprint, 'files', copyCell({ blueprint, layout, isolation, observed, ...still })), seen, signal);
  const after = await findCell(host, seen.cell.name, signal);
  if (after === undefined || after.id !== still.cell.id || after.running || after.startedAt !== still.cell.startedAt)
    throw startedMeanwhile(still.cell);
  return still;
}

async function through(
  { runId, host, keep, onStep, now }: Pick<AdoptRun, 'runId' | 'host' | 'keep' | 'onStep' | 'now'>,
  all: readonly Step[],
  { cell }: CellSeen,
  signal: AbortSignal,
): Promise<void> {
  try {
    await runPlan({ plan: { steps: all, later: [] }, runId, hostOf: () => host, keep, onStep, now }, signal);
  } catch (error) {
    throw stoppedHalfway(error, cell);
  }
}

function tenantOf({ blueprints, isolationOf, layout, host }: Pick<ApplyInput, 'blueprints' | 'isolationOf' | 'layout' | 'host'>) {
  const [blueprint] = blueprints;
  if (blueprint === undefined || blueprints.length > 1) throw new Error('one tenant is adopted at a time');
  return { blueprint, isolation: isolationOf(blueprint), layout, host };
}

/** What apply would do before it writes the first file; it throws what would stop apply, before the cell is stopped. */
async function boundarySteps(input: AdoptInput, signal: AbortSignal): Promise<readonly Step[]> {
  const plan = await planNow(input, signal);
  return plan.steps.filter(({ stage }) => stage === 'install' || stage === 'boundary');
}

function steps({ tenant }: Blueprint, stage: Stage, commands: readonly Command[]): readonly Step[] {
  return commands.map((command, at) => ({ id: `${tenant}/adopt-${stage}/${at + 1}`, stage, tenant, command }));
}

/** What is typed next is not what would be after an apply. Interruptions are what they are. */
function stoppedHalfway(error: unknown, { name, data }: FleetCell): unknown {
  if (!(error instanceof BulkheadError)) return error;
  const hint = `mend the cause, then: bulkhead adopt ${name} --yes; or go on with the cell: ${fleetCommand(data, 'start', name)}`;
  return new BulkheadError(error.code, error.message, hint, { cause: error.cause });
}

function startedMeanwhile({ name, data }: FleetCell): BulkheadError {
  return new BulkheadError(
    'apply',
    `the cell ${name} was started by somebody else meanwhile: its copy is not whole, and will not be started`,
    `${fleetCommand(data, 'stop', name)}, then: bulkhead adopt ${name} --yes`,
  );
}
