/**
 * How long a boundary that drifts stays unnoticed: two real os-user tenants under `bulkhead verify --watch` with its defaults; the tree of one is
 * opened to all, at another moment between two looks each time, until the watch has told it on stdout, to a webhook and in its metrics.
 * Then how long `verify --max-age` takes on the unchanged fleet. Needs root and what the os-user rung needs.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { WatchEvent } from '../src/core/watch.ts';
import { demoManifest } from '../src/demo/fleet.ts';
import { startModels } from '../src/demo/models.ts';
import { trial, type Trial } from '../test/support/bulkhead.ts';
import { requires } from '../test/support/requires.ts';
import { median } from './paired.ts';

const TENANTS = ['acme', 'globex'] as const;
const MODEL_PORT = 8187;
/** Seconds after the last verdict at which the tree is opened: early and late between two looks. */
const MOMENTS = [5, 22];
const DEADLINE_MS = 180_000;
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface Watching {
  readonly process: ChildProcess;
  readonly metrics: string;
  /** When the watch, and when the webhook, first said so since `from`. */
  until(exitCodes: readonly number[], from: number): Promise<{ readonly log: number; readonly webhook: number; readonly metrics: number }>;
}

async function build(here: Trial): Promise<{ close(): Promise<void> }> {
  for (const tenant of TENANTS) here.write(`keys/${tenant}.key`, randomBytes(16).toString('hex'));
  here.write('bulkhead.yaml', demoManifest({ rung: 'os-user', modelPort: MODEL_PORT, keys: join(here.folder, 'keys'), until: '2099-01-01' }));
  const built = await here.run('apply');
  if (built.exit !== 0) throw new Error(`apply ended with ${built.exit}: ${built.stderr}`);
  const addresses = [];
  for (const tenant of TENANTS) {
    const { stdout } = await here.run('exec', tenant, '--', 'cat', '/etc/hosts');
    addresses.push(/^([0-9.]+) host\.bh$/m.exec(stdout)?.[1] ?? '');
  }
  return await startModels(addresses, MODEL_PORT);
}

async function startWatch(here: Trial, server: Server): Promise<Watching> {
  const seen: { readonly at: number; readonly by: 'log' | 'webhook'; readonly exitCode: number }[] = [];
  server.on('request', (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ at: performance.now(), by: 'webhook', exitCode: (JSON.parse(body) as WatchEvent).exitCode });
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const metrics = join(here.folder, 'bulkhead.prom');
  const [program, ...args] = here.argv('verify', '--watch', '--json', '--webhook', `http://127.0.0.1:${port}/`, '--metrics', metrics);
  const process = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (process.stdout === null) throw new Error('the watch has no output');
  createInterface({ input: process.stdout }).on('line', (line) => {
    const { event, exitCode } = JSON.parse(line) as WatchEvent;
    if (event === 'verdict') seen.push({ at: performance.now(), by: 'log', exitCode });
  });
  const until: Watching['until'] = async (exitCodes, from) => {
    const first = (by: string): number | undefined => seen.find((one) => one.by === by && one.at > from && exitCodes.includes(one.exitCode))?.at;
    let inMetrics: number | undefined;
    while (performance.now() - from < DEADLINE_MS) {
      if (inMetrics === undefined && exitCodes.includes(verdictIn(metrics))) inMetrics = performance.now();
      const [log, webhook] = [first('log'), first('webhook')];
      if (log !== undefined && webhook !== undefined && inMetrics !== undefined)
        return { log: (log - from) / 1000, webhook: (webhook - from) / 1000, metrics: (inMetrics - from) / 1000 };
      await pause(50);
    }
    throw new Error(`the watch did not tell exit ${exitCodes.join(' or ')} within ${DEADLINE_MS / 1000} s`);
  };
  return { process, metrics, until };
}

function verdictIn(path: string): number {
  try {
    return Number(/^bulkhead_verify_verdict\{.*\} (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? -1);
  } catch {
    return -1; // nothing was verified yet
  }
}

async function measure(here: Trial): Promise<void> {
  const server = createServer();
  const models = await build(here);
  let watching: Watching | undefined;
  try {
    watching = await startWatch(here, server);
    await watching.until([0], 0);
    const paths = [join(here.stateDir, 'tenants/acme'), join(here.stateDir, 'tenants/acme/state')];
    const times: Awaited<ReturnType<Watching['until']>>[] = [];
    for (const moment of MOMENTS) {
      await pause(moment * 1000);
      const opened = performance.now();
      await here.host('chmod', '0755', ...paths);
      times.push(await watching.until([1, 4], opened));
      const closed = performance.now();
      await here.host('chmod', '0700', ...paths);
      await watching.until([0], closed);
    }
    watching.process.kill('SIGTERM');
    const [exit] = (await once(watching.process, 'exit')) as [number | null];
    const again: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const started = performance.now();
      const { stdout } = await here.run('verify', '--json', '--max-age', '1h');
      if (!stdout.includes('"reusedFrom"')) throw new Error('the attacks were not taken over');
      again.push((performance.now() - started) / 1000);
    }
    const all = (what: 'log' | 'webhook' | 'metrics'): string => times.map((one) => one[what].toFixed(1)).join(', ');
    process.stdout.write(
      [
        `drift: told after ${all('log')} s in the log, ${all('webhook')} s to the webhook, ${all('metrics')} s in the metrics (goal 60 s)`,
        `  the watch ended on SIGTERM with ${exit}`,
        `  verify --max-age of two unchanged tenants ${median(again).toFixed(2)} s, worst of 5 ${Math.max(...again).toFixed(2)} s (goal 3 s)`,
        '',
      ].join('\n'),
    );
  } finally {
    watching?.process.kill('SIGTERM');
    server.close();
    await models.close();
  }
}

const missing = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip', 'perl'], openclaw: true });
if (missing === false) {
  const here = trial();
  try {
    await measure(here);
  } finally {
    await here.end(TENANTS);
  }
} else process.stdout.write(`drift: skipped: ${missing}\n`);
