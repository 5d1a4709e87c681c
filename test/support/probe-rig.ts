/**
 * Two tenants for attacks, with more or less of a wall between them: nothing but paths, OS users of their own, or namespaces too. No OpenClaw: a
 * listener that knows one token stands where the gateway would.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Blueprint } from '../../src/core/blueprint.ts';
import { known, type Facts, type ProcessFact } from '../../src/core/facts.ts';
import type { Isolation } from '../../src/core/host.ts';
import type { ProbeResult } from '../../src/core/probe.ts';
import { localHost } from '../../src/hosts/local.ts';
import type { Probe } from '../../src/probes/define.ts';
import { runProbes, type ProbeRun } from '../../src/probes/run.ts';
import { testInstall } from './requires.ts';
import { SAMPLE_LAYOUT, sampleBlueprint } from './sample.ts';

/** With a token: does what an agent without any policy would, told as the scripted model is told. */
const LISTENER = `process.title = 'openclaw-gateway';
const fs = require('fs'), run = require('util').promisify(require('child_process').execFile);
const tools = { read: ({ path }) => fs.readFileSync(path.replace('file://', ''), 'utf8'),
  write: ({ path, content }) => (fs.writeFileSync(path, content), 'Successfully wrote ' + content.length + ' bytes'),
  exec: async ({ command }) => (await run('sh', ['-c', command], { env: { ...process.env, PATH: require('path').dirname(process.execPath) + ':/usr/bin:/bin' } })).stdout,
  web_fetch: async ({ url }) => (await fetch(url)).text() };
const use = async (name, args) => { try { return tools[name] ? await tools[name](args) : 'Tool ' + name + ' not found'; } catch (error) { return String(error.cause || error) + ' ' + (error.cause || error).code; } };
const turn = async (body) => { process.chdir(process.env.OPENCLAW_WORKSPACE); const said = [];
  for (const [, name, json] of JSON.parse(body).messages[0].content.matchAll(/TOOL (\\w+) (\\{.*?\\}) ENDTOOL/gs)) said.push('GOT ' + await use(name, JSON.parse(json)));
  return JSON.stringify({ choices: [{ message: { content: said.join('\\n') } }] }); };
require('http').createServer((q, r) => { r.statusCode = process.env.OPEN || q.headers.authorization === 'Bearer ' + process.env.TOKEN ? 200 : 401;
  if (r.statusCode !== 200 || q.url !== '/v1/chat/completions') return r.end();
  let body = ''; q.on('data', (part) => (body += part)); q.on('end', async () => r.end(await turn(body)));
}).listen(+process.env.PORT, '127.0.0.1', () => console.log('up'));`;

export interface Rig {
  readonly blueprint: Blueprint;
  readonly uid: number;
  readonly gateway: ChildProcess;
  /** Argv before the program, inside and as the user alone. */
  readonly inside: readonly string[];
  readonly outside: readonly string[];
  readonly pid: number;
}

// Tenants run Node too, and their /tmp is their own: a Node of the checkout may lie below /tmp, or in a folder closed to them.
export const NODE = existsSync(testInstall().node) ? testInstall().node : process.execPath;

export const started: ChildProcess[] = [];
const inner: number[] = [];
const directories: string[] = [];
/** After all tests of a file. */
export function endTrials(): void {
  for (const child of started) child.kill('SIGKILL');
  // `unshare --kill-child` does not reach a process that changed its uid.
  for (const pid of inner) kill(pid);
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    /* already ended */
  }
}

export type Wall = 'none' | 'user' | 'namespaces';

let firstPort = 21_000 + (process.pid % 8) * 960;

/** A gateway that answers everybody. */
const OPEN_GATEWAY = ['OPEN=1'] as const;

async function build(tenants: string, name: string, index: number, wall: Wall, extra: readonly string[]): Promise<Rig> {
  const first = firstPort + index * 120;
  const sample = sampleBlueprint(name, first);
  const root = join(tenants, name);
  const paths = Object.fromEntries(
    Object.entries(sample.paths).map(([key, path]) => [
      key,
      path.replace(SAMPLE_LAYOUT.tenantsDir, tenants).replace(`${SAMPLE_LAYOUT.stateDir}/secrets`, `${tenants}/secrets`),
    ]),
  ) as unknown as Blueprint['paths']; // the same keys, other roots
  const uid = wall === 'none' ? (process.getuid?.() ?? 0) : 61_230 + index;
  for (const directory of [
    root,
    paths.home,
    paths.state,
    paths.configDir,
    paths.workspace,
    paths.tmp,
    paths.credentials,
    join(paths.state, 'logs'),
    join(paths.state, 'browser'),
    join(paths.state, 'browser/openclaw'),
    paths.browserData,
    paths.secretsDir,
  ]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (wall !== 'none') chownSync(directory, uid, uid);
  }
  const blueprint: Blueprint = {
    ...sample,
    paths,
    rung: wall === 'none' ? 'profile' : 'os-user',
    install: { ...sample.install, node: NODE },
    gatewayPort: wall === 'namespaces' ? 18_789 : first,
  };
  const drop = wall === 'none' ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs'];
  const environment = [
    `HOME=${paths.home}`,
    `TMPDIR=${paths.tmp}`,
    `OPENCLAW_STATE_DIR=${paths.state}`,
    `OPENCLAW_CONFIG_PATH=${paths.configFile}`,
    `OPENCLAW_WORKSPACE=${paths.workspace}`,
  ];
  const clean = ['env', '-i', ...environment];
  const listener = [...drop, ...clean, `TOKEN=token-${name}`, `PORT=${blueprint.gatewayPort}`, ...extra, NODE, '-e', LISTENER];
  const mounts = `ip link set lo up && mount --bind ${root} /mnt && mount -t tmpfs -o mode=0711 none ${tenants} && mkdir ${root} && mount --move /mnt ${root} && mount -t tmpfs -o mode=1777 none /tmp && exec "$@"`;
  const walls = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', mounts, 'sh'];
  const [program = '', ...args] = wall === 'namespaces' ? [...walls, ...listener] : listener;
  const gateway = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(gateway);
  await new Promise((resolve, reject) => {
    gateway.stdout?.once('data', resolve);
    gateway.once('exit', () => reject(new Error('the listener ended')));
  });
  const pid = wall === 'namespaces' ? Number(readFileSync(`/proc/${gateway.pid}/task/${gateway.pid}/children`, 'utf8').trim()) : (gateway.pid ?? 0);
  if (wall === 'namespaces') inner.push(pid);
  const enter = wall === 'namespaces' ? ['nsenter', `--target=${pid}`, '--net', '--mount', '--pid'] : [];
  // umask 077 as in a real tenant: a canary must be as open as its neighbours all the same.
  const masked = ['sh', '-c', 'umask 077 && exec "$@"', 'sh'];
  return { blueprint, uid, gateway, pid, inside: [...enter, ...drop, ...masked, ...clean], outside: [...drop, ...masked, ...clean] };
}

function processFact({ pid, uid, blueprint }: Rig): ProcessFact {
  const namespaces = Object.fromEntries(['net', 'mnt', 'pid'].map((name) => [name, /\d+/.exec(readlinkSync(`/proc/${pid}/ns/${name}`))?.[0] ?? '']));
  const groups = blueprint.rung === 'profile' ? (process.getgroups?.() ?? []) : [];
  const gid = blueprint.rung === 'profile' ? (process.getgid?.() ?? 0) : uid;
  return { pid, startTicks: '1', uid, gid, groups, noNewPrivs: false, capabilities: '0', seccomp: 0, namespaces, environment: {} };
}

export interface Trial {
  readonly rigs: readonly Rig[];
  readonly run: (change?: Partial<ProbeRun>) => Promise<readonly ProbeResult[]>;
}

export async function trial(wall: Wall, probes: readonly Probe[], gateways: 'closed' | 'open' = 'closed'): Promise<Trial> {
  const extra = gateways === 'open' ? OPEN_GATEWAY : [];
  const tenants = mkdtempSync('/var/tmp/bulkhead-probes-');
  directories.push(tenants);
  chmodSync(tenants, 0o711);
  firstPort += 240;
  const rigs = [await build(tenants, 'acme', 0, wall, extra), await build(tenants, 'globex', 1, wall, extra)];
  const rigOf = ({ tenant }: Blueprint): Rig => {
    const rig = rigs.find(({ blueprint }) => blueprint.tenant === tenant);
    assert.ok(rig);
    return rig;
  };
  const command = (prefix: readonly string[], program: Parameters<Isolation['enter']>[3]): ReturnType<Isolation['enter']> => ({
    ...program,
    argv: ['env', ...prefix, ...program.argv],
  });
  const isolation = {
    details: () => ({}),
    enter: (blueprint, _layout, _observed, program) => command(rigOf(blueprint).inside, program),
    asTenant: (blueprint, _layout, _observed, program) => command(rigOf(blueprint).outside, program),
  } satisfies Pick<Isolation, 'details' | 'enter' | 'asTenant'> as unknown as Isolation; // the probes use nothing else of a rung
  const facts = {
    trust: { default: 'clients', relations: [] },
    tenants: rigs.map((rig) => ({ tenant: rig.blueprint.tenant, process: known(processFact(rig), 'test') })),
  } as unknown as Facts; // all that the run reads
  const run: Trial['run'] = (change) =>
    runProbes({
      blueprints: rigs.map(({ blueprint }) => blueprint),
      layout: SAMPLE_LAYOUT,
      facts,
      probes,
      hostOf: () => localHost(),
      isolationOf: () => isolation,
      observedOf: () => undefined,
      tokenOf: (tenant) => `token-${tenant}`,
      signal: AbortSignal.timeout(240_000),
      ...change,
    });
  return { rigs, run };
}
