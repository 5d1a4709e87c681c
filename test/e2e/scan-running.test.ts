/** `bulkhead scan` of real gateways that were started by hand, as OpenClaw's own pages say and as they should not be. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CommandResult } from '../../src/core/command.ts';
import { config, failed, scan, SCAN_PROGRAMS, type ScanDocument } from '../support/scan-document.ts';
import { requires } from '../support/requires.ts';
import { changes, scanWorld, type ScanWorld } from '../support/scan-world.ts';

const skip = requires({ root: true, linux: true, programs: SCAN_PROGRAMS, openclaw: true });

describe('a scan of running gateways', { skip, timeout: 1_800_000 }, () => {
  let world: ScanWorld;
  let seen: ScanDocument;
  let second: CommandResult;

  before(async () => {
    world = scanWorld();
    const ann = world.user('ann');
    const zed = world.user('zed');
    const bob = world.user('bob');
    // The documentation's own "manual env example": neither has a log of its own.
    for (const name of ['main', 'rescue']) world.file(ann, `${ann.home}/.openclaw/${name}.json`, config(`token-of-${name}-0123456789abcdef`));
    world.file(zed, `${zed.home}/.openclaw/openclaw.json`, config('token-of-zed-0123456789abcdef'));
    for (const name of ['client972', 'client1719'])
      world.file(bob, `${bob.home}/.openclaw-${name}/openclaw.json`, config(`token-of-${name}-0123456789abcdef`));
    await world.open();
    const manual = (name: string, state: string): Readonly<Record<string, string>> => ({
      OPENCLAW_CONFIG_PATH: `~/.openclaw/${name}.json`,
      OPENCLAW_STATE_DIR: state,
    });
    await Promise.all([
      world.gateway(ann, 18_789, { env: manual('main', '~/.openclaw'), argv: ['gateway', '--port', '18789'] }),
      world.gateway(bob, 20_364, { argv: ['--profile', 'client972', 'gateway'] }),
    ]);
    // The names of both profiles give the port 20364.
    const starting = world.openclaw(bob, ['--profile', 'client1719', 'gateway']);
    await Promise.all([
      world.gateway(ann, 18_850, { env: manual('rescue', '~/.openclaw-rescue'), argv: ['gateway', '--port', '18850'] }),
      // A profile by a variable alone, and then a second gateway on the same config.
      world.gateway(zed, 31_000, { env: { OPENCLAW_PROFILE: 'shop' }, argv: ['gateway', '--port', '31000'] }),
    ]);
    await world.gateway(zed, 32_000, {
      env: { OPENCLAW_STATE_DIR: `${zed.home}/.second`, OPENCLAW_CONFIG_PATH: `${zed.home}/.openclaw/openclaw.json` },
      argv: ['gateway', '--port', '32000'],
    });
    second = await starting;
    seen = await scan(world);
  });
  after(() => world.end());

  test('each process is a gateway, with the port that it listens on', () => {
    const ports = Object.fromEntries(seen.matrix.map(({ tenant, cells }) => [tenant, cells['port']?.value.split(' ')[0]]));
    assert.deepEqual(
      Object.values(ports)
        .map(Number)
        .toSorted((left, right) => left - right),
      [18_789, 18_850, 20_364, 20_364, 31_000, 32_000],
      JSON.stringify(seen.scan.gateways),
    );
    assert.equal(seen.exitCode, 1);
  });

  test('the manual example shares a log, a user and derived ports', () => {
    const [main, rescue] = [18_789, 18_850].map(
      (port) => seen.matrix.find(({ cells }) => cells['port']?.value.startsWith(String(port)))?.tenant ?? '',
    );
    for (const id of ['log.file-shared', 'os.shared-uid', 'port.derived-overlap']) failed(seen, id, main ?? '', rescue ?? '');
  });

  test('a profile by a variable alone, and two gateways on one config', () => {
    const [first, second] = [31_000, 32_000].map(
      (port) => seen.matrix.find(({ cells }) => cells['port']?.value.startsWith(String(port)))?.tenant ?? '',
    );
    failed(seen, 'boundary.env-profile-only', first ?? '');
    failed(seen, 'config.path-shared', first ?? '', second ?? '');
    assert.ok(!seen.findings.some(({ id, verdict }) => id === 'state.dir-shared' && verdict === 'fail'));
  });

  test('the second of two profiles whose names give one port cannot start', () => {
    assert.notEqual(second.exit, 0);
    assert.match(second.stdout + second.stderr, /20364/);
    for (const id of ['os.shared-uid', 'boundary.profile-only', 'port.profile-hash', 'port.base-equal']) failed(seen, id, 'client972', 'client1719');
  });

  test('nothing changes while they stand still: no file, no process', async () => {
    await world.whileHalted(async () => {
      const first = await world.snapshot();
      assert.equal((await world.scan()).exit, 1);
      assert.deepEqual(changes(first, await world.snapshot()), []);
    });
  });

  test('to an ordinary user the environment of others stays closed, and is said to', async () => {
    const nobody = { name: 'nobody', uid: 65_534, home: '/nonexistent' };
    const { stdout, exit } = await world.run(
      [process.execPath, new URL('../../bin/bulkhead.mjs', import.meta.url).pathname, 'scan', '--json'],
      nobody,
    );
    const document = JSON.parse(stdout) as ScanDocument;
    // Who runs them is open to all, and two of one user are no boundary; what lies in their paths is not.
    assert.equal(exit, 1);
    assert.deepEqual(
      [...new Set(document.findings.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id))].filter((id) => id !== 'host.admins'),
      ['boundary.rung-too-low'],
    );
    assert.ok(document.findings.some(({ id, verdict }) => id === 'state.dir-shared' && verdict === 'unknown'));
    const processes = document.scan.sources.find(({ what }) => what === 'processes');
    assert.match(processes?.detail ?? '', /environment of pid \d+ belongs to uid 64100/);
    assert.equal(document.scan.gateways.length, 5);
  });
});
