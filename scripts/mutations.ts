/** npm run mutations: how many seeded leaks the checks find, and how many findings nothing explains. Exits 1 unless all and none. */
import { CLEAN, MUTATIONS } from '../test/mutations/index.ts';
import { score } from '../test/mutations/score.ts';

const { seeded, found, missed, invented } = await score(MUTATIONS, CLEAN);
for (const line of missed) process.stdout.write(`✗ missed: ${line}\n`);
for (const line of invented) process.stdout.write(`✗ false alarm: ${line}\n`);
process.stdout.write(`mutations: ${found} of ${seeded} found, ${invented.length} false alarms, ${CLEAN.length} clean fixtures\n`);
process.exitCode = seeded > 0 && found === seeded && invented.length === 0 ? 0 : 1;
