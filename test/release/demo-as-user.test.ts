/** The demo as an ordinary user runs it, who keeps what it built. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertNothingLeft, folderIn, play } from '../support/demo-run.ts';
import { requires, testInstall } from '../support/requires.ts';

const CHECKOUT = new URL('../../', import.meta.url).pathname;
const skip = requires({ root: true, linux: true, programs: ['setpriv', 'curl'], openclaw: true });
/** An id that no user has. */
const NOBODY_YET = 61_987;

/** A checkout of one's own with what the launcher would install, below a home of an ordinary user. */
function homeOfNobody(): { readonly home: string; readonly checkout: string; end(): void } {
  const home = mkdtempSync('/var/lib/bulkhead-newcomer-');
  const checkout = join(home, 'checkout');
  mkdirSync(join(checkout, '.bulkhead'), { recursive: true });
  const packages = ['@stricli', '@valibot', 'valibot', 'yaml', '.package-lock.json'].map((name) => `node_modules/${name}`);
  for (const name of ['bulkhead', 'bin', 'src', 'runtime', 'package.json', 'package-lock.json', ...packages]) {
    cpSync(join(CHECKOUT, name), join(checkout, name), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(testInstall().node, join(checkout, '.bulkhead/node'));
  mkdirSync(join(home, 'tmp'));
  spawnSync('chown', ['-R', '-h', `${NOBODY_YET}:${NOBODY_YET}`, home]);
  chmodSync(home, 0o755);
  const end = (): void => {
    const { stdout } = spawnSync('ps', ['-o', 'pid=', '-u', String(NOBODY_YET)], { encoding: 'utf8' });
    for (const pid of stdout.split('\n').filter((line) => line.trim() !== '')) spawnSync('kill', ['-KILL', pid.trim()]);
    rmSync(home, { recursive: true, force: true });
  };
  return { home, checkout, end };
}

describe('the demo as an ordinary user', { skip, timeout: 2_400_000 }, () => {
  test('an ordinary user gets the profile rung, is told what that loses, and how to reach and end what was kept', async (context) => {
    const { home, checkout, end } = homeOfNobody();
    context.after(end);
    const as = ['setpriv', `--reuid=${NOBODY_YET}`, `--regid=${NOBODY_YET}`, '--clear-groups', '--'];
    const env = { HOME: home, TMPDIR: join(home, 'tmp'), PATH: '/usr/local/bin:/usr/bin:/bin', BULKHEAD_RUNTIMES: join(testInstall().root, '..') };
    const ended = await play([...as, './bulkhead', 'demo', '--keep'], { cwd: checkout, env });
    const last = /^ {3}end: (.*)$/m.exec(ended.stdout)?.[1] ?? assert.fail(ended.stdout + ended.stderr.slice(-3000));
    assert.equal(ended.exit, 0, ended.stderr.slice(-3000));
    assert.match(ended.stdout, /on the rung profile\n.*os-user cannot be had here: .*root.*Lost: /);
    assert.match(ended.stdout, /→ PASS \(exit 0\)[^]*→ FAIL \(exit 1\)[^]*→ PASS \(exit 0\)/);
    const reach = [...ended.stdout.matchAll(/^ {3}(\w+): (http:\/\/127\.0\.0\.1:\d+), token in (\/\S+)$/gm)];
    assert.deepEqual(
      reach.map(([, tenant]) => tenant),
      ['acme', 'globex'],
    );
    for (const [, tenant, url = '', token = ''] of reach) {
      assert.equal(spawnSync('curl', ['-sf', '-m', '10', `${url}/healthz`]).status, 0, tenant);
      assert.ok(readFileSync(token, 'utf8').length > 20);
    }
    const [first, ...rest] = as;
    const gone = spawnSync(first ?? '', [...rest, 'sh', '-c', last], { cwd: checkout, env, encoding: 'utf8' });
    assert.equal(gone.status, 0, gone.stderr);
    assertNothingLeft(folderIn(ended));
  });
});
