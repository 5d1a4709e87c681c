/** Which ordered pairs of tenants a run attacks: all of them while they are few, else a ring and random pairs. Pure. */
import type { PairCoverage } from '../core/probe.ts';
import type { TrustMap } from '../core/trust.ts';
import type { TenantId } from '../core/words.ts';

export interface OrderedPair {
  readonly attacker: TenantId;
  readonly victim: TenantId;
}

export interface PairWish {
  readonly tenants: readonly { readonly tenant: TenantId }[];
  readonly trust: TrustMap;
  /** Most pairs; the ring is attacked even where it needs more. `Infinity`: every pair. */
  readonly most: number;
  /** 32 bits. The same seed chooses the same pairs of the same tenants. */
  readonly seed: number;
}

export interface PairChoice {
  readonly pairs: readonly OrderedPair[];
  readonly coverage: PairCoverage;
}

/** Every ordered pair of twenty tenants: beyond that the time grows with the square, and each tenant still meets many others by chance. */
export const MOST_PAIRS = 380;

/**
 * A ring in both directions, so that every tenant attacks and is attacked; then, up to `most`, pairs that were declared adversarial, then others.
 * Memory and time grow with what is chosen, not with the square of the fleet.
 */
export function choosePairs({ tenants, trust, most, seed }: PairWish): PairChoice {
  const everybody = tenants.map(({ tenant }) => tenant);
  const all = everybody.length * Math.max(0, everybody.length - 1);
  if (all <= most) {
    const pairs = everybody.flatMap((attacker) => everybody.filter((victim) => victim !== attacker).map((victim) => ({ attacker, victim })));
    return { pairs, coverage: { attacked: all, of: all } };
  }
  const random = randomFrom(seed);
  const order = shuffled(everybody, random);
  const chosen = new Map<string, OrderedPair>();
  const add = (pair: OrderedPair): void => void chosen.set(`${pair.attacker} ${pair.victim}`, pair);
  for (const pair of rounds(order, [1, order.length - 1])) add(pair);
  for (const pair of byChance([hostile(everybody, trust, random), [order]], random)) {
    if (chosen.size >= most) break;
    add(pair);
  }
  return { pairs: [...chosen.values()], coverage: { attacked: chosen.size, of: all, most, seed } };
}

function* byChance(sources: readonly Iterable<readonly TenantId[]>[], random: () => number): Generator<OrderedPair> {
  for (const source of sources) for (const tenants of source) yield* rounds(tenants, shuffledSteps(tenants.length, random));
}

/** Tenants whom one declaration calls adversarial to each other. Where the fleet's default does, nobody comes first. */
function* hostile(everybody: readonly TenantId[], trust: TrustMap, random: () => number): Generator<readonly TenantId[]> {
  if (trust.default === 'adversarial') return;
  for (const relation of trust.relations) {
    if (relation.trust !== 'adversarial') continue;
    const named = new Set(relation.between);
    const there = everybody.filter((tenant) => named.has(tenant));
    yield shuffled(there, random);
  }
}

/** Round after round, each tenant attacks the one so many steps further: no pair twice, and none with itself. */
function* rounds(tenants: readonly TenantId[], steps: Iterable<number>): Generator<OrderedPair> {
  for (const step of steps) {
    for (const [at, attacker] of tenants.entries()) {
      const victim = tenants[(at + step) % tenants.length];
      if (victim !== undefined && victim !== attacker) yield { attacker, victim };
    }
  }
}

function shuffledSteps(length: number, random: () => number): readonly number[] {
  return shuffled(
    Array.from({ length: Math.max(0, length - 1) }, (_, index) => index + 1),
    random,
  );
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const at = Math.floor(random() * (last + 1));
    const [left, right] = [result[last], result[at]];
    if (left !== undefined && right !== undefined) [result[last], result[at]] = [right, left];
  }
  return result;
}

/** mulberry32: small and repeatable. Nothing secret hangs on it. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
