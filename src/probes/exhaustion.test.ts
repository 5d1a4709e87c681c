import assert from 'node:assert/strict';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { endTrials, groupFiles, portsFrom, trial } from '../../test/support/probe-rig.ts';
import { requires } from '../../test/support/requires.ts';
import { groupIn, ownLimit, regulate, type Group } from './attempts/groups.ts';
import { probe as descriptors } from './attacks/exhaust.descriptors.ts';
import type { Probe } from './define.ts';
import { PROBES } from './index.ts';

const EXHAUSTION = PROBES.filter(({ id }) => id.startsWith('exhaust.') && id !== 'exhaust.disk');
const ROOT = requires({ root: true, linux: true, programs: ['setpriv', 'prlimit', 'perl'], openclaw: true });

/** What the machine's own hard limit may be below is not asked for: here 4096 files are already too many. */
const lavish: Probe['attempts'] = (attacker) => [{ label: 'open files', action: { kind: 'descriptors', most: 1000, stateDir: attacker.state } }];

portsFrom(14_000);
after(endTrials);

test('without limits every attack on them gets through', { skip: ROOT }, async () => {
  const probes = EXHAUSTION.filter(({ id }) => id !== 'exhaust.descriptors');
  const { run } = await trial('user', probes);
  const results = await run();
  assert.deepEqual(
    results.map(({ id, attacker, verdict }) => `${id} ${attacker} ${verdict}`),
    ['acme', 'globex'].flatMap((attacker) => probes.map(({ id }) => `${id} ${attacker} breached`)),
    JSON.stringify(results, null, 1),
  );
});

test('limits of each tenant’s own hold, until they are taken away, handed over or shared', { skip: ROOT }, async () => {
  const { rigs, run } = await trial('user', EXHAUSTION, { limits: true });
  const breaches = async (): Promise<readonly string[]> => {
    const results = await run();
    assert.deepEqual(
      [...new Set(results.map(({ verdict }) => verdict))].filter((verdict) => !['contained', 'breached'].includes(verdict)),
      [],
      JSON.stringify(results, null, 1),
    );
    return results
      .filter(({ verdict }) => verdict === 'breached')
      .map(({ id, attacker, detail }) => `${id} ${attacker}: ${detail.split(': ').at(-1)}`);
  };
  const [acme, globex] = rigs;
  assert.ok(acme && globex);
  assert.deepEqual(await breaches(), []);

  const memory = groupFiles('globex', 'memory').limit;
  chownSync(memory, acme.uid, 0);
  assert.deepEqual(await breaches(), [`exhaust.memory acme: may write ${memory}`]);
  chownSync(memory, globex.uid, 0);
  assert.deepEqual(await breaches(), [`exhaust.memory globex: may write ${memory}`]);
  chownSync(memory, 0, 0);

  const above = join(dirname(dirname(groupFiles('acme', 'pids').processes)), 'cgroup.procs');
  chownSync(above, acme.uid, 0);
  assert.deepEqual(
    (await breaches()).filter((line) => line.startsWith('exhaust.pids')),
    [`exhaust.pids acme: may write ${above}`],
  );
  chownSync(above, 0, 0);

  const { limit } = groupFiles('acme', 'pids');
  writeFileSync(limit, 'max');
  assert.deepEqual(await breaches(), ['exhaust.pids acme: no limit on pids but what it shares with the other']);
  writeFileSync(limit, '512');

  writeFileSync(groupFiles('acme', 'cpu').processes, String(globex.pid));
  assert.ok((await breaches()).includes('exhaust.cpu globex: no limit on cpu but what it shares with the other'));
  writeFileSync(groupFiles('globex', 'cpu').processes, String(globex.pid));
  assert.deepEqual(await breaches(), []);
});

test('a limit on open files that is none is found', { skip: ROOT }, async () => {
  const { run } = await trial('user', [{ ...descriptors, attempts: lavish }], { limits: true });
  const results = await run();
  assert.deepEqual(
    results.map(({ verdict, detail }) => `${verdict} ${detail}`),
    Array.from({ length: 2 }, () => 'breached open files: a process of the gateway may open 4096 files'),
  );
});

test('control groups are read in both versions, and a limit above counts only where the other is not below it', () => {
  assert.deepEqual(groupIn('5:cpu,cpuacct:/a/b\n0::/unified\n', 'cpu'), { version: 1, tree: '/sys/fs/cgroup/cpu', path: '/a/b' });
  assert.deepEqual(groupIn('0::/system.slice/x.service\n', 'memory'), { version: 2, tree: '/sys/fs/cgroup', path: '/system.slice/x.service' });
  assert.throws(() => groupIn('1:name=systemd:/\n', 'memory'), { code: 'ABSENT' });
  assert.throws(() => groupIn('0::/../other\n', 'memory'), { code: 'ABSENT' });
  const tree = mkdtempSync(join(tmpdir(), 'bulkhead-groups-'));
  try {
    const group = (path: string, limits: Readonly<Record<string, string>>): Group => {
      mkdirSync(join(tree, path), { recursive: true });
      for (const [name, text] of Object.entries({ 'cgroup.procs': '', ...limits })) writeFileSync(join(tree, path, name), text);
      return { version: 2, tree, path };
    };
    group('/', {});
    group('/slice', { 'memory.max': '1000\n', 'cpu.max': 'max 100000\n' });
    const a = group('/slice/a', { 'memory.max': 'max\n', 'cpu.max': '50000 100000\n' });
    const b = group('/slice/b', { 'memory.max': '500\n' });
    const elsewhere = group('/elsewhere', {});
    const seen = (own: Group, other: Group, controller: 'memory' | 'cpu'): string => {
      try {
        return ownLimit(own, other, controller).slice(0, 8);
      } catch (error) {
        return String(Reflect.get(Object(error), 'code'));
      }
    };
    assert.deepEqual([seen(a, b, 'memory'), seen(a, elsewhere, 'memory'), seen(a, b, 'cpu')], ['no limit', 'LIMITED', 'LIMITED']);
    assert.deepEqual([seen(b, a, 'memory'), seen(a, a, 'cpu'), seen(elsewhere, a, 'cpu')], ['LIMITED', 'no limit', 'no limit']);
    assert.equal(seen({ ...a, path: '/gone' }, b, 'memory'), 'ENOENT');
    assert.match(regulate(b, 'memory', false), /^may write .*\/slice\/b\/memory\.max$/);
    assert.throws(() => regulate({ ...a, path: '/gone' }, 'memory', true), { code: 'ENOENT' });
  } finally {
    rmSync(tree, { recursive: true });
  }
});
