import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import * as v from 'valibot';
import { requires, testInstall } from '../../test/support/requires.ts';
import { selfContained, sibling } from '../hosts/self-contained.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import { makeMasker } from '../openclaw/masking.ts';
import { ArgvCollected, SecretsCollected } from './collected-secrets.ts';
import type { SecretsRequest } from './secrets-collector.ts';

// As a tenant's user too: a Node of the checkout may lie in a folder closed to it.
const NODE = existsSync(testInstall().node) ? testInstall().node : process.execPath;
const KEY = 'ab'.repeat(32);
const NOBODY = { uid: 65534, gid: 65534 };
const VALUE = 'VALUE-3c2b1a0f9e8d7c6b5a49382716051423';

function tree(context: TestContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-secrets-')));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** As it travels: text on standard input of a Node of its own, with a limit of time that a hanging read would pass. */
async function program<const T extends v.GenericSchema>(
  name: string,
  request: unknown,
  shape: T,
  as: { readonly uid?: number; readonly gid?: number } = {},
) {
  const { args, stdin } = selfContained(sibling(import.meta.url, name), request);
  const printed = await new Promise<string>((resolve, reject) => {
    const child = execFile(NODE, [...args], { timeout: 30_000, env: {}, cwd: '/', ...as }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
    child.stdin?.end(stdin);
  });
  assert.doesNotMatch(printed, /VALUE/);
  return v.parse(shape, JSON.parse(printed));
}

function collect(request: Partial<SecretsRequest>, as: { readonly uid?: number; readonly gid?: number } = {}) {
  const nothing = { files: [], envFiles: [], places: [], agents: { parent: '/none', more: [] }, stateDatabase: '/none', histories: [], digests: [] };
  return program('secrets-collector', { key: KEY, rules: MASKING, visible: ['CODEX_HOME'], ...nothing, ...request }, SecretsCollected, as);
}

function got<T>(seen: { ok: true; value: T } | { ok: false; why: string }): T {
  assert.ok(seen.ok, seen.ok ? '' : seen.why);
  return seen.value;
}

const digest = (value: string): string => makeMasker(KEY, MASKING).text(value).masked;

test('files come as digests: whole, one value of a JSON, all that a pattern names; what is absent is none', async (context) => {
  const root = tree(context);
  write(join(root, 'token'), `${VALUE}\n`);
  write(join(root, 'all.json'), JSON.stringify({ a: { 'b/c': VALUE } }));
  write(join(root, 'wa/one/creds.json'), '{"me":{"id":"4917:1@s.whatsapp.net"}}');
  const files = [
    { path: join(root, 'token') },
    { path: join(root, 'all.json'), pointer: '/a/b~1c' },
    { path: join(root, 'wa/*/creds.json') },
    { path: join(root, 'none') },
  ];
  const [token, value, creds, ...rest] = got((await collect({ files })).files);
  assert.deepEqual(rest, []);
  assert.equal(token?.value.masked, digest(VALUE));
  assert.equal(value?.value.masked, digest(VALUE));
  assert.equal(creds?.value.tells?.['whatsapp.id'], '4917:1@s.whatsapp.net');
});

test('a declared file that is absent, a FIFO, a device, a directory and a huge file are unknown at once', async (context) => {
  const root = tree(context);
  execFileSync('mkfifo', [join(root, 'fifo')]);
  writeFileSync(join(root, 'huge'), '');
  truncateSync(join(root, 'huge'), 5 * 2 ** 30);
  for (const file of [
    { path: join(root, 'none'), must: true },
    ...['fifo', 'huge', '.'].map((name) => ({ path: join(root, name) })),
    { path: '/dev/zero' },
  ])
    assert.equal((await collect({ files: [file] })).files.ok, false, file.path);
});

test('an environment file is read as OpenClaw reads it; only names that select something keep their text', async (context) => {
  const root = tree(context);
  const path = write(join(root, '.env'), `# note\nexport A=${VALUE} # more\nB="${VALUE}"\nB=other\nCODEX_HOME=/srv/c\nbad-line\n`);
  const [file] = got((await collect({ envFiles: [{ layer: 'env-file', path }] })).envFiles);
  const masked = (name: string): unknown => (typeof file?.variables[name] === 'object' ? file.variables[name].masked : file?.variables[name]);
  assert.deepEqual([masked('A'), masked('B'), masked('CODEX_HOME')], [digest(VALUE), digest('other'), '/srv/c']);
  assert.match(file?.place.identity ?? '', /^\d+:\d+$/);
});

test('places are told by where they really are, absent ones too', async (context) => {
  const root = tree(context);
  mkdirSync(join(root, 'real'));
  symlinkSync('real', join(root, 'link'));
  const paths = ['link', 'link/none/../other/'].map((name) => ({ what: 'cli:gh', path: `${root}/${name}` }));
  const [linked, absent] = got((await collect({ places: paths })).places);
  assert.deepEqual([linked?.real, linked?.exists], [join(root, 'real'), true]);
  assert.deepEqual([absent?.real, absent?.exists], [join(root, 'real/other'), false]);
});

test('stores are read without leaving a trace, also while somebody writes', async (context) => {
  const root = tree(context);
  const path = join(root, 'agents/main/agent/openclaw-agent.sqlite');
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  const json = JSON.stringify({ profiles: { 'openai:x': { type: 'oauth', provider: 'openai', refresh: VALUE, email: 'desk@a.example' } } });
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE auth_profile_store (store_key TEXT, store_json TEXT, updated_at INTEGER)');
  database.prepare('INSERT INTO auth_profile_store VALUES (?, ?, 1)').run('primary', json);
  const agents = { parent: join(root, 'agents'), more: [] };
  for (const open of [true, false]) {
    if (!open) database.close();
    const before = readdirSync(dirname(path));
    const [profile] = got((await collect({ agents })).stores).profiles;
    assert.deepEqual([profile?.provider, profile?.value.masked, profile?.accounts], ['openai', digest(VALUE), ['desk@a.example']]);
    assert.deepEqual(readdirSync(dirname(path)), before);
  }
});

test('a store that is no database, a view in place of a table and a FIFO are unknown', async (context) => {
  const root = tree(context);
  const state = join(root, 'state.sqlite');
  writeFileSync(state, 'VALUE is no database, and long enough to be looked at as one'.repeat(40));
  assert.equal((await collect({ stateDatabase: state })).stores.ok, false);
  const view = join(root, 'view.sqlite');
  const database = new DatabaseSync(view);
  database.exec(
    'CREATE VIEW mcp_oauth_stores AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i AS store_key, i AS store_json FROM n',
  );
  database.close();
  assert.match(JSON.stringify((await collect({ stateDatabase: view })).stores), /no plain table/);
  execFileSync('mkfifo', [join(root, 'fifo')]);
  assert.equal((await collect({ stateDatabase: join(root, 'fifo') })).stores.ok, false);
});

test('a history tells only that it holds one of the secrets', async (context) => {
  const root = tree(context);
  const history = write(join(root, '.bash_history'), `ls\nopenclaw --token=${VALUE} status\nexport OTHER='VALUE-another-one-altogether'\n`);
  const found = got((await collect({ histories: [history, join(root, 'none')], digests: [digest(VALUE)] })).histories);
  assert.deepEqual(found, [{ file: history, digest: digest(VALUE) }]);
});

test('what the tenant closed to itself is unknown, not empty', { skip: requires({ root: true }) }, async (context) => {
  const root = tree(context);
  chmodSync(root, 0o755);
  const secret = write(join(root, 'closed/token'), VALUE);
  chmodSync(join(root, 'closed'), 0);
  const seen = await collect({ files: [{ path: secret }], agents: { parent: join(root, 'closed/agents'), more: [] } }, NOBODY);
  assert.equal(seen.files.ok, false);
  assert.equal(seen.stores.ok, false);
});

test(
  'a token in a command line is told by its process alone',
  { skip: process.platform === 'linux' ? false : 'needs Linux: it reads /proc' },
  async (context) => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30000)', '--', `--token=${VALUE}`, 'VALUE-something-else-entirely'], {
      stdio: 'ignore',
    });
    context.after(() => child.kill());
    await new Promise((resolve) => child.once('spawn', resolve));
    const { found } = await program('argv-collector', { key: KEY, digests: [digest(VALUE)] }, ArgvCollected);
    assert.deepEqual(
      found.map(({ pid, digest: seen }) => [pid, seen]),
      [[child.pid, digest(VALUE)]],
    );
  },
);
