/**
 * The program that keeps a second gateway of the attacker while its agents are told what to try with their policy lifted. It runs where the tenant's own
 * gateway runs, ends when it is told to, after its time, or when the gateway takes more memory than it may, and removes all that it made.
 */
// oxlint-disable-next-line no-restricted-imports -- this program travels into a boundary; what it starts there is the tenant's own gateway
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { roomOf } from './attempts/groups.ts';
import { quietly } from './attempts/quietly.ts';

export type CloneRequest =
  /** Asked outside the namespaces, where control groups can be seen. */
  | { readonly mode: 'room'; readonly pid: number }
  | { readonly mode: 'end'; readonly directory: string }
  | {
      readonly mode: 'run';
      readonly directory: string;
      readonly node: string;
      readonly openclaw: string;
      readonly port: number;
      /** Holds no secret. */
      readonly config: unknown;
      readonly environment: Readonly<Record<string, string>>;
      readonly workspace: string;
      /** Of all its processes together; absent where the tenant has no limit. */
      readonly mostBytes?: number;
      readonly maxMs: number;
    };

export type CloneLine =
  | { readonly up: true }
  /** Why it is not, or is no more. */
  | { readonly down: string }
  /** Below the limit on memory; absent where there is none. */
  | { readonly room: number | null };

const START_MS = 90_000;
const LOOK_MS = 100;
/** Heap of each process of its: without a bound Node takes what a machine has. */
const HEAP_MIB = 640;
/** Each process of it ends with the one that started it, also where that is killed. */
const FOLLOW =
  'data:text/javascript,globalThis.parent=process.ppid;setInterval(()=>{if(process.ppid!==globalThis.parent)process.exit(1)},500).unref()';

export async function main(request: CloneRequest): Promise<CloneLine> {
  if (request.mode === 'room') return { room: roomOf(request.pid) ?? null };
  if (request.mode === 'end') {
    clear(request.directory);
    return { down: 'ended' };
  }
  const { directory, node, openclaw, port, config, environment, workspace, mostBytes, maxMs } = request;
  for (const name of ['', '/home', '/tmp', '/state']) mkdirSync(`${directory}${name}`, { mode: 0o700 });
  writeFileSync(`${directory}/openclaw.json`, JSON.stringify(config), { flag: 'wx', mode: 0o600 });
  const options = {
    cwd: workspace,
    stdio: 'ignore',
    env: { ...environment, NODE_OPTIONS: `--import=${FOLLOW} --max-old-space-size=${HEAP_MIB}` },
  } as const;
  const child = spawn(node, [openclaw, 'gateway', 'run'], options);
  let ended: string | undefined;
  child.once('exit', (code, signal) => (ended ??= `its second gateway ended with ${signal ?? code}: ${lastOf(`${directory}/gateway.log`)}`));
  child.once('error', (error) => (ended ??= String(error)));
  // Whatever the kernel must end for want of memory, this comes before the tenant's own gateway.
  quietly(() => writeFileSync(`/proc/${child.pid}/oom_score_adj`, '1000'));
  const started = Date.now();
  let isUp = false;
  while (ended === undefined && existsSync(directory) && Date.now() - started < (isUp ? maxMs : START_MS)) {
    const bytes = mostBytes === undefined ? 0 : memoryOf(directory);
    if (mostBytes !== undefined && bytes > mostBytes) ended = `its second gateway took ${mib(bytes)} MiB, of ${mib(mostBytes)} that are free for it`;
    else if (!isUp && (await answers(port))) {
      isUp = true;
      process.stdout.write(`${JSON.stringify({ up: true })}\n`);
    } else await sleep(LOOK_MS);
  }
  if (ended === undefined && !isUp && existsSync(directory)) ended = `its second gateway did not answer within ${START_MS / 1000} s`;
  child.kill('SIGKILL');
  clear(directory);
  return { down: ended ?? 'ended' };
}

/** Ends every process that uses the state directory of the clone, and removes what it wrote. */
function clear(directory: string): void {
  for (let round = 0; round < 3; round += 1) for (const pid of processesOf(directory)) quietly(() => process.kill(pid, 'SIGKILL'));
  for (let round = 0; round < 20 && existsSync(directory); round += 1) quietly(() => rmSync(directory, { recursive: true, force: true }));
}

function processesOf(directory: string): number[] {
  const needle = `OPENCLAW_STATE_DIR=${directory}/state\0`;
  const found: number[] = [];
  for (const name of existsSync('/proc') ? readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)) : [])
    quietly(() => {
      if (readFileSync(`/proc/${name}/environ`, 'latin1').includes(needle)) found.push(Number(name));
    });
  return found;
}

/** Resident, in bytes. */
function memoryOf(directory: string): number {
  let kilobytes = 0;
  for (const pid of processesOf(directory))
    quietly(() => {
      kilobytes += Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    });
  return kilobytes * 1024;
}

function mib(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = get({ host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: 2000 }, (answer) => {
      answer.destroy();
      resolve(answer.statusCode === 200);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
  });
}

/** The log's last line, cut: a gateway says there why it does not start. */
function lastOf(path: string): string {
  let last = '';
  quietly(() => {
    last = readFileSync(path, 'utf8').slice(-4000).trim().split('\n').at(-1) ?? '';
  });
  return last.slice(0, 200);
}
