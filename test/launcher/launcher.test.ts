import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { requires } from '../support/requires.ts';
import { ended, launch, makeCheckout, start } from './checkout.ts';

const linux = requires({ linux: true });

test('The first run installs Node and the dependencies, the second starts nothing but Node', { skip: linux }, async (t) => {
  const checkout = makeCheckout(t);
  const first = await launch(checkout, ['plan', '--file', 'a b', '']);
  assert.equal(first.exit, 7, first.stderr);
  assert.deepEqual(JSON.parse(first.stdout), { argv: ['plan', '--file', 'a b', ''], answer: 42, cwd: checkout.top });
  assert.match(first.stderr, /installing Node 24 .*\n.*installing the dependencies/);
  assert.equal(checkout.npmStarts(), 2);
  const second = await launch(checkout, ['status'], { PATH: '/nonexistent' });
  assert.deepEqual([second.exit, second.stderr], [7, '']);
  assert.deepEqual(readdirSync(join(checkout.root, '.bulkhead')).toSorted(), ['compile-cache', 'node', 'node-runtime']);
  assert.equal(statSync(join(checkout.root, '.bulkhead/compile-cache')).mode & 0o777, 0o700);
});

test('A Node that fits is taken from PATH, and --version needs no dependency to answer', async (t) => {
  const checkout = makeCheckout(t, { fits: true });
  const { exit, stdout } = await launch(checkout, ['--version']);
  assert.deepEqual([exit, stdout], [0, '1.2.3\n']);
  assert.equal(checkout.npmStarts(), 1);
});

test('It finds its checkout through a chain of symlinks', async (t) => {
  const checkout = makeCheckout(t, { fits: true });
  mkdirSync(join(checkout.top, 'bin'));
  symlinkSync('../a checkout/bulkhead', join(checkout.top, 'bin/one'));
  symlinkSync(join(checkout.top, 'bin/one'), join(checkout.top, 'bin/two'));
  const { stdout, stderr } = await launch({ ...checkout, launcher: join(checkout.top, 'bin/two') }, ['--version']);
  assert.equal(stdout, '1.2.3\n', stderr);
});

test('A bootstrap that was killed is repeated, and its lock is not waited for', { skip: linux }, async (t) => {
  const checkout = makeCheckout(t);
  const killed = start(checkout, ['--version'], { NPM_SECONDS: '3' });
  while (checkout.npmStarts() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  assert.ok(existsSync(join(checkout.root, '.bulkhead/lock')));
  const again = await launch(checkout, ['--version']);
  assert.deepEqual([again.exit, again.stdout], [0, '1.2.3\n'], again.stderr);
  assert.ok(!existsSync(join(checkout.root, '.bulkhead/lock')));
});

test('A failing npm leaves nothing half installed and says what to do', { skip: linux }, async (t) => {
  const checkout = makeCheckout(t);
  const failed = await launch(checkout, ['plan'], { NPM_FAILS: 'yes' });
  assert.equal(failed.exit, 3);
  assert.match(failed.stderr, /npm: no network\n✗ npm could not install Node 24\n {2}fix: /);
  assert.deepEqual(readdirSync(join(checkout.root, '.bulkhead')), []);
  assert.equal((await launch(checkout, ['plan'])).exit, 7);
});

test('Of four first runs at once, one installs and the others wait for it', { skip: linux }, async (t) => {
  const checkout = makeCheckout(t);
  const runs = await Promise.all(Array.from({ length: 4 }, () => ended(start(checkout, ['plan'], { NPM_SECONDS: '0.5' }))));
  assert.deepEqual(
    runs.map(({ exit }) => exit),
    [7, 7, 7, 7],
    runs.map(({ stderr }) => stderr).join('\n'),
  );
  assert.equal(checkout.npmStarts(), 2);
});

test('Missing and outdated dependencies are installed anew', async (t) => {
  const checkout = makeCheckout(t, { fits: true });
  await launch(checkout, ['plan']);
  rmSync(join(checkout.root, 'node_modules/.package-lock.json'));
  assert.equal((await launch(checkout, ['plan'])).exit, 7);
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(checkout.root, 'package-lock.json'), later, later);
  assert.equal((await launch(checkout, ['plan'])).exit, 7);
  assert.equal(checkout.npmStarts(), 3);
});

test(
  "In somebody else's checkout nothing is written: everything goes to the user's cache",
  { skip: requires({ root: true, linux: true }) },
  async (t) => {
    const checkout = makeCheckout(t);
    spawnSync('chown', ['-R', '65534:65534', checkout.root]);
    const first = await launch(checkout, ['plan', 'x']);
    assert.equal(first.exit, 7, first.stderr);
    assert.equal(JSON.parse(first.stdout).answer, 42);
    assert.deepEqual(readdirSync(checkout.root).toSorted(), ['.npmrc', 'bin', 'bulkhead', 'package-lock.json', 'package.json', 'runtime', 'src']);
    assert.equal((await launch(checkout, ['plan'], { PATH: '/usr/bin:/bin', XDG_CACHE_HOME: join(checkout.top, 'home/.cache') })).exit, 7);
    assert.equal(checkout.npmStarts(), 2);
  },
);

test('Without npm it says what is missing', async (t) => {
  const checkout = makeCheckout(t);
  const directory = join(checkout.top, 'few');
  mkdirSync(directory);
  for (const program of ['mkdir', 'cat', 'rm', 'uname', 'readlink', 'sleep', 'mv', 'ln', 'find'])
    symlinkSync(`/usr/bin/${program}`, join(directory, program));
  const { exit, stderr } = await launch(checkout, ['plan'], { PATH: directory });
  assert.equal(exit, 3);
  assert.match(stderr, /^✗ npm is not in PATH; it is needed once, to install Node 24\n {2}fix: install Node with npm/);
});

test('npm itself brings the Node of the lock file', { skip: requires({ linux: true, programs: ['npm'] }) }, async (t) => {
  const checkout = makeCheckout(t);
  rmSync(join(checkout.top, 'tools/npm'));
  const { stdout, stderr } = await launch(checkout, ['--node', '-p', 'process.version'], { ...npmSettings() });
  assert.equal(stdout, 'v24.21.0\n', stderr);
});

/** The machine's own way to its registry: npm_config_*, proxies and certificates. */
function npmSettings(): Record<string, string> {
  const settings = Object.entries(process.env).filter(([name]) => /^(HOME|npm_config_|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)/i.test(name));
  return Object.fromEntries(settings.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
