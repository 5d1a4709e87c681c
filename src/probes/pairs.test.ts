import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TrustMap } from '../core/trust.ts';
import { choosePairs, type OrderedPair, type PairWish } from './pairs.ts';

const CLIENTS: TrustMap = { default: 'clients', relations: [] };
const fleet = (size: number): PairWish['tenants'] => Array.from({ length: size }, (_, index) => ({ tenant: `local-${index}` }));
const keys = (pairs: readonly OrderedPair[]): readonly string[] => pairs.map(({ attacker, victim }) => `${attacker} ${victim}`);

test('each tenant attacks and is attacked, never itself, no pair twice, no more than the limit unless the ring needs them, and a seed repeats it', () => {
  const wishes = fc.record({
    size: fc.integer({ min: 0, max: 40 }),
    most: fc.nat(700),
    seed: fc.nat(2 ** 32 - 1),
  });
  fc.assert(
    fc.property(wishes, ({ size, most, seed }) => {
      const tenants = fleet(size);
      const wish: PairWish = { tenants, trust: CLIENTS, most, seed };
      const { pairs, coverage } = choosePairs(wish);
      const all = size * Math.max(0, size - 1);
      const ring = size > 2 ? 2 * size : size === 2 ? 2 : 0;
      assert.equal(new Set(keys(pairs)).size, pairs.length);
      assert.ok(pairs.every(({ attacker, victim }) => attacker !== victim));
      const others = size > 1;
      for (const { tenant } of tenants) {
        assert.equal(
          pairs.some(({ attacker }) => attacker === tenant),
          others,
        );
        assert.equal(
          pairs.some(({ victim }) => victim === tenant),
          others,
        );
      }
      assert.equal(pairs.length, Math.min(all, Math.max(most, ring)));
      assert.deepEqual([coverage.attacked, coverage.of], [pairs.length, all]);
      assert.equal(coverage.seed, all <= most ? undefined : seed);
      assert.deepEqual(choosePairs(wish).pairs, pairs);
    }),
  );
});

test('another seed chooses other pairs', () => {
  const choose = (seed: number): string => keys(choosePairs({ tenants: fleet(40), trust: CLIENTS, most: 200, seed }).pairs).join();
  assert.notEqual(choose(1), choose(2));
});

test('pairs that are declared adversarial are taken before others, and from all of them before a pair is taken twice', () => {
  const foes = ['local-3', 'local-17', 'local-21', 'local-30'];
  const trust: TrustMap = { default: 'clients', relations: [{ between: foes, trust: 'adversarial' }] };
  const chosen = (most: number): number =>
    choosePairs({ tenants: fleet(40), trust, most, seed: 7 }).pairs.filter(({ attacker, victim }) => foes.includes(attacker) && foes.includes(victim))
      .length;
  assert.equal(chosen(92), 12, 'the ring of 40 takes 80, the foes have 12 pairs');
  assert.ok(chosen(84) >= 4 && chosen(84) < 12);
});

test('ten thousand tenants: what is built grows with what is chosen', () => {
  const before = process.memoryUsage().heapUsed;
  const everybody = fleet(10_000);
  const trust: TrustMap = { default: 'clients', relations: [{ between: everybody.map(({ tenant }) => tenant), trust: 'adversarial' }] };
  const { pairs, coverage } = choosePairs({ tenants: everybody, trust, most: 30_000, seed: 1 });
  assert.deepEqual([pairs.length, coverage.of], [30_000, 99_990_000]);
  assert.ok(process.memoryUsage().heapUsed - before < 100e6);
});
