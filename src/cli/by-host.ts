/** Work on several hosts: side by side, and what goes wrong on one keeps none of the others from its work. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { HostId } from '../core/words.ts';
import type { Session } from './session.ts';

/** Tenants that are on one host. */
export interface Placed {
  readonly id: HostId;
  readonly layout: Layout;
  readonly blueprints: readonly Blueprint[];
}

/** In the order in which the hosts' first tenants stand in the manifest. */
export function placed({ layoutOf }: Pick<Session, 'layoutOf'>, blueprints: readonly Blueprint[]): readonly Placed[] {
  return [...Map.groupBy(blueprints, ({ host }) => host)].map(([id, of]) => ({ id, layout: layoutOf(id), blueprints: of }));
}

/**
 * What the work gave, host by host. When it failed on some, throws once it has ended on all: the one error, or one that tells all of them with the
 * code and hint of the worst.
 */
export async function onEach<T>(places: readonly Placed[], work: (place: Placed) => Promise<T>): Promise<readonly T[]> {
  // An error that is thrown before the work's first pause is a failure of this host like any other.
  const ended = await Promise.allSettled(places.map(async (place) => await work(place)));
  const failures: unknown[] = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (failures.length > 0) throw together(failures);
  return ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** Failures of our own making, and interruptions, are what they are. */
function together(failures: readonly unknown[]): unknown {
  const known = failures.filter((failure): failure is BulkheadError => failure instanceof BulkheadError);
  if (known.length < failures.length) return failures.find((failure) => !(failure instanceof BulkheadError));
  // What a step did not do matters more than a host that could not be asked.
  const worst = known.find(({ code }) => code !== 'host') ?? known[0];
  if (worst === undefined || known.length === 1) return worst;
  const others = known.filter((failure) => failure !== worst);
  return new BulkheadError(worst.code, [worst, ...others].map(({ message }) => message).join('\n'), worst.hint, { cause: worst.cause });
}
