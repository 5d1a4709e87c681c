import type { HostId } from '../core/words.ts';

/** Maps with at most `width` at work at a time, in order. */
export async function inTurn<A, B>(items: readonly A[], width: number, work: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

/** The same on each host at once, so that a slow one holds up none of the others; still in order. */
export async function inTurnOnEach<A extends { readonly host: HostId }, B>(
  items: readonly A[],
  width: number,
  work: (item: A) => Promise<B>,
): Promise<B[]> {
  const results: B[] = [];
  const places = Map.groupBy(items.entries(), ([, { host }]) => host);
  await Promise.all([...places.values()].map((here) => inTurn(here, width, async ([at, item]) => void (results[at] = await work(item)))));
  return results;
}
