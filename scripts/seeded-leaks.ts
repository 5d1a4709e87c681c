/** `npm run seeded-leaks`: prints what was found of what was planted. Exits 1 unless all was, and nothing else. */
import { LEAKS } from '../test/seeded-leaks/index.ts';
import { score, type LeakResult } from '../test/seeded-leaks/score.ts';
import { buildWorld, LEAK_PROGRAMS } from '../test/seeded-leaks/world.ts';
import { requires } from '../test/support/requires.ts';

const lacking = requires({ root: true, linux: true, programs: LEAK_PROGRAMS, openclaw: true });
if (lacking !== false) {
  process.stderr.write(`Leaks cannot be planted here: ${lacking}\n`);
  process.exit(3);
}
const wanted = process.argv.slice(2);
const leaks = LEAKS.filter(({ id, pain }) => wanted.length === 0 || wanted.some((part) => id.includes(part) || pain.includes(part)));
if (leaks.length === 0) {
  process.stderr.write(`No leak is called ${wanted.join(' or ')}: see test/seeded-leaks/\n`);
  process.exit(2);
}
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    process.stderr.write(`${name}: what is planted is undone, and the tenants are removed\n`);
    stop.abort(new Error(name));
  });
}
process.stderr.write('building two tenants\n');
const here = await buildWorld();
try {
  const tell = ({ leak, found, invented, ms }: LeakResult): void => {
    const alarms = invented.length === 0 ? '' : `; false alarms: ${invented.join(', ')}`;
    process.stdout.write(`${found === undefined ? '✗ MISSED' : '✓'} ${leak.id}: ${leak.pain} (${(ms / 1000).toFixed(1)} s)${alarms}\n`);
  };
  const { results, clean } = await score(
    here,
    leaks.map((leak) => [leak]),
    tell,
    stop.signal,
  );
  const found = results.filter((result) => result.found !== undefined).length;
  const alarms = results.reduce((sum, { invented }) => sum + invented.length, clean.length);
  const times = results.map(({ ms }) => ms).toSorted((left, right) => left - right);
  if (clean.length > 0) process.stdout.write(`found while nothing was planted: ${clean.join(', ')}\n`);
  process.stdout.write(
    `seeded leaks: ${found} of ${results.length} found, ${alarms} false alarms; time to verdict: median ${((times[times.length >> 1] ?? 0) / 1000).toFixed(1)} s, longest ${((times.at(-1) ?? 0) / 1000).toFixed(1)} s\n`,
  );
  if (found < results.length || alarms > 0) process.exitCode = 1;
} catch (error) {
  if (!stop.signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  await here.end();
}
