/** Every way to use a command wrongly: an exit status, words on stderr, and with `--json` one document that says the same. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { trial, type Trial } from '../support/bulkhead.ts';
import { requires } from '../support/requires.ts';

const MANIFEST = `fleet: errors
trust: team
hosts:
  local: { admins: [{ name: ops, how: root }] }
tenants:
  solo:
    boundary: { owner: solo@example.test, data: tickets, members: [solo@example.test] }
    isolation: profile
    policy: support
`;

interface Failure {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

describe('errors', { timeout: 900_000 }, () => {
  let here: Trial;
  const launch = (...argv: readonly string[]) => spawnSync(here.launcher, argv, { cwd: here.folder, encoding: 'utf8', timeout: 60_000 });
  before(() => {
    here = trial();
    here.write('bulkhead.yaml', MANIFEST);
  });
  after(() => here.end([]));

  const wrong: readonly (readonly [string, readonly string[], number])[] = [
    ['an unknown command', ['nonsense'], 2],
    ['an unknown flag', ['plan', '--nonsense'], 2],
    ['a flag without its value', ['plan', '--file'], 2],
    ['a missing tenant', ['show'], 2],
    ['too many tenants', ['show', 'solo', 'solo'], 2],
    ['a program without a tenant', ['exec', 'solo'], 2],
    ['a number that is none', ['logs', 'solo', '--lines', 'x'], 2],
    ['a tenant that is not in the manifest', ['show', 'nobody'], 2],
    ['a manifest that is not there', ['plan', '-f', 'nothere.yaml'], 2],
    ['a manifest that is a folder', ['plan', '-f', '/'], 2],
    ['a state directory that is a file', ['plan', '--state-dir', '/etc/passwd'], 2],
    ['a state directory that the kernel refuses', ['plan', '--state-dir', '/proc/nowhere'], 2],
    ['remove without its confirmation', ['remove', 'solo'], 2],
    ['init with nobody to ask', ['init', '-f', 'new.yaml'], 2],
    ['decide with nobody to ask', ['decide'], 2],
    ['a question that is none', ['decide', '--answer', 'colour=red'], 2],
    ['a checklist before anything was verified', ['checklist'], 3],
    ['a log of what was not built', ['logs', 'solo'], 3],
    ['a policy command that is none', ['policy', 'nonsense'], 2],
    ['rotating nothing that there is', ['rotate', 'solo', 'nonsense'], 2],
    ['rotating a channel that the tenant lacks', ['rotate', 'solo', 'channel', 'telegram'], 2],
    ['rotating what was not built', ['rotate', 'solo', 'gateway-token'], 5],
    ['a quarantine of what was not built', ['quarantine', 'solo'], 5],
    ['releasing whoever is not in quarantine', ['release', 'solo'], 2],
    ['starting what was not built', ['start', 'solo'], 5],
  ];
  for (const [what, argv, exit] of wrong) {
    test(`${what} ends with ${exit}, in words and in JSON`, () => {
      const own = argv.includes('--state-dir') || ['nonsense', 'decide'].includes(argv[0] ?? '') ? [] : ['--state-dir', here.stateDir];
      const [command = '', ...rest] = argv;
      const text = launch(command, ...own, ...rest);
      assert.equal(text.status, exit, text.stderr);
      assert.equal(text.stdout, '', 'results only on stdout');
      assert.match(text.stderr, /^✗ .+\n(?: .+\n)* {2}fix: .+\n$/);
      const json = launch(command, '--json', ...own, ...rest);
      assert.equal(json.status, exit, json.stderr);
      const document = JSON.parse(json.stdout) as Failure;
      assert.deepEqual([document.ok, document.exitCode], [false, exit]);
      assert.ok(document.error.message !== '' && document.error.hint !== '');
      assert.doesNotMatch(`${text.stderr}${json.stderr}${document.error.message}`, /^\s+at .*:\d+:\d+\)?$|this is a bug/m);
    });
  }

  test('a manifest that may not be read is told apart from one that is not there', { skip: requires({ linux: true, programs: ['setpriv'] }) }, () => {
    writeFileSync(join(here.folder, 'closed.yaml'), MANIFEST, { mode: 0o000 });
    // Root reads everything, unless it has no capabilities.
    const without = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
    const [program, ...argv] = [...without, here.launcher, 'plan', '-f', join(here.folder, 'closed.yaml'), '--state-dir', here.stateDir];
    const result = spawnSync(program, argv, { encoding: 'utf8', timeout: 60_000 });
    assert.equal(result.status, 2, result.stderr);
    assert.match(result.stderr, /cannot read .*closed\.yaml/);
  });

  const terminal = requires({ linux: true, programs: ['script'] });
  for (const [key, what, exit] of [
    ['\u0003', 'Ctrl-C', 130],
    ['\u0004', 'Ctrl-D', 2],
  ] as const) {
    test(`${what} at a question ends with ${exit}, and is no bug`, { skip: terminal }, async () => {
      const [program, ...args] = ['script', '-qec', `${here.launcher} decide`, '/dev/null'] as const;
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      let said = '';
      let pressed = false;
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (pressed || !said.includes('  > ')) return;
        pressed = true;
        child.stdin.write(key);
      });
      const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
      assert.equal(status, exit, said);
      assert.match(said, /✗ /);
      assert.doesNotMatch(said, /bug in Bulkhead/);
    });
  }

  test('init says that the manifest is there before it asks anything', () => {
    const result = launch('init');
    assert.equal(result.status, 2);
    assert.match(result.stderr, /^✗ bulkhead\.yaml is there already\n {2}fix: .*--force\n$/);
  });

  test('results that cannot be written are said, not lost', { skip: requires({ linux: true }) }, () => {
    const full = openSync('/dev/full', 'w');
    const result = spawnSync(here.launcher, ['schema'], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8', timeout: 60_000 });
    assert.equal(result.status, 3);
    assert.match(result.stderr, /✗ the results could not be written: ENOSPC/);
  });

  test('a reader that goes away is no error', () => {
    const result = spawnSync('/bin/bash', ['-c', '"$0" schema | head -c 20; echo "${PIPESTATUS[0]}"', here.launcher], { encoding: 'utf8' });
    assert.match(result.stdout, /\n0\n$|^.{20}0\n$/s);
  });
});
