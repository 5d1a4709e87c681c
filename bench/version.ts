/** What the launcher and the program's start cost: `./bulkhead --version` beside `node -e 0`. Goal: at most 1.5 times. */
import { join } from 'node:path';
import { timePair } from './paired.ts';

const launcher = join(import.meta.dirname, '../bulkhead');
const { left, right, ratio, runs } = timePair([launcher, '--version'], [process.execPath, '-e', '0'], 40);
process.stdout.write(
  `version: ./bulkhead --version ${left.toFixed(1)} ms, node -e 0 ${right.toFixed(1)} ms, ratio ${ratio.toFixed(2)} (goal 1.50, ${runs} pairs)\n`,
);
