/**
 * Runs the tests in three phases with one summary: those that only compute in this process (a process for each of them would take most of their
 * time), then the others beside the sources at once, then end-to-end files in two lanes, each one at a time.
 * Arguments: parts of file names; without any, all run. Exits 1 on a failure, on no tests at all, and under BULKHEAD_E2E=all on a skip.
 */
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

interface Event {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly file?: string;
    readonly nesting?: number;
    readonly skip?: string | boolean;
    readonly message?: string;
  };
}

const TOTALS = ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo', 'duration_ms'] as const;
const totals = new Map<string, number>(TOTALS.map((name) => [name, 0]));
const skipped: string[] = [];

const wanted = process.argv.slice(2);
const isWanted = (file: string): boolean => wanted.length === 0 || wanted.some((part) => file.includes(part));
const endToEnd = globSync('test/e2e/**/*.test.ts').filter(isWanted).toSorted();
const others = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'])
  .filter((file) => isWanted(file) && !file.startsWith('test/e2e/'))
  .toSorted();

/** End-to-end files of the second lane: most judge no attack, which a busy machine could leave undecided, and the others are in a world of their own. */
const SECOND_LANE = [
  'adopt',
  'channels-command',
  'container-conformance',
  'errors',
  'far-podman',
  'image',
  'machine',
  'place',
  'plan',
  'podman-conformance',
  'resume',
  'rootless-conformance',
  'rootless-docker',
  'rootless-docker-conformance',
  'rootless-podman',
  'scan',
  'scan-cells',
  'scan-running',
  'secrets-commands',
  'ssh-hosts',
].map((name) => `test/e2e/${name}.test.ts`);
const [second, first] = [endToEnd.filter((file) => SECOND_LANE.includes(file)), endToEnd.filter((file) => !SECOND_LANE.includes(file))];

/** Folders whose tests touch nothing but memory. */
const COMPUTING = ['src/blueprint/', 'src/checks/', 'src/core/', 'src/openclaw/channels/', 'src/openclaw/settings/', 'src/plan/', 'src/verify/'];
const computing = others.filter((file) => COMPUTING.some((folder) => file.startsWith(folder)));
const touching = others.filter((file) => !computing.includes(file));

Readable.from(events()).pipe(new spec()).pipe(process.stdout);
process.stderr.write(
  `${computing.length} test files in one process, ${touching.length} at once, then ${first.length} end-to-end files one at a time, and ${second.length} beside them\n`,
);

async function* events(): AsyncGenerator<Event> {
  // In a process of its own a test that waits for nothing would end by itself.
  yield* phase(computing, { isolation: 'none', timeout: 300_000 });
  yield* phase(touching, { concurrency: Math.max(1, availableParallelism()) });
  const beside = collect(phase(second, { concurrency: 1 }));
  yield* phase(first, { concurrency: 1 });
  yield* await beside;
  for (const line of skipped) yield diagnostic(`not run here: ${line}`);
  for (const [name, value] of totals) yield diagnostic(`${name} ${value}`);
  const count = (name: string): number => totals.get(name) ?? 0;
  if (count('fail') + count('cancelled') > 0) process.exitCode = 1;
  if (count('tests') === 0) {
    yield diagnostic('no test was found: that is a failure');
    process.exitCode = 1;
  }
  if (process.env['BULKHEAD_E2E'] === 'all' && skipped.length > 0) {
    yield diagnostic('BULKHEAD_E2E=all: a skipped test is a failure');
    process.exitCode = 1;
  }
}

async function* phase(
  files: readonly string[],
  options: { readonly isolation: 'none'; readonly timeout: number } | { readonly concurrency: number },
): AsyncGenerator<Event> {
  if (files.length === 0) return;
  // The runner's events are a union that grows with every Node; the reporter takes them as they are.
  const stream = run({ files: [...files], ...options }) as AsyncIterable<Event>;
  for await (const event of stream) {
    if (event.type === 'test:summary' || isTotal(event)) continue;
    if (event.type === 'test:pass' && event.data.skip !== undefined && event.data.skip !== false) noteSkip(event);
    yield event;
  }
}

/** Told together, since two lanes at once would be told mixed up. */
async function collect(events: AsyncIterable<Event>): Promise<readonly Event[]> {
  const told: Event[] = [];
  for await (const event of events) told.push(event);
  return told;
}

/** The phase's own totals are added up instead of shown. */
function isTotal({ type, data }: Event): boolean {
  const [, name = '', value = ''] = type === 'test:diagnostic' && data.nesting === 0 ? (/^(\w+) ([\d.]+)$/.exec(data.message ?? '') ?? []) : [];
  const sum = totals.get(name);
  if (sum === undefined) return false;
  totals.set(name, sum + Number(value));
  return true;
}

function noteSkip({ data }: Event): void {
  const reason = typeof data.skip === 'string' && data.skip !== '' ? data.skip : 'no reason given';
  skipped.push(`${data.name ?? '?'}: ${reason}`);
}

function diagnostic(message: string): Event {
  return { type: 'test:diagnostic', data: { nesting: 0, message } };
}
