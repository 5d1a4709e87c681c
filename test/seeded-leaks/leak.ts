/** A leak that is planted on real, running tenants: what it is called among those who met it, what must find it, how it is planted and undone. */
import type { World } from './world.ts';

export interface Leak {
  /** The way it happens to people. */
  readonly pain: string;
  /** The check or probe that must find it. */
  readonly id: string;
  /** Others that rightly find it too. Any further finding is a false alarm. */
  readonly also?: readonly string[];
  /** `attacks`: only an attack can find it, or its check is to be seen beside them; otherwise facts are enough. */
  readonly by?: 'attacks';
  /** Not together with others: while it is planted a gateway is down or started anew, or it takes a place that another needs. */
  readonly alone?: true;
  /** Its severity under `trust: clients` is below `high`: it is told, and does not decide how `verify` ends. */
  readonly lesser?: true;
  /** A manifest in place of the one that the tenants were built from. */
  manifest?(manifest: string): string;
  /** Breaks one thing; what it gives undoes that. */
  plant?(here: World): Promise<() => Promise<unknown>>;
}
