/**
 * A seeded leak: two clean tenants with one thing broken, in one disguise. Whoever can break it on a real tree, config or manifest does so and
 * lets the product's own code read it; made-up facts are for what cannot be had on a test machine.
 */
import type { Facts } from '../../src/core/facts.ts';

export interface Mutation {
  /** The check that must find it. */
  readonly id: string;
  /** What hides it, e.g. `through a symlink`, `token with a newline`; unique per id. */
  readonly disguise: string;
  /** Ids of other checks that rightly find it too. Any further finding is a false alarm. */
  readonly also?: readonly string[];
  facts(): Facts | Promise<Facts>;
}

/** The same for every disguise: nothing may be found. */
export interface Clean {
  readonly title: string;
  facts(): Facts | Promise<Facts>;
}
