import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as v from 'valibot';
import { requires } from '../../test/support/requires.ts';
import { runCollector } from '../../test/support/self-contained.ts';
import { ROOT_GROUPS } from '../core/os-facts.ts';
import { accountOf } from './accounts.ts';
import { AccountsSeen, CodeSeen, MachineSeen, PlacesSeen } from './collected-os.ts';

const linux = process.platform === 'linux' ? false : 'needs Linux: it reads /proc';
const NOBODY = { uid: 65534, gid: 65534 };
const KEY = `ssh-ed25519 ${Buffer.alloc(51, 7).toString('base64')} someone`;

function tree(context: TestContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-collector-')));
  chmodSync(root, 0o755);
  context.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

function got<T>(seen: { ok: true; value: T } | { ok: false; why: string }): T {
  assert.ok(seen.ok, seen.ok ? '' : seen.why);
  return seen.value;
}

test('the accounts of this host come with who is root', { skip: linux }, async () => {
  const request = { uids: [0], groups: ROOT_GROUPS, program: 'openclaw', selecting: [] };
  const seen = v.parse(AccountsSeen, await runCollector('account-collector', request));
  assert.equal(accountOf(seen, 0, 'root')?.name, 'root');
});

test('what only root may read is told as closed', { skip: requires({ root: true }) }, async () => {
  const request = { uids: [], groups: [], program: 'openclaw', selecting: [] };
  const seen = v.parse(AccountsSeen, await runCollector('account-collector', request, NOBODY));
  assert.ok(seen.closed.includes('/root'), seen.closed.join());
});

test('a socket of an engine counts when its user may open it, through links too', { skip: linux }, async (context) => {
  const root = tree(context);
  const socket = join(root, 'run/docker.sock');
  mkdirSync(join(root, 'run'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  context.after(() => server.close());
  chmodSync(socket, 0o660);
  symlinkSync(join(root, 'run'), join(root, 'var-run'));
  const sockets = [join(root, 'var-run/docker.sock'), join(root, 'absent.sock')];
  const own = process.getuid?.() ?? 0;
  const look = async (uid: number): Promise<v.InferOutput<typeof MachineSeen>> =>
    v.parse(
      MachineSeen,
      await runCollector('machine-collector', {
        tenants: [{ tenant: 'a', process: { pid: process.pid, uid, groups: [] } }],
        sockets,
        names: [join(root, 'openclaw-')],
        agents: ['node'],
      }),
    );
  const seen = await look(own);
  const { engineSockets, takenNames, tmp } = got(seen.tenants['a']?.surroundings ?? assert.fail()) ?? assert.fail();
  assert.deepEqual(engineSockets, [sockets[0]]);
  assert.deepEqual(takenNames, [{ path: join(root, `openclaw-${own}`), uid: null }]);
  assert.equal(tmp, got(seen.machine).tmp);
  assert.ok(got(seen.machine).managementAgents.includes('node'));
  assert.deepEqual(got((await look(54_321)).tenants['a']?.surroundings ?? assert.fail())?.engineSockets, []);
});

test('limits are the least on the way up, and none is told as none', { skip: linux }, async () => {
  const request = {
    tenants: [{ tenant: 'a', process: { pid: process.pid, uid: 0, groups: [] } }, { tenant: 'b' }],
    sockets: [],
    names: [],
    agents: [],
  };
  const seen = v.parse(MachineSeen, await runCollector('machine-collector', request));
  const { memoryBytes, pids, cpus } = got(seen.tenants['a']?.surroundings ?? assert.fail()) ?? assert.fail();
  for (const limit of [memoryBytes, pids, cpus]) assert.ok(limit === null || limit > 0);
  assert.deepEqual(seen.tenants['b']?.surroundings, { ok: true, value: null });
});

test('the install is told with everything above it, and files that are not like the rest', async (context) => {
  const root = tree(context);
  mkdirSync(join(root, 'oc/dist'), { recursive: true, mode: 0o755 });
  writeFileSync(join(root, 'oc/dist/fine.mjs'), '', { mode: 0o644 });
  writeFileSync(join(root, 'oc/dist/open.mjs'), '');
  chmodSync(join(root, 'oc/dist/open.mjs'), 0o666);
  symlinkSync('fine.mjs', join(root, 'oc/dist/link.mjs'));
  const request = { tenants: [{ tenant: 'a', places: [join(root, 'oc')], log: join(root, 'absent.log') }], tree: join(root, 'oc') };
  const seen = v.parse(PlacesSeen, await runCollector('place-collector', request));
  assert.deepEqual(
    got(seen.loose).map(({ path }) => path),
    [join(root, 'oc/dist/open.mjs')],
  );
  const places = got(seen.tenants['a']?.places ?? assert.fail()).map(({ path }) => path);
  assert.equal(places[0], join(root, 'oc'));
  assert.ok(places.includes('/'));
  assert.deepEqual(seen.tenants['a']?.log, { ok: true, value: null });
});

test('an archive is told by the first path in it; what is none, a link or a FIFO by its name alone', async (context) => {
  const root = tree(context);
  const [source, to] = [join(root, 'payload'), join(root, 'to')];
  mkdirSync(join(source, '2026-openclaw-backup/payload/posix/t/acme/state'), { recursive: true });
  mkdirSync(to);
  writeFileSync(join(source, '2026-openclaw-backup/payload/posix/t/acme/state/openclaw.json'), '{}');
  execFileSync('tar', ['-C', source, '-czf', join(to, 'a.tar.gz'), '2026-openclaw-backup/payload/posix/t/acme/state/openclaw.json']);
  writeFileSync(join(to, 'b.tar.gz'), 'no archive');
  symlinkSync('/etc/passwd', join(to, 'c.tar.gz'));
  execFileSync('mkfifo', [join(to, 'd.tar.gz')]);
  const request = { tenants: [{ tenant: 'a', places: [], backup: to, log: '/x' }], tree: join(root, 'absent') };
  const seen = v.parse(PlacesSeen, await runCollector('place-collector', request));
  const { archives } = got(seen.tenants['a']?.archives ?? assert.fail()) ?? assert.fail();
  assert.deepEqual(
    archives.map(({ content }) => content),
    ['/t/acme/state/openclaw.json', undefined, undefined, undefined],
  );
});

test('roots are told by identity, keys by fingerprint, and text of plugins by what it names', async (context) => {
  const root = tree(context);
  mkdirSync(join(root, 'npm'));
  mkdirSync(join(root, 'home/.ssh'), { recursive: true });
  writeFileSync(join(root, 'npm/a.js'), 'const p = path.join(homedir(), ".openclaw", "x")');
  writeFileSync(join(root, 'npm/b.js'), 'const p = "/root/.openclaw/x"');
  writeFileSync(join(root, 'npm/c.js'), 'const p = "my.openclaw.example"');
  writeFileSync(join(root, 'npm/d.txt'), '/root/.openclaw/');
  symlinkSync('npm', join(root, 'alias'));
  writeFileSync(join(root, 'home/.ssh/authorized_keys'), `# ${KEY}\nfrom="10.0.0.1" ${KEY}\n`);
  writeFileSync(join(root, 'home/.ssh/id_ed25519'), '');
  linkSync(join(root, 'home/.ssh/authorized_keys'), join(root, 'home/.ssh/id_ed25519.pub'));
  writeFileSync(join(root, 'home/.ssh/other.pub'), KEY);
  const roots = ['npm', 'alias', 'absent'].map((name) => ({ kind: 'plugins', from: 'default', path: join(root, name) }));
  const request = {
    roots,
    homes: [join(root, 'home')],
    account: false,
    logs: [join(root, 'npm/a.js'), join(root, 'no.log')],
    stateName: '.openclaw',
  };
  const seen = v.parse(CodeSeen, await runCollector('code-collector', request));
  const [one, two, three] = got(seen.roots);
  assert.equal(one?.identity, two?.identity);
  assert.deepEqual([two?.real, three?.identity], [join(root, 'npm'), undefined]);
  assert.deepEqual(
    got(seen.homePathUses).toSorted((left, right) => left.file.localeCompare(right.file)),
    [
      { file: join(root, 'npm/a.js'), kind: 'home' },
      { file: join(root, 'npm/b.js'), kind: 'absolute' },
    ],
  );
  const keys = got(seen.loginKeys);
  assert.deepEqual(
    keys.map(({ kind }) => kind),
    ['accepts', 'holds'],
  );
  assert.equal(new Set(keys.map(({ fingerprint }) => fingerprint)).size, 1);
  assert.equal(got(seen.logs).length, 1);
});

test('a FIFO in the place of a key or a plugin does not hang', async (context) => {
  const root = tree(context);
  mkdirSync(join(root, '.ssh'));
  execFileSync('mkfifo', [join(root, '.ssh/authorized_keys'), join(root, 'x.js')]);
  const request = { roots: [{ kind: 'plugins', from: 'default', path: root }], homes: [root], account: false, logs: [], stateName: '.openclaw' };
  const seen = v.parse(CodeSeen, await runCollector('code-collector', request));
  assert.equal(seen.loginKeys.ok, false);
  assert.deepEqual(got(seen.homePathUses), []);
});
