import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import * as v from 'valibot';
import { selfContained, sibling } from '../hosts/self-contained.ts';
import { browserStore, COOKIE_HOSTS, pairedNodesQuery } from '../openclaw/stores.ts';
import { StoresCollected } from './network-collected.ts';

/** The schema of openclaw 2026.9.6, the columns that are read. */
const PAIRED = 'CREATE TABLE device_pairing_paired (device_id TEXT NOT NULL PRIMARY KEY, display_name TEXT, role TEXT, roles_json TEXT) STRICT';

function state(context: TestContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-stores-')));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

function collect(root: string, directories: readonly string[] = []): Promise<v.InferOutput<typeof StoresCollected>> {
  const request = { ...browserStore({ state: root }), directories, nodes: pairedNodesQuery({ state: root }), cookies: COOKIE_HOSTS };
  const { args, stdin } = selfContained(sibling(import.meta.url, 'stores-collector'), request);
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [...args], { timeout: 10_000, env: {}, cwd: '/' }, (error, stdout) =>
      error === null ? resolve(v.parse(StoresCollected, JSON.parse(stdout))) : reject(error),
    );
    child.stdin?.end(stdin);
  });
}

function database(path: string, ...statements: readonly string[]): DatabaseSync {
  const made = new DatabaseSync(path);
  for (const statement of statements) made.exec(statement);
  return made;
}

/** A user data directory as Chromium lays it out. */
function profile(root: string, preferences: object): string {
  const directory = join(root, 'browser/openclaw/user-data');
  mkdirSync(join(directory, 'Default'), { recursive: true });
  writeFileSync(join(directory, 'Local State'), JSON.stringify({ profile: { info_cache: { Default: { user_name: 'Bot@Acme.example' } } } }));
  writeFileSync(join(directory, 'Default/Preferences'), JSON.stringify(preferences));
  return directory;
}

function whyOf(seen: { ok: true } | { ok: false; why: string }): string {
  return seen.ok ? 'seen' : seen.why;
}

test('a state without browser and pairings holds none', async (context) => {
  assert.deepEqual(await collect(state(context)), { profiles: { ok: true, value: [] }, nodes: { ok: true, value: [] } });
});

test('accounts, sync, lock and the hosts of cookies are told, values never', async (context) => {
  const root = state(context);
  const directory = profile(root, {
    account_info: [{ email: 'me@gmail.example' }],
    sync: { has_setup_completed: true },
    credentials_enable_service: true,
  });
  symlinkSync('host-123', join(directory, 'SingletonLock'));
  database(
    join(directory, 'Default/Cookies'),
    'CREATE TABLE cookies (host_key TEXT, name TEXT, value TEXT)',
    "INSERT INTO cookies VALUES ('.globex.example','sid','SECRET'),('.globex.example','b','SECRET')",
  ).close();
  const seen = await collect(root);
  assert.ok(!JSON.stringify(seen).includes('SECRET'));
  assert.ok(seen.profiles.ok, whyOf(seen.profiles));
  const [one] = seen.profiles.value;
  assert.deepEqual(one && { ...one, identity: '' }, {
    declared: directory,
    real: directory,
    identity: '',
    lock: 'host-123',
    accounts: ['bot@acme.example', 'me@gmail.example'],
    sync: true,
    passwords: true,
    cookieHosts: ['.globex.example'],
  });
});

test('a database that its program holds for itself is unknown, not empty', async (context) => {
  const root = state(context);
  mkdirSync(join(root, 'state'));
  const rows = `INSERT INTO device_pairing_paired VALUES ('d1','mac','node',NULL),('d2','phone','operator','["operator","node"]'),('d3','web','operator','["operator"]')`;
  const held = database(
    join(root, 'state/openclaw.sqlite'),
    'PRAGMA journal_mode = WAL',
    PAIRED,
    rows,
    'PRAGMA locking_mode = EXCLUSIVE',
    'BEGIN IMMEDIATE',
  );
  context.after(() => held.close());
  const { nodes } = await collect(root);
  assert.match(whyOf(nodes), /held by another program/);
});

test('nodes are told apart from the devices of operators', async (context) => {
  const root = state(context);
  mkdirSync(join(root, 'state'));
  const rows = `INSERT INTO device_pairing_paired VALUES ('d1','mac','node',NULL),('d2',NULL,'operator','["operator","node"]'),('d3','web','operator','["operator"]')`;
  database(join(root, 'state/openclaw.sqlite'), 'PRAGMA journal_mode = WAL', PAIRED, rows).close();
  assert.deepEqual((await collect(root)).nodes, { ok: true, value: [{ device: 'd1', name: 'mac' }, { device: 'd2' }] });
});

test('a view that never ends, a pipe and a link are refused, not followed', async (context) => {
  const root = state(context);
  const directory = profile(root, {});
  const endless = 'CREATE VIEW cookies AS WITH RECURSIVE n(host_key) AS (SELECT 1 UNION ALL SELECT host_key + 1 FROM n) SELECT host_key FROM n';
  database(join(directory, 'Default/Cookies'), endless).close();
  assert.match(whyOf((await collect(root)).profiles), /no plain table/);
  rmSync(join(directory, 'Default/Cookies'));
  execFileSync('mkfifo', [join(directory, 'Default/Cookies')]);
  assert.match(whyOf((await collect(root)).profiles), /not a plain file/);
  rmSync(join(directory, 'Default/Preferences'));
  symlinkSync('/etc/passwd', join(directory, 'Default/Preferences'));
  assert.match(whyOf((await collect(root)).profiles), /ELOOP/);
});

test('a directory that the config names is looked at by where it leads', async (context) => {
  const root = state(context);
  const directory = profile(root, {});
  symlinkSync(directory, join(root, 'other'));
  const { profiles } = await collect(root, [join(root, 'other'), join(root, 'absent')]);
  assert.ok(profiles.ok, whyOf(profiles));
  assert.deepEqual(
    profiles.value.map(({ real }) => real),
    [directory, directory],
  );
});
