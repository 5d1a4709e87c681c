/** The rung `host`: the tenant is alone on its machine. What is built there is another rung; that nobody else is there, checks tell. */
import type { Isolation } from '../../core/host.ts';

export function aloneWith<Observed>(inside: Isolation<Observed>): Isolation<Observed> {
  return { ...inside, rung: 'host' };
}
