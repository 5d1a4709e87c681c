/** The unit is compared with what systemd itself makes of it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { requires } from '../../../test/support/requires.ts';
import { SAMPLE_LAYOUT } from '../../../test/support/sample.ts';
import type { WatchObserved, WatchService } from '../../core/host.ts';
import { renderWatchUnit, systemdWatch, watchDefinitionIn, watchUnitName } from './watch-unit.ts';

const WANTED: WatchService = {
  fleet: 'hexa',
  argv: [
    '/usr/bin/true',
    '/opt/bulkhead/bin/bulkhead.mjs',
    'verify',
    '--watch',
    '-f',
    '/srv/50%/bulkhead.yaml',
    '--webhook-file',
    '/etc/bulkhead/webhook',
  ],
  environment: { PATH: '/usr/bin:/bin', HOME: '/root' },
};
const FILE = '/etc/systemd/system/bh_verify.service';
const text = renderWatchUnit(SAMPLE_LAYOUT, WANTED);
const inPlace = (change: Partial<WatchObserved> = {}): WatchObserved => ({ ...watchDefinitionIn(text, SAMPLE_LAYOUT), running: true, ...change });
const argvs = (wanted: WatchService | undefined, observed: WatchObserved, fleet = 'hexa'): readonly (readonly string[])[] =>
  systemdWatch.converge(SAMPLE_LAYOUT, fleet, wanted, observed).map(({ argv }) => argv);

test(
  'the unit passes systemd-analyze verify without a word, and its exit statuses are verdicts',
  { skip: requires({ programs: ['systemd-analyze'] }) },
  (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'bh-watch-'));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'bh_verify.service'), text);
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, 'bh_verify.service')], { encoding: 'utf8' });
    assert.deepEqual(
      stderr.split('\n').filter((line) => line.includes('bh_verify')),
      [],
    );
    assert.match(text, /^RestartPreventExitStatus=1 3 4$/m);
    assert.match(text, /^ExecStart=:"\/usr\/bin\/true" .*"\/srv\/50%%\/bulkhead\.yaml"/m);
    assert.match(text, /^Environment="HOME=\/root"$/m);
  },
);

test('what limits the watch would limit its attacks: the unit restricts no system call, no mount, no privilege', () => {
  assert.doesNotMatch(text, /NoNewPrivileges|Restrict|Protect|Private|SystemCall|Capability|ReadOnly/);
});

test('no tenant’s service can have its name', () => {
  assert.equal(watchUnitName(SAMPLE_LAYOUT), 'bh_verify.service');
  assert.doesNotMatch('bh_verify', /^[a-z0-9-]{1,31}$/);
});

test('a wanted watch is installed and started, and then there is nothing to do', () => {
  assert.deepEqual(argvs(WANTED, { running: false }), [
    ['dd', 'status=none', `of=${FILE}`],
    ['systemctl', 'daemon-reload'],
    ['systemctl', 'enable', 'bh_verify.service'],
    ['systemctl', 'restart', 'bh_verify.service'],
  ]);
  assert.deepEqual(argvs(WANTED, inPlace()), []);
  assert.deepEqual(argvs(WANTED, inPlace({ running: false })), [['systemctl', 'enable', '--now', 'bh_verify.service']]);
});

test('one that is declared otherwise or was edited is written again and restarted', () => {
  const other = { ...WANTED, argv: [...WANTED.argv, '--every', '10s'] as const };
  assert.equal(argvs({ ...WANTED, argv: [...other.argv] as [string, ...string[]] }, inPlace()).length, 4);
  const edited = watchDefinitionIn(text.replace('RestartSec=30', 'RestartSec=1'), SAMPLE_LAYOUT);
  assert.deepEqual(edited, { definition: 'edited', fleet: 'hexa' });
  assert.equal(argvs(WANTED, { ...edited, running: true }).length, 4);
});

test('one that is no longer declared is taken away; that of another fleet stays', () => {
  assert.deepEqual(argvs(undefined, inPlace()), [
    ['systemctl', 'stop', 'bh_verify.service'],
    ['systemctl', 'disable', 'bh_verify.service'],
    ['rm', '-f', '--', FILE],
    ['systemctl', 'daemon-reload'],
    ['systemctl', 'reset-failed', 'bh_verify.service'],
  ]);
  assert.deepEqual(argvs(undefined, { running: false }), []);
  assert.deepEqual(argvs(undefined, inPlace(), 'other'), []);
});

test('a unit of somebody else, and the watch of another fleet, are refused and never removed', () => {
  const foreign = watchDefinitionIn('[Unit]\nDescription=mine\n', SAMPLE_LAYOUT);
  assert.deepEqual(foreign, { definition: 'foreign' });
  assert.throws(() => argvs(WANTED, { ...foreign, running: true }), /is not of this Bulkhead/);
  assert.deepEqual(argvs(undefined, { ...foreign, running: true }), []);
  assert.throws(() => argvs({ ...WANTED, fleet: 'other' }, inPlace(), 'other'), /watches the fleet hexa/);
});
