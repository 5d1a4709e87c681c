import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { BoundaryDetails } from '../core/host.ts';
import type { ProbeResult } from '../core/probe.ts';
import { endTrials, kill, NODE, started, trial, type Rig } from '../../test/support/probe-rig.ts';
import { requires } from '../../test/support/requires.ts';
import { PROBES } from './index.ts';

// No OpenClaw here, so the probes that need the real protocol
// or a real agent are left out. They are run against real gateways by the end-to-end tests. Limits have a test of their own, and a link
// is made by one test only.
const NEED_OPENCLAW = ['gateway.token-replay-ws', 'gateway.pairing', 'gateway.agent-name', 'gateway.session-key'];
const WITHOUT_OPENCLAW = PROBES.filter(
  ({ id }) => !id.startsWith('agent.') && !id.startsWith('exhaust.') && id !== 'host.reach' && !NEED_OPENCLAW.includes(id),
);

after(endTrials);

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

/** Names that were squatted as this very user: other tests squat as others meanwhile. */
function squats(): readonly string[] {
  const own = (name: string): boolean => lstatSync(`/tmp/${name}`, { throwIfNoEntry: false })?.uid === process.getuid?.();
  return readdirSync('/tmp').filter((name) => name.startsWith('openclaw-state-locks-2') && own(name));
}

test('with nothing but paths between them, tenants get through to each other everywhere but past the token', async () => {
  const { rigs, run } = await trial('none', WITHOUT_OPENCLAW);
  const squatsBefore = squats();
  const results = await run();
  assert.deepEqual(
    verdicts(results),
    {
      'backup.read': 'breached',
      'browser.cdp-reach': 'breached',
      'browser.control': 'breached',
      'browser.profile': 'breached',
      'files.by-user': 'not-applicable',
      'files.hardlink': 'breached',
      'files.list': 'breached',
      'files.read-state': 'breached',
      'files.replace': 'breached',
      'files.symlink': 'breached',
      'files.watch': 'breached',
      'files.write': 'breached',
      'gateway.host-origin': 'contained',
      'gateway.hooks': 'contained',
      'gateway.media': 'contained',
      'gateway.reach': 'breached',
      'gateway.token-missing': 'contained',
      'gateway.token-replay-http': 'contained',
      'gateway.token-spoofed-headers': 'contained',
      'host.state': 'breached',
      'ipc.memory': 'breached',
      'log.read': 'breached',
      'port.squat': 'breached',
      // Somebody else may run sudo here, or may not.
      'privilege.root': process.getuid?.() === 0 ? 'breached' : verdicts(results)['privilege.root'],
      'process.environ': 'breached',
      'process.inspect': 'breached',
      'process.list': 'breached',
      'process.signal': 'breached',
      'process.trace': 'breached',
      'runtime.socket': 'breached',
      'service.manager': 'breached',
      'service.replace': 'breached',
      'socket.abstract': 'breached',
      'tmp.leftovers': 'not-applicable',
      'tmp.lock-squat': 'breached',
      'tmp.name-squat': 'breached',
      'tmp.read': 'breached',
      'victim.affected': 'contained',
    },
    JSON.stringify(results, null, 1),
  );
  assert.deepEqual(leftovers(rigs), []);
  assert.deepEqual(squats(), squatsBefore);
});

test('a gateway that asks for no token is caught by every way to ask without one, and one without a browser has no profile to attack', async () => {
  const ids = ['browser.profile', 'gateway.hooks', 'gateway.host-origin', 'gateway.media', 'gateway.token-missing', 'gateway.token-spoofed-headers'];
  const open = await trial(
    'none',
    PROBES.filter(({ id }) => ids.includes(id)),
    { gateways: 'open' },
  );
  for (const { blueprint } of open.rigs) rmSync(blueprint.paths.browserData, { recursive: true });
  assert.deepEqual(verdicts(await open.run()), {
    ...Object.fromEntries(ids.map((id) => [id, 'breached'])),
    'browser.profile': 'not-applicable',
  });
});

const ROOT = requires({ root: true, linux: true, programs: ['setpriv', 'unshare', 'nsenter', 'ip'], openclaw: true });

test('with an OS user of their own, files hold and loopback does not; opening the tree is caught', { skip: ROOT }, async () => {
  const { rigs, run } = await trial('user', WITHOUT_OPENCLAW);
  assert.deepEqual(verdicts(await run()), {
    'backup.read': 'contained',
    'browser.cdp-reach': 'breached',
    'browser.control': 'breached',
    'browser.profile': 'contained',
    'files.by-user': 'contained',
    'files.hardlink': 'contained',
    'files.list': 'contained',
    'files.read-state': 'contained',
    'files.replace': 'contained',
    'files.symlink': 'contained',
    'files.watch': 'contained',
    'files.write': 'contained',
    'gateway.host-origin': 'contained',
    'gateway.hooks': 'contained',
    'gateway.media': 'contained',
    'gateway.reach': 'breached',
    'gateway.token-missing': 'contained',
    'gateway.token-replay-http': 'contained',
    'gateway.token-spoofed-headers': 'contained',
    'host.state': 'contained',
    'ipc.memory': 'contained',
    'log.read': 'contained',
    'port.squat': 'breached',
    'privilege.root': 'contained',
    'process.environ': 'contained',
    'process.inspect': 'contained',
    'process.list': 'breached',
    'process.signal': 'contained',
    'process.trace': 'contained',
    'runtime.socket': 'breached',
    'service.manager': 'contained',
    'service.replace': 'contained',
    'socket.abstract': 'breached',
    'tmp.leftovers': 'contained',
    'tmp.lock-squat': 'breached',
    'tmp.name-squat': 'breached',
    'tmp.read': 'contained',
    'victim.affected': 'contained',
  });
  const globex = rigs[1]?.blueprint.paths;
  assert.ok(globex);
  for (const directory of [globex.root, globex.state]) chmodSync(directory, 0o755);
  writeFileSync(join(globex.state, 'decoy'), 'decoy', { mode: 0o644 });
  chmodSync(join(globex.state, 'decoy'), 0o644);
  const opened = await run({ probes: WITHOUT_OPENCLAW.filter(({ id }) => id.startsWith('files.')) });
  const told = Object.fromEntries(opened.filter(({ attacker }) => attacker === 'acme').map(({ id, verdict }) => [id, verdict]));
  assert.deepEqual(told, {
    'files.by-user': 'breached',
    // The kernel lets nobody link a file that they may not write.
    'files.hardlink': 'contained',
    'files.list': 'breached',
    'files.read-state': 'breached',
    'files.replace': 'contained',
    'files.symlink': 'breached',
    'files.watch': 'breached',
    'files.write': 'contained',
  });
  const replaced = async (mode: number): Promise<readonly (string | undefined)[]> => {
    chmodSync(join(globex.root, '..'), mode);
    const { 'files.replace': tree, 'service.replace': definition } = verdicts(
      await run({ probes: PROBES.filter(({ id }) => id.endsWith('.replace')) }),
    );
    return [tree, definition];
  };
  const left = async (mode: number): Promise<string> => {
    const path = `/var/tmp/bulkhead-left-${process.pid}`;
    writeFileSync(path, '');
    try {
      chownSync(path, rigs[1]?.uid ?? -1, -1);
      chmodSync(path, mode);
      const found = await run({ probes: PROBES.filter(({ id }) => id === 'tmp.leftovers') });
      return found.find(({ attacker }) => attacker === 'acme')?.verdict ?? '';
    } finally {
      rmSync(path);
    }
  };
  assert.deepEqual([await left(0o644), await left(0o600)], ['breached', 'contained']);
  assert.deepEqual(await replaced(0o777), ['breached', 'breached']);
  assert.deepEqual(await replaced(0o1777), ['contained', 'breached'], 'a name that is not taken yet is free to all');
  assert.deepEqual(await replaced(0o711), ['contained', 'contained']);
});

test('with namespaces of their own everything holds, and a dead gateway is unknown', { skip: ROOT }, async () => {
  const { rigs, run } = await trial('namespaces', WITHOUT_OPENCLAW);
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

test('the host is out of reach on a tenant’s own link where a rule forbids it, and open without one', { skip: ROOT }, async () => {
  const reach = PROBES.filter(({ id }) => id === 'host.reach');
  const linkOf = ({ pid }: Rig): BoundaryDetails => ({ hostAddress: `10.213.254.${(pid % 60) * 4 + 1}` });
  const { rigs, run } = await trial('namespaces', reach, { linkOf });
  const ip = (...args: readonly string[]): string => execFileSync('ip', args, { encoding: 'utf8' });
  for (const rig of rigs) {
    const host = linkOf(rig).hostAddress ?? '';
    const name = `bht${rig.pid}`;
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'up0', 'netns', String(rig.pid));
    ip('addr', 'add', `${host}/30`, 'dev', name);
    ip('link', 'set', name, 'up');
    const inside = ['-t', String(rig.pid), '--net', 'ip'];
    execFileSync('nsenter', [...inside, 'addr', 'add', `${host.replace(/\d+$/, (last) => String(Number(last) + 1))}/30`, 'dev', 'up0']);
    execFileSync('nsenter', [...inside, 'link', 'set', 'up0', 'up']);
    execFileSync('nsenter', [...inside, 'route', 'add', 'prohibit', host]);
  }
  assert.deepEqual(verdicts(await run()), { 'host.reach': 'contained' });
  const [attacker] = rigs;
  assert.ok(attacker);
  const host = linkOf(attacker).hostAddress ?? '';
  execFileSync('nsenter', ['-t', String(attacker.pid), '--net', 'ip', 'route', 'del', 'prohibit', host]);
  const verdict = async (): Promise<string | undefined> => (await run()).find((result) => result.attacker === attacker.blueprint.tenant)?.verdict;
  assert.equal(await verdict(), 'unknown', 'refused by the host itself: nothing held it back');
  const service = createServer().listen(5432, host);
  await new Promise((resolve) => service.once('listening', resolve));
  assert.equal(await verdict(), 'breached');
  service.close();
});

const OF_AGENTS = ['agent.exec', 'agent.exec-network', 'agent.patch', 'agent.read', 'agent.read-link', 'agent.web-fetch', 'agent.write'];

for (const [wall, verdict] of [
  ['none', 'breached'],
  ['namespaces', 'contained'],
] as const)
  test(`an agent without any policy, with a wall of ${wall} around it: ${verdict}`, { skip: ROOT }, async () => {
    const probes = PROBES.filter(({ id }) => OF_AGENTS.includes(id));
    const { rigs, run } = await trial(wall, probes);
    const results = await run({ scriptedOf: () => true });
    assert.deepEqual(verdicts(results), Object.fromEntries(OF_AGENTS.map((id) => [id, verdict])), JSON.stringify(results, null, 1));
    assert.ok(results.every(({ positiveControl, negativeControl }) => positiveControl.held && negativeControl.held));
    assert.deepEqual(leftovers(rigs), []);
  });

for (const [wall, heldBy] of [
  ['none', 'policy'],
  ['namespaces', 'boundary'],
] as const)
  test(`an agent that its policy held, with a wall of ${wall} around it and its policy lifted: held by ${heldBy}`, { skip: ROOT }, async () => {
    const probes = PROBES.filter(({ id }) => ['agent.read', 'agent.write', 'files.list', 'victim.affected'].includes(id));
    const { rigs, run } = await trial(wall, probes, { policy: true });
    const results = await run({ scriptedOf: () => true, liftPolicy: true });
    const ofAgents = results.filter(({ id }) => id.startsWith('agent.'));
    assert.deepEqual(verdicts(ofAgents), { 'agent.read': 'contained', 'agent.write': 'contained' }, JSON.stringify(results, null, 1));
    assert.deepEqual([...new Set(ofAgents.map(({ lifted }) => lifted?.heldBy ?? lifted?.detail))], [heldBy], JSON.stringify(results, null, 1));
    assert.equal(results.filter(({ lifted }) => lifted !== undefined).length, ofAgents.length);
    assert.deepEqual(leftovers(rigs), []);
  });

test('where a second gateway has no room below the limit on memory, policy is not lifted, and that is said', { skip: ROOT }, async () => {
  const probes = PROBES.filter(({ id }) => id === 'agent.read');
  const { run } = await trial('user', probes, { policy: true, limits: true });
  const results = await run({ scriptedOf: () => true, liftPolicy: true });
  for (const { lifted } of results)
    assert.match(lifted?.detail ?? '', /^not lifted: memory: a second gateway takes 1800 MiB, and \d+ MiB are free below its limit$/);
  assert.equal(results.length, 2);
});

test('a browser that answers in another tenant’s loopback is known by its name: a relay is a breach', { skip: ROOT }, async () => {
  const { rigs, run } = await trial('namespaces', WITHOUT_OPENCLAW);
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

test('a breach is told while the attack goes on, and only the chosen pairs are attacked', async () => {
  const { run } = await trial('none', WITHOUT_OPENCLAW);
  const told: string[] = [];
  const results = await run({
    pairs: [{ attacker: 'acme', victim: 'globex' }],
    onResult: ({ id, verdict }) => told.push(`${id} ${verdict}`),
    onPair: (done, of) => told.push(`${done} of ${of}`),
  });
  assert.deepEqual([...new Set(results.map(({ attacker, victim }) => `${attacker} ${victim}`))], ['acme globex']);
  const at = (line: string): number => told.indexOf(line);
  assert.ok(at('files.list breached') >= 0 && at('files.list breached') < at('1 of 1'), told.join());
  assert.ok(at('1 of 1') < at('victim.affected contained'), told.join());
  assert.equal(told.length, results.length + 1);
});

test('canaries of a holder that was killed are removed, and how its tenant is stays unknown', async () => {
  const { rigs, run } = await trial('none', WITHOUT_OPENCLAW);
  let killed = 0;
  const results = await run({
    probes: WITHOUT_OPENCLAW.filter(({ id }) => id === 'files.list' || id === 'victim.affected'),
    onPair: (done) => {
      if (done !== 1) return;
      // Whoever waits now on its program's text is a holder or an attacker that has ended its work.
      for (const pid of readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean)) {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--input-type=module')) continue;
        kill(Number(pid));
        killed += 1;
      }
    },
  });
  assert.ok(killed >= 2);
  assert.deepEqual(leftovers(rigs), []);
  assert.equal(verdicts(results)['victim.affected'], 'unknown');
});

for (const [what, signal, verdict, said] of [
  [
    'answers more slowly',
    'SIGUSR2',
    'unknown',
    /its gateway was slow, by the attacks or by other work of the machine: it answered in \d+ ms before, 1\d{3} ms/,
  ],
  ['answers no more', 'SIGSTOP', 'breached', /^its gateway did not answer after the attacks: it answered in \d+ ms before/],
] as const)
  test(`a victim whose gateway ${what} while it is attacked: ${verdict}`, async () => {
    const local = /^(files|process|tmp|victim)\./; // one that hangs would be waited for
    const probes = WITHOUT_OPENCLAW.filter(({ id }) => local.test(id));
    const { rigs, run } = await trial('none', probes);
    const globex = rigs[1]?.gateway;
    // One that hangs does so with the first result, after all have looked at themselves at rest; the slow one lets them look for itself.
    if (signal === 'SIGUSR2') globex?.kill(signal);
    const results = await run({ onResult: () => signal === 'SIGSTOP' && globex?.kill(signal) });
    globex?.kill('SIGCONT');
    const affected = Object.fromEntries(results.filter(({ id }) => id === 'victim.affected').map(({ victim, ...result }) => [victim, result]));
    assert.equal(affected['acme']?.verdict, 'contained', JSON.stringify(affected));
    assert.equal(affected['globex']?.verdict, verdict, JSON.stringify(affected));
    assert.match(affected['globex']?.detail ?? '', said);
  });

test('an interrupted run removes its canaries', async () => {
  const { rigs, run } = await trial('none', WITHOUT_OPENCLAW);
  const stop = new AbortController();
  const canaries = (): string[] => leftovers(rigs).filter((name) => name.startsWith('.bulkhead-canary-'));
  const watch = setInterval(() => {
    if (canaries().length > 0) stop.abort(new Error('stopped by the test'));
  }, 20);
  await assert.rejects(run({ signal: stop.signal }), /stopped by the test/);
  clearInterval(watch);
  assert.deepEqual(canaries(), []);
});
