/**
 * Tenants for attacks, with more or less of a wall between them: nothing but paths, OS users of their own, or namespaces too. No OpenClaw: a
 * listener that knows one token stands where the gateway would.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import type { Blueprint, Layout } from '../../src/core/blueprint.ts';
import { known, type Facts, type ProcessFact } from '../../src/core/facts.ts';
import type { BoundaryDetails, Isolation } from '../../src/core/host.ts';
import type { ProbeResult } from '../../src/core/probe.ts';
import { localHost } from '../../src/hosts/local.ts';
import type { Probe } from '../../src/probes/define.ts';
import { runProbes, type ProbeRun } from '../../src/probes/run.ts';
import { removeControlGroups } from './control-groups.ts';
import { testInstall } from './requires.ts';
import { SAMPLE_LAYOUT, sampleBlueprint } from './sample.ts';

/** From SIGUSR2 on it answers /healthz five times more at once, then after 1.5 s, as one that is hindered would. With a token: does what an agent without any policy would, told as the scripted model is told. */
const LISTENER = `process.title = 'openclaw-gateway';
const fs = require('fs'), run = require('util').promisify(require('child_process').execFile);
const tools = { read: ({ path }) => fs.readFileSync(path.replace('file://', ''), 'utf8'),
  write: ({ path, content }) => (fs.writeFileSync(path, content), 'Successfully wrote ' + content.length + ' bytes'),
  exec: async ({ command }) => (await run('sh', ['-c', command], { env: { ...process.env, PATH: require('path').dirname(process.execPath) + ':/usr/bin:/bin' } })).stdout,
  apply_patch: ({ input }) => { const [, path, text] = /Add File: (.*)\\n\\+(.*)/.exec(input); fs.writeFileSync(path, text); return 'Success. Updated the following files:'; },
  edit: ({ path, edits: [{ oldText }] }) => fs.readFileSync(path, 'utf8').includes(oldText) ? 'No changes made to ' + path : 'Could not find the exact text',
  web_fetch: async ({ url }) => (await fetch(url)).text() };
const outside = (args) => /\\/workspace\\//.test(JSON.stringify(args)) && !JSON.stringify(args).includes(process.cwd() + '/');
const use = async (name, args) => { if (process.env.POLICY && outside(args)) return 'Path escapes sandbox root'; try { return tools[name] ? await tools[name](args) : 'Tool ' + name + ' not found'; } catch (error) { return String(error.cause || error) + ' ' + (error.cause || error).code; } };
const turn = async (body) => { process.chdir(process.env.OPENCLAW_WORKSPACE || process.cwd()); const said = [];
  for (const [, name, json] of JSON.parse(body).messages[0].content.matchAll(/TOOL (\\w+) (\\{.*?\\}) ENDTOOL/gs)) said.push('GOT ' + await use(name, JSON.parse(json)));
  return JSON.stringify({ choices: [{ message: { content: said.join('\\n') } }] }); };
let prompt = Infinity; process.on('SIGUSR2', () => (prompt = 5));
require('http').createServer((q, r) => { if (q.url === '/healthz') return setTimeout(() => r.end(), prompt-- > 0 ? 0 : 1500); r.statusCode = process.env.OPEN || !process.env.TOKEN || q.headers.authorization === 'Bearer ' + process.env.TOKEN ? 200 : 401;
  if (r.statusCode !== 200 || q.url !== '/v1/chat/completions') return r.end();
  let body = ''; q.on('data', (part) => (body += part)); q.on('end', async () => r.end(await turn(body)));
}).listen(+(process.env.PORT || process.env.OPENCLAW_GATEWAY_PORT), '127.0.0.1', () => console.log('up'));`;

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
const servers: Server[] = [];
/** After all tests of a file. */
export async function endTrials(): Promise<void> {
  for (const child of started) child.kill('SIGKILL');
  // `unshare --kill-child` does not reach a process that changed its uid.
  for (const pid of inner) kill(pid);
  if (existsSync(dirname(dirname(groupFiles('any', 'memory').limit)))) await removeControlGroups(GROUPS);
  for (const server of servers) server.close();
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

export interface TrialOptions {
  /** Tenants, at most ten. Default: two. */
  readonly size?: number;
  /** Control groups with limits, and 4096 open files at most for each process. Needs root. */
  readonly limits?: boolean;
  /** Whether the gateways ask for a token. Default: closed. */
  readonly gateways?: 'closed' | 'open';
  /** The agents' tools take no path outside their own workspace. A second gateway of theirs has no such policy. */
  readonly policy?: boolean;
  /** What its rung would tell of a tenant's link. */
  readonly linkOf?: (rig: Rig) => BoundaryDetails;
}

const GROUPS = `bulkhead-probes-${process.pid}`;
const LIMITS = {
  memory: [['memory.limit_in_bytes', 'memory.max'], '1073741824'],
  pids: [['pids.max', 'pids.max'], '512'],
  cpu: [['cpu.cfs_quota_us', 'cpu.max'], '100000'],
} as const;

/** Control groups v1 or v2: where the limit on a controller stands, and where processes are put. */
export function groupFiles(name: string, controller: keyof typeof LIMITS): { readonly limit: string; readonly processes: string } {
  const isV2 = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const directory = isV2 ? `/sys/fs/cgroup/${GROUPS}/${name}` : `/sys/fs/cgroup/${controller}/${GROUPS}/${name}`;
  return { limit: `${directory}/${LIMITS[controller][0][isV2 ? 1 : 0]}`, processes: `${directory}/cgroup.procs` };
}

function limit(name: string, pid: number): void {
  for (const controller of ['memory', 'pids', 'cpu'] as const) {
    const files = groupFiles(name, controller);
    mkdirSync(dirname(files.limit), { recursive: true });
    if (files.limit.startsWith(`/sys/fs/cgroup/${GROUPS}/`))
      for (const above of ['/sys/fs/cgroup', `/sys/fs/cgroup/${GROUPS}`]) writeFileSync(`${above}/cgroup.subtree_control`, '+memory +pids +cpu');
    writeFileSync(files.limit, LIMITS[controller][1]);
    writeFileSync(files.processes, String(pid));
  }
}

/** Two test files run side by side: each has a range of its own, and some luck with other runs of the same file. */
let firstPort = 21_000 + (process.pid % 4) * 2400;

export function portsFrom(first: number): void {
  firstPort = first + (process.pid % 4) * 1200;
}

/** A gateway that answers everybody. */
const OPEN_GATEWAY = ['OPEN=1'] as const;

async function build(
  tenants: string,
  name: string,
  index: number,
  wall: Wall,
  { limits = false, gateways = 'closed', policy = false }: TrialOptions,
): Promise<Rig> {
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
    paths: { ...paths, backup: `${tenants}/backup` },
    rung: wall === 'none' ? 'profile' : 'os-user',
    install: { ...sample.install, node: NODE, openclaw: `${root}/gateway.cjs` },
    gatewayPort: wall === 'namespaces' ? 18_789 : first,
  };
  writeFileSync(blueprint.install.openclaw, LISTENER, { mode: 0o644 });
  const files = limits ? ['prlimit', '--nofile=4096:4096'] : [];
  const drop = wall === 'none' ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs'];
  const environment = [
    `HOME=${paths.home}`,
    `TMPDIR=${paths.tmp}`,
    `OPENCLAW_STATE_DIR=${paths.state}`,
    `OPENCLAW_CONFIG_PATH=${paths.configFile}`,
    `OPENCLAW_WORKSPACE=${paths.workspace}`,
    `DOCKER_HOST=unix://${tenants}/run/engine.sock`,
  ];
  const clean = ['env', '-i', ...environment];
  const listener = [
    ...files,
    ...drop,
    ...clean,
    `TOKEN=token-${name}`,
    `PORT=${blueprint.gatewayPort}`,
    ...(gateways === 'open' ? OPEN_GATEWAY : []),
    ...(policy ? ['POLICY=1'] : []),
    NODE,
    '-e',
    LISTENER,
  ];
  const mounts = `ip link set lo up && mount --bind ${root} /mnt && mount -t tmpfs -o mode=0711 none ${tenants} && mkdir ${root} && mount --move /mnt ${root} && mount -t tmpfs -o mode=1777 none /tmp && exec "$@"`;
  const walls = ['unshare', '--net', '--mount', '--pid', '--ipc', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', mounts, 'sh'];
  const [program = '', ...args] = wall === 'namespaces' ? [...walls, ...listener] : listener;
  const gateway = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(gateway);
  await new Promise((resolve, reject) => {
    gateway.stdout?.once('data', resolve);
    gateway.once('exit', () => reject(new Error('the listener ended')));
  });
  const pid = wall === 'namespaces' ? Number(readFileSync(`/proc/${gateway.pid}/task/${gateway.pid}/children`, 'utf8').trim()) : (gateway.pid ?? 0);
  if (wall === 'namespaces') inner.push(pid);
  if (limits) limit(name, pid);
  const enter = wall === 'namespaces' ? ['nsenter', `--target=${pid}`, '--net', '--mount', '--pid', '--ipc'] : [];
  // umask 077 as in a real tenant: a canary must be as open as its neighbours all the same.
  const masked = ['sh', '-c', 'umask 077 && exec "$@"', 'sh'];
  return { blueprint, uid, gateway, pid, inside: [...enter, ...files, ...drop, ...masked, ...clean], outside: [...drop, ...masked, ...clean] };
}

function processFact({ pid, uid, blueprint }: Rig): ProcessFact {
  const namespaces = Object.fromEntries(
    ['net', 'mnt', 'pid', 'ipc'].map((name) => [name, /\d+/.exec(readlinkSync(`/proc/${pid}/ns/${name}`))?.[0] ?? '']),
  );
  const groups = blueprint.rung === 'profile' ? (process.getgroups?.() ?? []) : [];
  const gid = blueprint.rung === 'profile' ? (process.getgid?.() ?? 0) : uid;
  return { pid, startTicks: '1', uid, gid, groups, noNewPrivs: false, capabilities: '0', seccomp: 0, namespaces, environment: {} };
}

/** The host beside its tenants: a container engine that takes everybody, and what Bulkhead keeps, which is closed to all but its own user. */
async function furnish(tenants: string): Promise<Layout> {
  const layout = { ...SAMPLE_LAYOUT, stateDir: tenants, runDir: `${tenants}/run` };
  for (const [directory, mode] of [
    [layout.runDir, 0o755],
    [`${tenants}/logs`, 0o711],
    [`${tenants}/backup`, 0o755],
  ] as const) {
    mkdirSync(directory);
    chmodSync(directory, mode);
  }
  for (const name of ['bulkhead.db', 'backup/globex.age', 'logs/acme.log', 'logs/globex.log'])
    writeFileSync(join(tenants, name), '', { mode: 0o600 });
  for (const [name, mode] of [
    ['supervisor.sock', 0o600],
    ['engine.sock', 0o666],
  ] as const) {
    const path = join(layout.runDir, name);
    const server = createServer((_incoming, response) => response.end('OK'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    chmodSync(path, mode);
  }
  return layout;
}

export interface Trial {
  readonly tenants: string;
  readonly rigs: readonly Rig[];
  readonly run: (change?: Partial<ProbeRun>) => Promise<readonly ProbeResult[]>;
}

/** Names of the tenants of a trial, in their order. */
const NAMES = ['acme', 'globex', 'initech', 'umbrella', 'hooli', 'vandelay', 'stark', 'wayne', 'tyrell', 'cyberdyne'] as const;

export async function trial(wall: Wall, probes: readonly Probe[], options: TrialOptions = {}): Promise<Trial> {
  const { size = 2, linkOf = () => ({}) } = options;
  const tenants = mkdtempSync('/var/tmp/bulkhead-probes-');
  directories.push(tenants);
  chmodSync(tenants, 0o711);
  firstPort += 240;
  const layout = await furnish(tenants);
  const rigs: Rig[] = [];
  for (const [index, name] of NAMES.slice(0, size).entries()) rigs.push(await build(tenants, name, index, wall, options));
  const rigOf = ({ tenant }: Blueprint): Rig => {
    const rig = rigs.find(({ blueprint }) => blueprint.tenant === tenant);
    assert.ok(rig);
    return rig;
  };
  const command = (prefix: readonly string[], program: Parameters<Isolation['enter']>[3]): ReturnType<Isolation['enter']> => ({
    ...program,
    argv: ['env', ...prefix, ...program.argv],
  });
  const isolationOf = (blueprint: Blueprint): Isolation => {
    const rig = rigOf(blueprint);
    return { ...isolation, details: () => ({ ...(wall === 'none' ? {} : { uid: rig.uid }), ...linkOf(rig) }) };
  };
  const isolation = {
    details: () => ({}),
    enter: (blueprint, _layout, _observed, program) => command(rigOf(blueprint).inside, program),
    asTenant: (blueprint, _layout, _observed, program) => command(rigOf(blueprint).outside, program),
  } satisfies Pick<Isolation, 'details' | 'enter' | 'asTenant'> as unknown as Isolation; // the probes use nothing else of a rung
  const facts = {
    trust: { default: 'clients', relations: [] },
    hosts: [],
    tenants: rigs.map((rig) => ({ tenant: rig.blueprint.tenant, process: known(processFact(rig), 'test') })),
  } as unknown as Facts; // all that the run reads
  const run: Trial['run'] = (change) =>
    runProbes({
      blueprints: rigs.map(({ blueprint }) => blueprint),
      layoutOf: () => layout,
      facts,
      probes,
      hostOf: () => localHost(),
      isolationOf,
      observedOf: () => undefined,
      tokenOf: (tenant) => `token-${tenant}`,
      signal: AbortSignal.timeout(240_000),
      ...change,
    });
  return { tenants, rigs, run };
}
