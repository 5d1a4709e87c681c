/**
 * How long `verify` attacks every ordered pair of 3, 6 and 10 os-user tenants with real gateways. Needs root, what the os-user rung needs, and 9 GB
 * of memory. The agents' own probes do not apply: no scripted model runs. Twice: what a gateway is asked for the first time it
 * loads first (openclaw 2026.9.6), which takes seconds of a processor each. CPU time is told beside, since a clock shows what else the machine does: of the
 * gateways, and of `verify` with all that it starts. Gateways start one by one: a few at once on two busy cores, and
 * OpenClaw gives up (`state lease heartbeat did not become ready`, exit 78).
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requires, testInstall } from '../test/support/requires.ts';

const LAUNCHER = join(import.meta.dirname, '../bulkhead');
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SIZES = (process.env['BENCH_SIZES'] ?? '3 6 10').split(' ').map(Number);
/** No further size is begun after that. */
const ENOUGH_MS = 240_000;

function namesOf(size: number): readonly string[] {
  return Array.from({ length: size }, (_, index) => `m${index + 1}`);
}

function manifest(folder: string, size: number): string {
  const tenants = namesOf(size).map(
    (name) => `  ${name}:
    boundary: { owner: ops@example.test, data: nothing, members: [ops@example.test] }
    isolation: os-user
    policy: operator
    models: { anthropic: { apiKey: { file: ${join(folder, name)} } } }
    egress: none
`,
  );
  return `fleet: matrix\ntrust: clients\nhosts: { local: { admins: [{ name: ops, how: root }] } }\ntenants:\n${tenants.join('')}`;
}

function bulkhead(folder: string, args: readonly string[], ...fine: readonly number[]): { readonly output: string; readonly progress: string } {
  const [command = '', ...rest] = args;
  const argv = [command, '-f', join(folder, 'bulkhead.yaml'), '--state-dir', join(folder, 'state'), ...rest];
  const env = { HOME: process.env['HOME'] ?? '/root', PATH, BULKHEAD_RUNTIMES: join(testInstall().root, '..') };
  const { status, stdout, stderr } = spawnSync(LAUNCHER, argv, { env, encoding: 'utf8', timeout: 400_000, maxBuffer: 256 * 1024 * 1024 });
  if (status === null || ![0, ...fine].includes(status)) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}${stdout.slice(0, 2000)}`);
  return { output: stdout, progress: stderr };
}

interface ReportSeen {
  readonly durationMs: number;
  readonly probes: readonly { readonly id: string; readonly verdict: string; readonly detail: string; readonly durationMs: number }[];
}

/** Seconds of CPU time of a process, and of the children that it has waited for. Fields of proc(5). */
function cpuOf(pid: number | 'self'): { readonly own: number; readonly children: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const seconds = (first: number): number => ((fields[first] ?? 0) + (fields[first + 1] ?? 0)) / 100;
  return { own: seconds(11), children: seconds(13) };
}

function cpuOfGateways(): number {
  let seconds = 0;
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      if (readFileSync(`/proc/${name}/comm`, 'utf8').startsWith('openclaw-gatewa')) seconds += cpuOf(Number(name)).own;
    } catch {
      /* It has ended. */
    }
  }
  return seconds;
}

/** The attacks end with the report: nothing after them takes time. */
function measure(folder: string): string {
  const [gateways, before] = [cpuOfGateways(), cpuOf('self').children];
  const { output, progress } = bulkhead(folder, ['verify', '--no-audit', '--json'], 1, 3, 4);
  const report = JSON.parse(output) as ReportSeen; // our own, docs/json-output.md
  const began = Number(/^ *([\d.]+)s +attack \d+ ordered pairs/m.exec(progress)?.[1]);
  const verdicts = Map.groupBy(report.probes, ({ verdict }) => verdict);
  const told = [...verdicts].map(([verdict, { length }]) => `${length} ${verdict}`).join(', ');
  const odd = report.probes.filter(({ verdict }) => verdict === 'unknown' || verdict === 'breached').slice(0, 5);
  const cpu = `CPU time of the gateways ${(cpuOfGateways() - gateways).toFixed(1)} s, of verify ${(cpuOf('self').children - before).toFixed(1)} s`;
  const seconds = report.durationMs / 1000;
  // What is asked of an agent or by its tools is asked beside everything else; how the victims found themselves is told at the end.
  const others = report.probes.filter(({ id, verdict }) => !/^agent\.|^victim\./.test(id) && verdict !== 'not-applicable');
  const decided = Math.max(...others.map(({ durationMs }) => durationMs)) / 1000;
  return [
    `verify --no-audit ${seconds.toFixed(1)} s, of it the attacks ${(seconds - began).toFixed(1)} s, all but those by agents' tools decided after ${decided.toFixed(1)} s of them (goal 10 s); ${cpu}; ${told}`,
    ...odd.map(({ id, verdict, detail }) => `  ${verdict} ${id}: ${detail.slice(0, 200)}`),
    ...(process.env['BENCH_VERBOSE'] === undefined ? [] : [progress]),
  ].join('\n');
}

const missing = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip', 'perl'], openclaw: true });
if (missing === false) {
  const folder = mkdtempSync('/var/lib/bulkhead-bench-matrix-');
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'state'), { mode: 0o711 });
  const end = performance.now() + ENOUGH_MS;
  let built = 0;
  try {
    for (const name of namesOf(Math.max(...SIZES))) writeFileSync(join(folder, name), `not-a-key-${name}`, { mode: 0o600 });
    for (const size of SIZES) {
      if (performance.now() > end) break;
      writeFileSync(join(folder, 'bulkhead.yaml'), manifest(folder, size));
      for (const name of namesOf(size).slice(built)) {
        built += 1;
        bulkhead(folder, ['apply', name]);
      }
      for (const when of ['just started', 'asked before']) process.stdout.write(`attack-matrix: ${size} tenants, ${when}: ${measure(folder)}\n`);
    }
  } finally {
    for (const name of namesOf(built)) bulkhead(folder, ['remove', name, '--confirm', name], 2);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
} else process.stdout.write(`attack-matrix: skipped: ${missing}\n`);
