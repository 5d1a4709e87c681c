/** Units are compared with what systemd itself makes of them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Layout } from '../../core/blueprint.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Service } from '../../core/host.ts';
import { requires } from '../../../test/support/requires.ts';
import { quoteCommand, quoteWord } from './quote.ts';
import { definitionsIn, statusFrom, systemdSupervisor } from './supervisor.ts';
import { renderUnits, unitsDefinition } from './units.ts';

const layout: Layout = {
  instance: 'bh',
  stateDir: '/var/lib/bulkhead',
  runDir: '/run/bulkhead/bh',
  tenantsDir: '/var/lib/bulkhead/tenants',
  install: { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '1' },
};
const service: Service = {
  name: 'bh-acme',
  tenant: 'acme',
  argv: ['/usr/bin/perl', '-e', 'print "50%\\n$x"; exit', ';', ''],
  environment: { PATH: '/usr/bin:/bin' },
  workingDirectory: '/',
  logFile: '/var/lib/bulkhead/logs/acme.log',
  publish: { port: 23001, argv: ['/usr/bin/nsenter', '-t', '{pid}', '--net', '/bin/true'] },
  limits: { memoryBytes: 2147483648, cpus: 1.5, pids: 512 },
  neverRestartExits: [78],
  stopGraceSeconds: 10,
  guard: { check: ['/usr/bin/true'], restore: ['/usr/bin/true'], restoreStdinFile: '/var/lib/bulkhead/nft' },
  rebuild: ['/usr/bin/echo', 'rebuilt'],
};
const observed = (files: Readonly<Record<string, string>>) => ({
  alive: true,
  services: new Map(
    [...definitionsIn(files, layout)].map(([name, definition]) => [name, { definition, status: { name, state: 'stopped', restarts: 0 } as const }]),
  ),
});

/** Reads a word back by the rules of systemd.syntax(7) and systemd.unit(5). */
function unquote(text: string): string {
  const named: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
  return text
    .slice(1, -1)
    .replaceAll(/\\x([0-9a-f]{2})|\\(.)|%%/g, (_, hex?: string, sign?: string) =>
      hex !== undefined ? String.fromCharCode(parseInt(hex, 16)) : sign === undefined ? '%' : (named[sign] ?? sign),
    );
}

test('only what starts a set-user-ID program may gain privileges, and its forwarder may not', () => {
  const linesOf = (one: Service): readonly string[] =>
    [...renderUnits(layout, one)].flatMap(([name, text]) => (text.includes('NoNewPrivileges=yes') ? [name] : []));
  assert.deepEqual(linesOf(service).includes('bh-acme.service'), true);
  assert.deepEqual(
    linesOf({ ...service, gainsPrivileges: true }),
    linesOf(service).filter((name) => name !== 'bh-acme.service'),
  );
});

test('any word without NUL survives quoting, on one line, with no lone specifier', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((word) => !word.includes('\0')),
      (word) => {
        const quoted = quoteWord(word);
        assert.equal(unquote(quoted), word);
        assert.doesNotMatch(quoted, /[\u0000-\u001f]/);
        assert.equal(quoted.replaceAll('%%', '').includes('%'), false);
      },
    ),
  );
});

test('a program that systemd would read as a flag is refused', () => {
  for (const program of ['-rm', '+rm', '!rm', '@rm', ':rm', '']) assert.throws(() => quoteCommand([program]));
});

test('the rendered units pass systemd-analyze verify without a word', { skip: requires({ programs: ['systemd-analyze'] }) }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bh-units-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const paths = [...renderUnits(layout, service)].map(([file, text]) => {
    writeFileSync(join(folder, file), text);
    return join(folder, file);
  });
  assert.equal(paths.length, 7);
  // The exit code is 0 for unknown keys: what counts is that nothing of ours is named.
  const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
  assert.deepEqual(
    stderr.split('\n').filter((said) => said.includes('bh-acme')),
    [],
  );
  writeFileSync(join(folder, 'bh-bad.service'), (renderUnits(layout, service).get('bh-acme.service') ?? '').replace('UMask=', 'UMusk='));
  assert.match(
    spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, 'bh-bad.service')], { encoding: 'utf8' }).stderr,
    /UMusk/,
    'the control is caught',
  );
});

test(
  'at boot nothing waits for itself: systemd would break the circle by leaving a gateway or its port down',
  { skip: requires({ programs: ['systemd-analyze'] }) },
  (t) => {
    const cyclesWith = (units: ReadonlyMap<string, string>): readonly string[] => {
      const folder = mkdtempSync(join(tmpdir(), 'bh-units-'));
      t.after(() => rmSync(folder, { recursive: true }));
      for (const [file, text] of units) writeFileSync(join(folder, file), text);
      mkdirSync(join(folder, 'multi-user.target.wants'));
      symlinkSync('../bh-acme.service', join(folder, 'multi-user.target.wants/bh-acme.service'));
      const environment = { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` };
      const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', 'multi-user.target'], { encoding: 'utf8', env: environment });
      return stderr.split('\n').filter((said) => said.includes('cycle'));
    };
    const units = renderUnits(layout, service);
    assert.deepEqual(cyclesWith(units), []);
    const socket = (units.get('bh-acme_publish.socket') ?? '').replace('DefaultDependencies=no\n', '');
    assert.notDeepEqual(cyclesWith(new Map(units).set('bh-acme_publish.socket', socket)), [], 'the control is caught');
  },
);

test('what a reboot took comes back before the firewall is checked, and the guard looks only while the gateway runs', () => {
  const units = renderUnits(layout, service);
  const before = (units.get('bh-acme.service') ?? '').split('\n').filter((line) => line.startsWith('ExecStartPre='));
  assert.deepEqual(before, [
    'ExecStartPre=+:"/usr/bin/nsenter" "--target" "1" "--mount" "--" "/usr/bin/echo" "rebuilt"',
    'ExecStartPre=:"/usr/bin/true"',
  ]);
  const timer = (units.get('bh-acme_guard.timer') ?? '').split('\n');
  for (const line of ['BindsTo=bh-acme.service', 'After=bh-acme.service']) assert.ok(timer.includes(line), line);
});

test('units in place converge to nothing; an edited, missing or foreign one does not', () => {
  const files = Object.fromEntries(renderUnits(layout, service));
  assert.equal(definitionsIn(files, layout).get('bh-acme'), unitsDefinition(service));
  assert.deepEqual(systemdSupervisor.converge(layout, [service], observed(files)), []);
  const edited = { ...files, 'bh-acme_publish.socket': (files['bh-acme_publish.socket'] ?? '').replace('127.0.0.1', '0.0.0.0') };
  const repair = systemdSupervisor.converge(layout, [service], observed(edited)).map(({ argv }) => argv.join(' '));
  assert.ok(repair.includes('dd status=none of=/etc/systemd/system/bh-acme_publish.socket'));
  assert.deepEqual(repair.slice(-2), ['systemctl daemon-reload', 'systemctl try-restart bh-acme.service']);
  const { 'bh-acme_guard.timer': _gone, ...missing } = files;
  assert.notDeepEqual(systemdSupervisor.converge(layout, [service], observed(missing)), []);
  const foreign = observed({ ...files, 'bh-acme_guard.timer': '[Timer]\n' });
  assert.throws(() => systemdSupervisor.converge(layout, [service], foreign), BulkheadError);
  assert.throws(() => systemdSupervisor.remove(layout, 'bh-acme', foreign), BulkheadError);
  assert.deepEqual(systemdSupervisor.converge(layout, [], foreign), [], 'a foreign unit is left alone');
  assert.deepEqual(systemdSupervisor.remove(layout, 'bh-gone', observed({})), []);
});

test('what systemctl shows becomes a status', () => {
  const block = (lines: string) => statusFrom('bh-acme', lines);
  assert.deepEqual(block('ActiveState=active\nSubState=running\nMainPID=12\nNRestarts=2\nExecMainExitTimestamp='), {
    name: 'bh-acme',
    restarts: 2,
    state: 'running',
    top: 12,
  });
  assert.equal(block('ActiveState=activating\nSubState=auto-restart\nResult=exit-code').state, 'backing-off');
  const failed = block(
    'ActiveState=failed\nSubState=failed\nResult=exit-code\nExecMainCode=1\nExecMainStatus=78\nExecMainExitTimestamp=Tue 2026-11-24',
  );
  assert.deepEqual([failed.state, failed.lastExit?.exit], ['failed', 78]);
  assert.throws(() => block(''));
});
