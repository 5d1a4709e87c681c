/**
 * Runs the tests in three phases with one summary: those that only compute in this process (a process for each of them would take most of their
 * time), then the others beside the sources at once, then end-to-end files one at a time: each keeps both processors busy by itself, and what is
 * attacked on a machine that is busy otherwise stays undecided.
 * Arguments: parts of file names; without any, all run but those of test/release/, which `--release` adds. Exits 1 on a failure, on no tests at all,
 * and under BULKHEAD_E2E=all on a skip.
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

const RELEASE = 'test/release/';
const withRelease = process.argv.includes('--release');
const wanted = process.argv.slice(2).filter((word) => word !== '--release');
const isWanted = (file: string): boolean =>
  wanted.length === 0 ? withRelease || !file.startsWith(RELEASE) : wanted.some((part) => file.includes(part));
const isEndToEnd = (file: string): boolean => file.startsWith('test/e2e/') || file.startsWith(RELEASE);
const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts']).filter(isWanted).toSorted();
const endToEnd = files.filter(isEndToEnd);
const others = files.filter((file) => !isEndToEnd(file));

/** Folders whose tests touch nothing but memory. */
const COMPUTING = ['src/blueprint/', 'src/checks/', 'src/core/', 'src/openclaw/channels/', 'src/openclaw/settings/', 'src/plan/', 'src/verify/'];
const computing = others.filter((file) => COMPUTING.some((folder) => file.startsWith(folder)));
const touching = others.filter((file) => !computing.includes(file));

Readable.from(events()).pipe(new spec()).pipe(process.stdout);
process.stderr.write(
  `${computing.length} test files in one process, ${touching.length} at once, then ${endToEnd.length} end-to-end files one at a time\n`,
);

async function* events(): AsyncGenerator<Event> {
  // In a process of its own a test that waits for nothing would end by itself.
  yield* phase(computing, { isolation: 'none', timeout: 300_000 });
  yield* phase(touching, { concurrency: Math.max(1, availableParallelism()) });
  yield* phase(endToEnd, { concurrency: 1 });
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
