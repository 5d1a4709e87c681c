import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Blueprint } from '../core/blueprint.ts';
import { known, type Facts, type ProcessFact } from '../core/facts.ts';
import type { Isolation } from '../core/host.ts';
import type { ProbeResult } from '../core/probe.ts';
import { localHost } from '../hosts/local.ts';
import { requires, testInstall } from '../../test/support/requires.ts';
import { SAMPLE_LAYOUT, sampleBlueprint } from '../../test/support/sample.ts';
import { PROBES } from './index.ts';
import { runProbes, type ProbeRun } from './run.ts';

// No OpenClaw here: a listener that knows one token stands where the gateway would, so the probes that need the real protocol
// or a real agent are left out. They are run against real gateways by the end-to-end tests.
const WITHOUT_OPENCLAW = PROBES.filter(({ id }) => !['gateway.token-replay-ws', 'agent.exec', 'agent.read'].includes(id));
const LISTENER = `process.title = 'openclaw-gateway';
require('http').createServer((q, r) => { r.statusCode = q.headers.authorization === 'Bearer ' + process.env.TOKEN ? 200 : 401; r.end(); }).listen(+process.env.PORT, '127.0.0.1', () => console.log('up'));`;

interface Rig {
  readonly blueprint: Blueprint;
  readonly uid: number;
  readonly gateway: ChildProcess;
  /** Argv before the program, inside and as the user alone. */
  readonly inside: readonly string[];
  readonly outside: readonly string[];
  readonly pid: number;
}

// Tenants run Node too, and their /tmp is their own: a Node of the checkout may lie below /tmp, or in a folder closed to them.
const NODE = existsSync(testInstall().node) ? testInstall().node : process.execPath;

const started: ChildProcess[] = [];
const inner: number[] = [];
const directories: string[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
  // `unshare --kill-child` does not reach a process that changed its uid.
  for (const pid of inner) kill(pid);
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    /* already ended */
  }
}

type Wall = 'none' | 'user' | 'namespaces';

let firstPort = 21_000 + (process.pid % 8) * 960;

async function build(tenants: string, name: string, index: number, wall: Wall): Promise<Rig> {
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
  const environment = [`HOME=${paths.home}`, `TMPDIR=${paths.tmp}`, `OPENCLAW_STATE_DIR=${paths.state}`, `OPENCLAW_CONFIG_PATH=${paths.configFile}`];
  const clean = ['env', '-i', ...environment];
  const listener = [...drop, ...clean, `TOKEN=token-${name}`, `PORT=${blueprint.gatewayPort}`, NODE, '-e', LISTENER];
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

interface Trial {
  readonly rigs: readonly Rig[];
  readonly run: (change?: Partial<ProbeRun>) => Promise<readonly ProbeResult[]>;
}

async function trial(wall: Wall): Promise<Trial> {
  const tenants = mkdtempSync('/var/tmp/bulkhead-probes-');
  directories.push(tenants);
  chmodSync(tenants, 0o711);
  firstPort += 240;
  const rigs = [await build(tenants, 'acme', 0, wall), await build(tenants, 'globex', 1, wall)];
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
      probes: WITHOUT_OPENCLAW,
      hostOf: () => localHost(),
      isolationOf: () => isolation,
      observedOf: () => undefined,
      tokenOf: (tenant) => `token-${tenant}`,
      signal: AbortSignal.timeout(240_000),
      ...change,
    });
  return { rigs, run };
}

function verdicts(results: readonly ProbeResult[]): Record<string, string> {
  const ids = new Set(results.map(({ id }) => id));
  return Object.fromEntries(
    [...ids].map((id) => [id, [...new Set(results.filter((result) => result.id === id).map(({ verdict }) => verdict))].join(' and ')]),
  );
}

function leftovers(rigs: readonly Rig[]): string[] {
  return rigs.flatMap(({ blueprint }) =>
    [blueprint.paths.root, blueprint.paths.state, blueprint.paths.workspace, blueprint.paths.tmp, blueprint.paths.credentials].flatMap((directory) =>
      readdirSync(directory).filter((name) => name.startsWith('.bulkhead-')),
    ),
  );
}

test('with nothing but paths between them, tenants get through to each other everywhere but past the token', async () => {
  const { rigs, run } = await trial('none');
  const squatsBefore = readdirSync('/tmp').filter((name) => name.startsWith('openclaw-state-locks-2'));
  const results = await run();
  assert.deepEqual(
    verdicts(results),
    {
      'browser.cdp-reach': 'breached',
      'files.by-user': 'not-applicable',
      'files.list': 'breached',
      'files.read-state': 'breached',
      'files.write': 'breached',
      'gateway.reach': 'breached',
      'gateway.token-replay-http': 'contained',
      'port.squat': 'breached',
      'process.environ': 'breached',
      'tmp.lock-squat': 'breached',
      'victim.affected': 'contained',
    },
    JSON.stringify(results, null, 1),
  );
  assert.deepEqual(leftovers(rigs), []);
  assert.deepEqual(
    readdirSync('/tmp').filter((name) => name.startsWith('openclaw-state-locks-2')),
    squatsBefore,
  );
});

const ROOT = requires({ root: true, linux: true, programs: ['setpriv', 'unshare', 'nsenter', 'ip'], openclaw: true });

test('with an OS user of their own, files hold and loopback does not; opening the tree is caught', { skip: ROOT }, async () => {
  const { rigs, run } = await trial('user');
  assert.deepEqual(verdicts(await run()), {
    'browser.cdp-reach': 'breached',
    'files.by-user': 'contained',
    'files.list': 'contained',
    'files.read-state': 'contained',
    'files.write': 'contained',
    'gateway.reach': 'breached',
    'gateway.token-replay-http': 'contained',
    'port.squat': 'breached',
    'process.environ': 'contained',
    'tmp.lock-squat': 'breached',
    'victim.affected': 'contained',
  });
  const globex = rigs[1]?.blueprint.paths;
  assert.ok(globex);
  for (const directory of [globex.root, globex.state]) chmodSync(directory, 0o755);
  writeFileSync(join(globex.state, 'decoy'), 'decoy', { mode: 0o644 });
  chmodSync(join(globex.state, 'decoy'), 0o644);
  const opened = await run({ probes: WITHOUT_OPENCLAW.filter(({ id }) => id.startsWith('files.')) });
  const told = Object.fromEntries(opened.filter(({ attacker }) => attacker === 'acme').map(({ id, verdict }) => [id, verdict]));
  assert.deepEqual(told, { 'files.by-user': 'breached', 'files.list': 'breached', 'files.read-state': 'breached', 'files.write': 'contained' });
});

test('with namespaces of their own everything holds, and a dead gateway is unknown', { skip: ROOT }, async () => {
  const { rigs, run } = await trial('namespaces');
  const results = await run();
  assert.deepEqual(
    Object.entries(verdicts(results)).filter(([, verdict]) => verdict !== 'contained'),
    [],
    JSON.stringify(
      results.filter(({ verdict }) => verdict !== 'contained'),
      null,
      1,
    ),
  );
  assert.ok(results.every(({ positiveControl, negativeControl }) => positiveControl.held && negativeControl.held));
  assert.deepEqual(leftovers(rigs), []);
  const globex = rigs[1]?.blueprint.paths;
  assert.ok(globex);
  for (const directory of [globex.root, globex.state]) chmodSync(directory, 0o755);
  const opened = await run({ probes: WITHOUT_OPENCLAW.filter(({ id }) => id.startsWith('files.')) });
  assert.deepEqual(
    opened.filter(({ verdict }) => verdict === 'breached').map(({ id, attacker }) => `${id} by ${attacker}`),
    ['files.by-user by acme'],
  );
  const victim = rigs[1];
  assert.ok(victim);
  const ended = new Promise((resolve) => victim.gateway.once('exit', resolve));
  kill(victim.pid);
  await ended;
  const dead = await run();
  assert.deepEqual([...new Set(dead.map(({ verdict }) => verdict))], ['unknown']);
});

test('a browser that answers in another tenant’s loopback is known by its name: a relay is a breach', { skip: ROOT }, async () => {
  const { rigs, run } = await trial('namespaces');
  // What Chromium says of itself, and a relay repeats; a real one is attacked by the end-to-end tests.
  const answers = (name: string): string =>
    `require('http').createServer((q, r) => r.end(JSON.stringify({ padding: 'x'.repeat(300), webSocketDebuggerUrl: 'ws://127.0.0.1:18800/devtools/browser/${name}' })))
.listen(18800, '127.0.0.1', () => console.log('up')); process.stdin.on('end', () => process.exit()).resume()`;
  const listen = async (rig: Rig | undefined, name: string, ...flags: readonly string[]): Promise<ChildProcess> => {
    assert.ok(rig);
    const where = [`--target=${rig.pid}`, '--net', '--pid'];
    const child = spawn('nsenter', [...where, NODE, '-e', answers(name), '--', ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
    started.push(child); // killed, it leaves the one inside, which ends with its standard input
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    return child;
  };
  const reached = async (): Promise<Record<string, string>> => {
    const results = await run({ probes: PROBES.filter(({ id }) => id === 'browser.cdp-reach') });
    assert.ok(results.every(({ positiveControl, negativeControl }) => positiveControl.held && negativeControl.held));
    return Object.fromEntries(results.map(({ attacker, verdict }) => [attacker, verdict]));
  };
  const browser = '--remote-debugging-port=18800';
  await listen(rigs[1], '11111111-1111-4111-8111-111111111111', browser);
  const own = await listen(rigs[0], '22222222-2222-4222-8222-222222222222', browser);
  assert.deepEqual(await reached(), { acme: 'contained', globex: 'contained' }, 'each has a browser of its own');
  const ended = new Promise((resolve) => own.once('exit', resolve));
  own.stdin?.end();
  await ended;
  await listen(rigs[0], '11111111-1111-4111-8111-111111111111');
  assert.deepEqual(await reached(), { acme: 'breached', globex: 'contained' }, 'the one that is reached is the victim');
});

test('an interrupted run removes its canaries', async () => {
  const { rigs, run } = await trial('none');
  const stop = new AbortController();
  const canaries = (): string[] => leftovers(rigs).filter((name) => name.startsWith('.bulkhead-canary-'));
  const watch = setInterval(() => {
    if (canaries().length > 0) stop.abort(new Error('stopped by the test'));
  }, 20);
  await assert.rejects(run({ signal: stop.signal }), /stopped by the test/);
  clearInterval(watch);
  assert.deepEqual(canaries(), []);
});
