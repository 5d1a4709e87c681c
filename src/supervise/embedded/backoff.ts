/** How long to wait before the next start: doubling, capped, jittered so that a fleet does not restart in step. */
export interface Pace {
  /** Wait before the first restart, in milliseconds. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** A run this long counts as healthy: the next failure starts again from `firstMs`. */
  readonly stableMs: number;
  /** Period of the timer that guards, rotates logs and watches adopted processes. */
  readonly tickMs: number;
}

export const PACE: Pace = { firstMs: 1000, longestMs: 60_000, stableMs: 60_000, tickMs: 2000 };

/** `failures` counts from 1; `random` in [0, 1) moves the result by up to a quarter either way. */
export function backoffMs(pace: Pace, failures: number, random: number): number {
  const base = Math.min(pace.longestMs, pace.firstMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(base * (0.75 + random / 2));
}
