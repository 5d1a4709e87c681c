/**
 * What a fleet of 1, 2 and 4 os-user tenants costs to look at: `bulkhead status` against one `openclaw gateway status --json` per tenant,
 * an apply with nothing to do, and `verify --no-audit`. Needs root and what the os-user rung needs. Four gateways at most.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requires, testInstall } from '../test/support/requires.ts';
import { median } from './paired.ts';

const LAUNCHER = join(import.meta.dirname, '../bulkhead');
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SIZES = (process.env['BENCH_SIZES'] ?? '1 2 4').split(' ').map(Number);
const ROUNDS = 2;
const { node, openclaw, root } = testInstall();

function manifest(size: number, key: string): string {
  const tenants = Array.from(
    { length: size },
    (_, index) => `  t${index + 1}:
    boundary: { owner: ops@example.test, data: nothing, members: [ops@example.test] }
    isolation: os-user
    policy: operator
    models: { anthropic: { apiKey: { file: ${key}${index + 1} } } }
    egress: none
`,
  );
  return `fleet: bench\ntrust: clients\nhosts: { local: { admins: [{ name: ops, how: root }] } }\ntenants:\n${tenants.join('')}`;
}

function bulkhead(folder: string, args: readonly string[], ...fine: readonly number[]): { readonly ms: number; readonly exit: number } {
  const [command = '', ...rest] = args;
  const argv = [command, '-f', join(folder, 'bulkhead.yaml'), '--state-dir', join(folder, 'state'), ...rest];
  const env = { HOME: process.env['HOME'] ?? '/root', PATH, BULKHEAD_RUNTIMES: join(root, '..') };
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(LAUNCHER, argv, { env, encoding: 'utf8', timeout: 300_000 });
  const ms = performance.now() - started;
  if (status === null || ![0, ...fine].includes(status)) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}${stdout.slice(0, 2000)}`);
  return { ms, exit: status };
}

/** Each inside its boundary, where its gateway is; the way in is measured apart and taken off. */
function openclawStatuses(folder: string, size: number): number {
  let sum = 0;
  for (let tenant = 1; tenant <= size; tenant += 1) {
    const asked = bulkhead(folder, ['exec', `t${tenant}`, '--', node, openclaw, 'gateway', 'status', '--json']).ms;
    sum += asked - bulkhead(folder, ['exec', `t${tenant}`, '--', '/usr/bin/true']).ms;
  }
  return sum;
}

function measure(folder: string, size: number): string {
  writeFileSync(join(folder, 'bulkhead.yaml'), manifest(size, join(folder, 'key')));
  for (let tenant = 1; tenant <= size; tenant += 1) writeFileSync(join(folder, `key${tenant}`), `not-a-key-${tenant}`, { mode: 0o600 });
  bulkhead(folder, ['apply']);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const ours = median(Array.from({ length: 5 }, () => bulkhead(folder, ['status', '--json']).ms));
    return { ours, theirs: openclawStatuses(folder, size), again: bulkhead(folder, ['apply']).ms };
  });
  const verify = bulkhead(folder, ['verify', '--no-audit', '--json'], 1, 3);
  const of = (field: 'ours' | 'theirs' | 'again'): string => `${(median(rounds.map((one) => one[field])) / 1000).toFixed(2)} s`;
  const ratio = median(rounds.map(({ ours, theirs }) => theirs / ours)).toFixed(1);
  return [
    `${size} tenants: status ${of('ours')}, openclaw gateway status of each ${of('theirs')}, ${ratio} times as fast (goal 50)`,
    `apply with nothing to do ${of('again')} (goal 2 s for 2)`,
    `verify --no-audit ${(verify.ms / 1000).toFixed(2)} s (exit ${verify.exit})`,
  ].join('; ');
}

const missing = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip', 'perl'], openclaw: true });
if (missing === false) {
  const folder = mkdtempSync('/var/lib/bulkhead-bench-fleet-');
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'state'), { mode: 0o711 });
  try {
    for (const size of SIZES) process.stdout.write(`fleet: ${measure(folder, size)}\n`);
  } finally {
    for (let tenant = 1; tenant <= Math.max(...SIZES); tenant += 1) bulkhead(folder, ['remove', `t${tenant}`, '--confirm', `t${tenant}`], 2);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
} else process.stdout.write(`fleet: skipped: ${missing}\n`);
