/** `npm run seeded-leaks`: prints what was found of what was planted. Exits 1 unless all was, and nothing else. */
import { LEAKS } from '../test/seeded-leaks/index.ts';
import { score } from '../test/seeded-leaks/score.ts';
import { buildWorld, LEAK_PROGRAMS } from '../test/seeded-leaks/world.ts';
import { requires } from '../test/support/requires.ts';

const lacking = requires({ root: true, linux: true, programs: LEAK_PROGRAMS, openclaw: true });
if (lacking !== false) {
  process.stderr.write(`Leaks cannot be planted here: ${lacking}\n`);
  process.exit(3);
}
const wanted = process.argv.slice(2);
const leaks = LEAKS.filter(({ id, pain }) => wanted.length === 0 || wanted.some((part) => id.includes(part) || pain.includes(part)));
process.stderr.write('building two tenants\n');
const here = await buildWorld();
try {
  const { results, clean } = await score(here, leaks, ({ leak, found, invented, ms }) => {
    const alarms = invented.length === 0 ? '' : `; false alarms: ${invented.join(', ')}`;
    process.stdout.write(`${found ? '✓' : '✗ MISSED'} ${leak.id}: ${leak.pain} (${(ms / 1000).toFixed(1)} s)${alarms}\n`);
  });
  const found = results.filter((result) => result.found).length;
  const alarms = results.reduce((sum, { invented }) => sum + invented.length, clean.length);
  const times = results.map(({ ms }) => ms).toSorted((left, right) => left - right);
  if (clean.length > 0) process.stdout.write(`found while nothing was planted: ${clean.join(', ')}\n`);
  process.stdout.write(
    `seeded leaks: ${found} of ${results.length} found, ${alarms} false alarms; time to verdict: median ${((times[times.length >> 1] ?? 0) / 1000).toFixed(1)} s, longest ${((times.at(-1) ?? 0) / 1000).toFixed(1)} s\n`,
  );
  if (found < results.length || alarms > 0) process.exitCode = 1;
} finally {
  await here.end();
}
