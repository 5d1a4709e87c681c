/** Times two programs in turn, so that what else the machine does hits both alike. */
import { spawnSync } from 'node:child_process';

export interface Pair {
  /** Milliseconds, median of the runs. */
  readonly left: number;
  readonly right: number;
  /** Median of the ratios left/right of the runs. */
  readonly ratio: number;
  readonly runs: number;
}

type Argv = readonly [string, ...string[]];

export function timePair(left: Argv, right: Argv, runs: number): Pair {
  for (const argv of [left, right]) time(argv); // warm the page cache
  const pairs = Array.from({ length: runs }, (_, run) => {
    if (run % 2 === 0) return { left: time(left), right: time(right) };
    const second = time(right);
    return { left: time(left), right: second };
  });
  return {
    left: median(pairs.map((pair) => pair.left)),
    right: median(pairs.map((pair) => pair.right)),
    ratio: median(pairs.map((pair) => pair.left / pair.right)),
    runs,
  };
}

function time([program, ...args]: Argv): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - started;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}
