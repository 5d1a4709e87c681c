/** Whether the cell of `openclaw fleet` that a tenant was copied from runs beside it. */
import type { Finding } from '../core/check.ts';
import type { Known } from '../core/facts.ts';
import type { TenantId } from '../core/words.ts';

export interface CellBeside {
  readonly tenant: TenantId;
  readonly cell: string;
  readonly running: Known<boolean>;
  /** The command by which fleet's operator stops it. */
  readonly stop: string;
}

/** Two gateways with one bot take each other's messages, and their memories part. */
export function besideCell({ tenant, cell, running, stop }: CellBeside): readonly Finding[] {
  if (running.known && !running.value) return [];
  return [
    {
      id: 'adoption.cell-runs',
      kind: 'check',
      verdict: running.known ? 'fail' : 'unknown',
      severity: 'high',
      tenants: [tenant],
      title: 'The cell that a tenant was copied from runs beside it',
      message: running.known
        ? `the cell ${cell} of openclaw fleet runs beside ${tenant}, with the same bots and logins`
        : `whether the cell ${cell} of openclaw fleet runs beside ${tenant} could not be seen: ${running.why}`,
      evidence: [],
      fix: `Stop it: ${stop}. To go back to it: bulkhead remove ${tenant} --confirm ${tenant}`,
      item: '',
    },
  ];
}
