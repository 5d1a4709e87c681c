import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ProbeResult } from '../core/probe.ts';
import { endTrials, kill, NODE, started, trial, type Rig } from '../../test/support/probe-rig.ts';
import { requires } from '../../test/support/requires.ts';
import { PROBES } from './index.ts';

// No OpenClaw here, so the probes that need the real protocol
// or a real agent are left out. They are run against real gateways by the end-to-end tests.
const NEED_OPENCLAW = ['gateway.token-replay-ws', 'gateway.pairing', 'gateway.agent-name', 'gateway.session-key'];
const WITHOUT_OPENCLAW = PROBES.filter(({ id }) => !id.startsWith('agent.') && !NEED_OPENCLAW.includes(id));

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

test('with nothing but paths between them, tenants get through to each other everywhere but past the token', async () => {
  const { rigs, run } = await trial('none', WITHOUT_OPENCLAW);
  const squatsBefore = readdirSync('/tmp').filter((name) => name.startsWith('openclaw-state-locks-2'));
  const results = await run();
  assert.deepEqual(
    verdicts(results),
    {
      'browser.cdp-reach': 'breached',
      'browser.control': 'breached',
      'browser.profile': 'breached',
      'files.by-user': 'not-applicable',
      'files.hardlink': 'breached',
      'files.list': 'breached',
      'files.read-state': 'breached',
      'files.replace': 'breached',
      'files.write': 'breached',
      'gateway.host-origin': 'contained',
      'gateway.hooks': 'contained',
      'gateway.media': 'contained',
      'gateway.reach': 'breached',
      'gateway.token-missing': 'contained',
      'gateway.token-replay-http': 'contained',
      'gateway.token-spoofed-headers': 'contained',
      'port.squat': 'breached',
      'process.environ': 'breached',
      'process.inspect': 'breached',
      'process.signal': 'breached',
      'process.trace': 'breached',
      'socket.abstract': 'breached',
      'tmp.lock-squat': 'breached',
      'tmp.read': 'breached',
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

test('a gateway that asks for no token is caught by every way to ask without one, and one without a browser has no profile to attack', async () => {
  const ids = ['browser.profile', 'gateway.hooks', 'gateway.host-origin', 'gateway.media', 'gateway.token-missing', 'gateway.token-spoofed-headers'];
  const open = await trial(
    'none',
    PROBES.filter(({ id }) => ids.includes(id)),
    'open',
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
    'browser.cdp-reach': 'breached',
    'browser.control': 'breached',
    'browser.profile': 'contained',
    'files.by-user': 'contained',
    'files.hardlink': 'contained',
    'files.list': 'contained',
    'files.read-state': 'contained',
    'files.replace': 'contained',
    'files.write': 'contained',
    'gateway.host-origin': 'contained',
    'gateway.hooks': 'contained',
    'gateway.media': 'contained',
    'gateway.reach': 'breached',
    'gateway.token-missing': 'contained',
    'gateway.token-replay-http': 'contained',
    'gateway.token-spoofed-headers': 'contained',
    'port.squat': 'breached',
    'process.environ': 'contained',
    'process.inspect': 'contained',
    'process.signal': 'contained',
    'process.trace': 'contained',
    'socket.abstract': 'breached',
    'tmp.lock-squat': 'breached',
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
    'files.write': 'contained',
  });
  const replaced = async (mode: number): Promise<string> => {
    chmodSync(join(globex.root, '..'), mode);
    return verdicts(await run({ probes: PROBES.filter(({ id }) => id === 'files.replace') }))['files.replace'] ?? '';
  };
  assert.deepEqual([await replaced(0o777), await replaced(0o1777), await replaced(0o711)], ['breached', 'contained', 'contained']);
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

const OF_AGENTS = ['agent.exec', 'agent.exec-network', 'agent.read', 'agent.read-link', 'agent.web-fetch', 'agent.write'];

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
