/**
 * Runs as a tenant's own OS user over what lies in its state (Node on standard input): browser profiles and paired nodes. Reads names, never
 * the value of a cookie, login or token. Decides nothing. The tenant wrote all of it: nothing hangs it, nothing is unbounded.
 */
import { closeSync, constants, fstatSync, openSync, readdirSync, readlinkSync, readSync, realpathSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export interface StoresRequest {
  /** Holds one directory per managed browser profile, with `userData` in each. */
  readonly browserDir: string;
  readonly userData: string;
  /** Further user data directories. */
  readonly directories: readonly string[];
  readonly nodes: Query;
  readonly cookies: Omit<Query, 'file'>;
}

/** What is read of an SQLite file: columns of one table. */
interface Query {
  readonly file: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly where?: string;
}

type Seen<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

interface ProfileSeen {
  readonly declared: string;
  readonly real: string;
  readonly identity: string;
  readonly lock?: string;
  readonly accounts: readonly string[];
  readonly sync: boolean;
  readonly passwords: boolean;
  readonly cookieHosts: readonly string[];
}
export interface StoresCollected {
  readonly profiles: Seen<readonly ProfileSeen[]>;
  readonly nodes: Seen<readonly { readonly device: string; readonly name?: string }[]>;
}

const MOST_PROFILES = 50;
const MOST_ROWS = 50_000;
const MOST_NAMES = 2_000;
const MOST_JSON_BYTES = 8 << 20;
const MOST_DATABASE_BYTES = 512 << 20;

export async function main(request: StoresRequest): Promise<StoresCollected> {
  return { profiles: attempt(() => profiles(request)), nodes: attempt(() => nodes(request.nodes)) };
}

function attempt<T>(look: () => T): Seen<T> {
  try {
    return { ok: true, value: look() };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message.slice(0, 300) : 'an unnamed error' };
  }
}

function profiles({ browserDir, userData, directories, cookies }: StoresRequest): readonly ProfileSeen[] {
  const managed = orAbsent(() => readdirSync(browserDir)) ?? [];
  const all = [...managed.map((name) => `${browserDir}/${name}/${userData}`), ...directories];
  if (all.length > MOST_PROFILES) throw new Error(`there are more than ${MOST_PROFILES} browser profiles`);
  return all.flatMap((declared) => {
    const real = orAbsent(() => realpathSync(declared));
    const found = real === undefined ? undefined : statSync(real, { bigint: true });
    if (real === undefined || found?.isDirectory() !== true) return [];
    const lock = orAbsent(() => readlinkSync(`${real}/SingletonLock`))?.slice(0, 300);
    return [{ declared, real, identity: `${found.dev}:${found.ino}`, ...(lock === undefined ? {} : { lock }), ...contents(real, cookies) }];
  });
}

/** Source: Chromium's chrome/browser/profiles/profile_attributes_storage.cc (info_cache) and pref_names.h (account_info, sync, credentials). */
function contents(directory: string, cookies: StoresRequest['cookies']): Omit<ProfileSeen, 'declared' | 'real' | 'identity' | 'lock'> {
  const cache = object(object(readJson(`${directory}/Local State`), 'profile'), 'info_cache');
  const names = [...new Set(['Default', ...Object.keys(cache)])].filter((name) => /^[\w][\w .-]{0,63}$/.test(name)).slice(0, 20);
  const accounts = new Set<string>();
  const hosts = new Set<string>();
  let [sync, passwords] = [false, false];
  for (const entry of Object.values(cache)) add(accounts, object({ entry }, 'entry')['user_name']);
  for (const name of names) {
    const preferences = readJson(`${directory}/${name}/Preferences`);
    const infos = preferences['account_info'];
    for (const info of Array.isArray(infos) ? infos : []) add(accounts, object({ info }, 'info')['email']);
    const wanted = object(preferences, 'sync');
    sync ||= wanted['has_setup_completed'] === true || wanted['requested'] === true;
    passwords ||= preferences['credentials_enable_service'] === true;
    for (const file of [`${directory}/${name}/Cookies`, `${directory}/${name}/Network/Cookies`])
      for (const { host_key: host } of rows({ ...cookies, file }))
        if (typeof host === 'string' && hosts.size < MOST_NAMES) hosts.add(host.slice(0, 255));
  }
  return { accounts: [...accounts].slice(0, 200), sync, passwords, cookieHosts: [...hosts] };
}

function add(accounts: Set<string>, value: unknown): void {
  if (typeof value === 'string' && /^[^\s@]{1,128}@[^\s@]{1,253}$/.test(value)) accounts.add(value.toLowerCase());
}

function nodes(query: Query): readonly { readonly device: string; readonly name?: string }[] {
  const [device = '', name = ''] = query.columns;
  return rows(query).flatMap((row) => {
    const [id, called] = [row[device], row[name]];
    if (typeof id !== 'string') return [];
    return [{ device: id.slice(0, 300), ...(typeof called === 'string' ? { name: called.slice(0, 300) } : {}) }];
  });
}

/** Rows of a plain table, none when the file or the table is absent. A view could make the reader work for ever: it is refused. */
function rows({ file, table, columns, where }: Query): readonly Readonly<Record<string, unknown>>[] {
  if (orAbsent(() => isPlain(file)) === undefined) return [];
  const database = open(file);
  try {
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA mmap_size = 0');
    const kind = database.prepare('SELECT type, sql FROM sqlite_schema WHERE name = ? LIMIT 1').get(table);
    if (kind === undefined) return [];
    if (kind['type'] !== 'table' || !/^CREATE TABLE/i.test(String(kind['sql']))) throw new Error(`${table} in ${file} is no plain table`);
    const select = `SELECT ${columns.join(', ')} FROM ${table}${where === undefined ? '' : ` WHERE ${where}`} LIMIT ${MOST_ROWS + 1}`;
    const found = database.prepare(select).all();
    if (found.length > MOST_ROWS) throw new Error(`${table} in ${file} has more than ${MOST_ROWS} rows`);
    return found;
  } finally {
    database.close();
  }
}

/** A running browser may hold it: then its file is read as it lies there, unless part of it is still in a log beside it. */
function open(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { readOnly: true, allowExtension: false, timeout: 1000 });
    try {
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch {
    if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) throw new Error(`${file} is held by another program`);
    return new DatabaseSync(new URL(`file://${file.split('/').map(encodeURIComponent).join('/')}?immutable=1`), {
      readOnly: true,
      allowExtension: false,
    });
  }
}

function isPlain(path: string): true {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw new Error(`${path} is not a plain file`);
    if (found.size > MOST_DATABASE_BYTES) throw new Error(`${path} has more than ${MOST_DATABASE_BYTES} bytes`);
    return true;
  } finally {
    closeSync(descriptor);
  }
}

function readJson(path: string): Readonly<Record<string, unknown>> {
  const text = orAbsent(() => readCapped(path));
  if (text === undefined) return {};
  try {
    return object({ parsed: JSON.parse(text) as unknown }, 'parsed');
  } catch {
    throw new Error(`${path} is not JSON`);
  }
}

function readCapped(path: string): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const { size } = fstatSync(descriptor);
    if (!fstatSync(descriptor).isFile()) throw new Error(`${path} is not a plain file`);
    if (size > MOST_JSON_BYTES) throw new Error(`${path} has more than ${MOST_JSON_BYTES} bytes`);
    const buffer = Buffer.alloc(size);
    let length = 0;
    for (let read = -1; read !== 0 && length < size; length += read) read = readSync(descriptor, buffer, length, size - length, null);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}

function object(of: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const value = Object.hasOwn(of, name) ? of[name] : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** What a look gives, or undefined when there is nothing there. Any other failure is one. */
function orAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
