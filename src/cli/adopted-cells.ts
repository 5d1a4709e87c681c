/** A tenant that was adopted is never started from half a copy, nor while the cell that it was copied from runs; and it is told when that one runs. */
import type { Blueprint } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import { known, unknown } from '../core/facts.ts';
import { fleetCommand } from '../openclaw/fleet-cells.ts';
import { findCell } from '../scan/fleet-cell.ts';
import type { CellBeside } from '../verify/beside-cell.ts';
import type { CliContext } from './context.ts';
import type { Session } from './session.ts';

type Where = Pick<Session, 'state' | 'parts'>;
type Placed = Pick<Blueprint, 'tenant' | 'host'>;

/** Throws BulkheadError `apply`, or `host` when an engine could not be asked. Asks only where a tenant was adopted. */
export async function refuseBesideCells(
  { signal }: Pick<CliContext, 'signal'>,
  { state, parts }: Where,
  blueprints: readonly Placed[],
): Promise<void> {
  const adoptions = state.adoptions();
  for (const { tenant, host } of blueprints) {
    const adoption = adoptions.get(tenant);
    if (adoption === undefined) continue;
    const { cell: name, data, finished } = adoption;
    if (finished === undefined)
      throw new BulkheadError(
        'apply',
        `${tenant}: the data of the cell ${name} is not copied to the end; nothing was started`,
        `go on with: bulkhead adopt ${tenant} --yes`,
      );
    const cell = await findCell(parts.hostOf(host), name, signal);
    if (cell?.running !== true) continue;
    throw new BulkheadError(
      'apply',
      `${tenant}: the cell ${name} of openclaw fleet, from which it was copied, runs: two gateways would answer for one bot; nothing was started`,
      `${fleetCommand(data, 'stop', name)}; or go back to the cell: bulkhead remove ${tenant} --confirm ${tenant}`,
    );
  }
}

/** Of every tenant that was adopted. */
export async function cellsBeside(
  { signal }: Pick<CliContext, 'signal'>,
  { state, parts }: Where,
  blueprints: readonly Placed[],
): Promise<readonly CellBeside[]> {
  const adoptions = state.adoptions();
  const adopted = blueprints.flatMap(({ tenant, host }) => {
    const adoption = adoptions.get(tenant);
    return adoption === undefined ? [] : [{ tenant, host, ...adoption }];
  });
  return await Promise.all(
    adopted.map(async ({ tenant, host, cell, data }): Promise<CellBeside> => {
      const about = { tenant, cell, stop: fleetCommand(data, 'stop', cell) };
      try {
        const found = await findCell(parts.hostOf(host), cell, signal);
        return { ...about, running: known(found?.running === true, 'its engine') };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof BulkheadError)) throw error;
        return { ...about, running: unknown(error.message) };
      }
    }),
  );
}
