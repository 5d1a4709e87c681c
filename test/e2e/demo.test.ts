/** The demo as a newcomer runs it: as root, as an ordinary user who keeps it, and with Ctrl-C in the middle. Nothing may stay. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { HOST_LISTINGS } from '../support/host-listings.ts';
import { requires, testInstall } from '../support/requires.ts';

const CHECKOUT = new URL('../../', import.meta.url).pathname;
const skip = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip', 'setpriv', 'curl'], openclaw: true });
/** An id that no user has. */
const NOBODY_YET = 61_987;

interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program as leader of a group of its own; `interrupt` sends the group what a terminal sends on Ctrl-C once stderr matches. */
async function play(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env?: Record<string, string>; readonly interrupt?: RegExp },
): Promise<Ended> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd: options.cwd, env: options.env ?? process.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let pressed = false;
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (pressed || options.interrupt?.test(stderr) !== true || child.pid === undefined) return;
    pressed = true;
    process.kill(-child.pid, 'SIGINT');
  });
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exit, stdout, stderr };
}

/** The folder that a demo made, by what it said. */
function folderIn({ stdout, stderr }: Ended): string {
  return /\/[^ \n]*bulkhead-demo-\w{6}/.exec(stderr + stdout)?.[0] ?? assert.fail(stderr);
}

function assertNothingLeft(folder: string): void {
  assert.ok(!existsSync(folder), folder);
  const instance = `bh${createHash('sha256').update(`${folder}/state`).digest('hex').slice(0, 4)}`;
  for (const [program, ...args] of HOST_LISTINGS) {
    const { stdout } = spawnSync(program, args, { encoding: 'utf8' });
    const left = stdout.split('\n').filter((line) => line.includes(`${instance}-`) || line.includes(`inet ${instance}`) || line.includes(folder));
    assert.deepEqual(left, [], program);
  }
  assert.ok(!existsSync(`/run/bulkhead/${instance}`));
}

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

describe('the demo', { skip, timeout: 2_400_000 }, () => {
  test('as root it shows the verdict flip and return, and leaves nothing', async () => {
    const ended = await play(['npm', 'run', 'demo'], { cwd: CHECKOUT });
    const { exit, stdout, stderr } = ended;
    assert.equal(exit, 0, stderr.slice(-3000));
    const at = [
      'on the rung os-user',
      '→ PASS (exit 0)',
      'Break a boundary',
      '→ FAIL (exit 4)',
      '5  Restore',
      '→ PASS (exit 0)',
      'TENANT BOUNDARY CHECKLIST',
    ];
    let from = 0;
    for (const words of [...at, '10 Who can access the host', 'Not isolated here', '7  Tear down', 'Every step showed what it must']) {
      const found = stdout.indexOf(words, from);
      assert.ok(found >= 0, `${words} comes after what it must follow:\n${stdout}`);
      from = found + words.length;
    }
    assert.match(stdout, /acme’s agent, told to reach globex’s canary/);
    assert.match(stderr, /\d+\.\ds {2}\S/, 'progress is visible');
    assertNothingLeft(folderIn(ended));
  });

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

  test('Ctrl-C in the middle takes down what was built', async () => {
    const ended = await play(['npm', 'run', 'demo'], { cwd: CHECKOUT, interrupt: /create network namespace/ });
    assert.notEqual(ended.exit, 0);
    assert.match(ended.stdout, /7 {2}Tear down/, ended.stderr);
    assert.match(ended.stderr, /✗ interrupted/);
    assertNothingLeft(folderIn(ended));
  });
});
