/** The real embedded supervisor with cheap programs as services, in a folder of its own; ended and taken away after the test. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import type { Layout } from '../../src/core/blueprint.ts';
import type { Command, CommandResult } from '../../src/core/command.ts';
import type { Host, Service, ServiceStatus, SupervisorObserved } from '../../src/core/host.ts';
import { embeddedSupervisor } from '../../src/supervise/embedded/supervisor.ts';

const never = new AbortController().signal;
const PACE = { firstMs: 100, longestMs: 400, stableMs: 60_000, tickMs: 200 };
/** Far beyond what anything here takes on a busy machine: only a fault waits so long. */
const DEADLINE_MS = 60_000;
const CONTROL = new URL('../../src/supervise/embedded/ctl.ts', import.meta.url).pathname;

/** Runs commands here; adds the tests' faster pace to `up`. */
const host: Host = { id: 'local', run, stream: run };

async function run(command: Command): Promise<CommandResult> {
  const [program, ...args] = command.argv;
  const at = args.indexOf('up');
  const all = at < 0 ? args : [...args.slice(0, at), '--pace', JSON.stringify(PACE), ...args.slice(at)];
  const child = spawn(program, all, { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part) => (stdout += String(part)));
  child.stderr.on('data', (part) => (stderr += String(part)));
  child.stdin.end(command.stdin ?? '');
  const [exit, signal] = await new Promise<[number | null, string | null]>((resolve) => child.on('close', (code, by) => resolve([code, by])));
  return { exit, signal, stdout, stderr, timedOut: false, truncated: false, durationMs: 0 };
}

export async function apply(commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    const result = await run(command);
    assert.equal(result.exit, 0, `${command.title}: ${result.stderr}`);
  }
}

/** The control program itself, of this checkout or of another copy of it. */
export async function control(layout: Layout, operation: string, program = CONTROL): Promise<CommandResult> {
  const argv = [layout.install.node, '--no-warnings', program, '--state-dir', layout.stateDir, '--run-dir', layout.runDir, operation] as const;
  return await run({ title: operation, argv });
}

export function layoutFor(t: TestContext): Layout {
  const dir = mkdtempSync(join(tmpdir(), 'bh-supervise-'));
  const layout: Layout = {
    instance: 'bh0000',
    stateDir: join(dir, 'state'),
    runDir: join(dir, 'run'),
    tenantsDir: join(dir, 'state/tenants'),
    install: { root: '/', node: process.execPath, openclaw: '/openclaw.mjs', version: '0' },
  };
  mkdirSync(layout.stateDir, { recursive: true });
  t.after(async () => {
    await control(layout, 'up'); // adopts whatever a test left without a supervisor; the shutdown then stops it
    const ended = await control(layout, 'shutdown');
    rmSync(dir, { recursive: true, force: true });
    assert.equal(ended.exit, 0, ended.stderr);
    assert.deepEqual(processesOf(layout), { supervisors: [], standbys: [] }, 'nothing is left');
  });
  return layout;
}

export function shell(layout: Layout, script: string, more: Partial<Service> = {}): Service {
  return {
    name: 'bh0000-acme',
    tenant: 'acme',
    argv: ['/bin/sh', '-c', script],
    environment: { PATH: '/usr/bin:/bin' },
    workingDirectory: '/',
    logFile: join(layout.stateDir, 'logs/acme.log'),
    limits: { memoryBytes: 1e9, cpus: 1, pids: 100 },
    neverRestartExits: [78],
    stopGraceSeconds: 1,
    ...more,
  };
}

export async function observe(layout: Layout): Promise<SupervisorObserved> {
  return await embeddedSupervisor.observe(host, layout, never);
}

export async function converge(layout: Layout, services: readonly Service[]): Promise<void> {
  await apply(embeddedSupervisor.converge(layout, services, await observe(layout)));
}

export async function statusOf(layout: Layout, name = 'bh0000-acme'): Promise<ServiceStatus> {
  const status = (await observe(layout)).services.get(name)?.status;
  assert.ok(status !== undefined, `${name} is registered`);
  return status;
}

export async function until(layout: Layout, seen: (status: ServiceStatus) => boolean): Promise<ServiceStatus> {
  let last: ServiceStatus | undefined;
  const status = await eventually(async () => {
    last = await statusOf(layout);
    return seen(last) ? last : undefined;
  });
  return status ?? assert.fail(`not seen in time, last: ${JSON.stringify(last)}\n${supervisorLog(layout)}`);
}

/** Looks until there is something to see; undefined when there never was. */
export async function eventually<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T | undefined> {
  for (const deadline = Date.now() + DEADLINE_MS; Date.now() < deadline; await sleep(50)) {
    const seen = await look();
    if (seen !== undefined) return seen;
  }
  return undefined;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function supervisorLog(layout: Layout): string {
  return readFileSync(join(layout.stateDir, 'supervisor/supervisor.log'), 'utf8');
}

export function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // it ended
  }
}

interface Pair {
  readonly supervisor: number;
  readonly standby: number;
}

/** Processes of this state directory's supervisor: the argv of a standby ends with that of a supervisor. */
export function processesOf(layout: Layout): { readonly supervisors: readonly number[]; readonly standbys: readonly number[] } {
  const supervisors: number[] = [];
  const standbys: number[] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const argv = commandLine(Number(name));
    if (!argv.includes(join(layout.stateDir, 'supervisor/program/daemon.mjs'))) continue;
    (argv[0] === 'flock' ? standbys : supervisors).push(Number(name));
  }
  return { supervisors, standbys };
}

/** Waits until there is exactly one of each, none of them among `before`, and the supervisor answers. */
export async function supervised(layout: Layout, ...before: readonly number[]): Promise<Pair> {
  const pair = await eventually(async () => {
    const { supervisors, standbys } = processesOf(layout);
    const [supervisor, standby] = [supervisors[0], standbys[0]];
    if (supervisor === undefined || standby === undefined || before.includes(supervisor) || before.includes(standby)) return undefined;
    const { alive } = await observe(layout);
    const still = processesOf(layout);
    return alive && still.supervisors.join() === `${supervisor}` && still.standbys.join() === `${standby}` ? { supervisor, standby } : undefined;
  });
  return pair ?? assert.fail(`no supervisor with its standby: ${JSON.stringify(processesOf(layout))}\n${supervisorLog(layout)}`);
}

/** Kills both: the supervisor is frozen first, or it would start another standby meanwhile. */
export async function killBoth(layout: Layout): Promise<void> {
  const { supervisor, standby } = await supervised(layout);
  process.kill(supervisor, 'SIGSTOP');
  process.kill(standby, 'SIGKILL');
  await eventually(() => !runs(standby) || undefined);
  process.kill(supervisor, 'SIGKILL');
  await eventually(() => !runs(supervisor) || undefined);
}

function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it ended meanwhile
  }
}
