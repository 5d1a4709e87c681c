/** Whether a tenant's token may be sent to its published port. Travels with the program that asks gateways on other machines. */
import type { ListenerFact, ProcessFact } from '../core/facts.ts';
import type { Rung } from '../core/words.ts';

export interface Door {
  readonly rung: Rung;
  readonly port: number;
  /** Of the tenant; absent where it has no user yet. */
  readonly uid?: number;
}

/**
 * Why it may not; undefined where every holder of the listener is the tenant or root, and one is the tenant itself, inside its own namespaces (`profile`:
 * the gateway's own process). Anybody else there would receive the token.
 */
export function whyNotOwn(
  { rung, port, uid }: Door,
  process: Pick<ProcessFact, 'pid' | 'namespaces'> | null,
  listener: Pick<ListenerFact, 'holders'> | null,
): string | undefined {
  if (process === null) return 'no gateway runs';
  if (listener === null) return `nothing listens on port ${port}`;
  const { pid, namespaces } = process;
  const foreign = listener.holders.find((holder) => holder.uid !== 0 && holder.uid !== uid);
  if (foreign !== undefined) return `uid ${foreign.uid} listens on its port ${port}; the token was not sent`;
  const own = listener.holders.filter((holder) => holder.uid === uid);
  // What could not be read of both is not the same.
  const shares = (name: string, of: (typeof own)[number]): boolean => namespaces[name] !== undefined && of.namespaces[name] === namespaces[name];
  const isOwn = own.some((holder) => (rung === 'profile' ? holder.pid === pid : shares('net', holder) || shares('pid', holder)));
  return isOwn ? undefined : `its port ${port} is not held from inside its boundary; the token was not sent`;
}
