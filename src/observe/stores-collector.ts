/**
 * Runs as a tenant's own OS user over what lies in its state (Node on standard input): browser profiles and paired nodes. Reads names, never
 * the value of a cookie, login or token. Decides nothing. The tenant wrote all of it: nothing hangs it, nothing is unbounded.
 */
import { constants, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { readCapped } from './look.ts';
import { attempt, type Seen } from './seen.ts';
import { readTable, type TableQuery } from './tenant-database.ts';

export interface StoresRequest {
  /** Holds one directory per managed browser profile, with `userData` in each. */
  readonly browserDir: string;
  readonly userData: string;
  /** Further user data directories. */
  readonly directories: readonly string[];
  readonly nodes: TableQuery;
  readonly cookies: Omit<TableQuery, 'file'>;
}

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
const LIMITS = { rows: 50_000, characters: 1 << 20 };
const MOST_NAMES = 2_000;
const MOST_JSON_BYTES = 8 << 20;

export async function main(request: StoresRequest): Promise<StoresCollected> {
  return { profiles: attempt(() => profiles(request)), nodes: attempt(() => nodes(request.nodes)) };
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
      for (const { host_key: host } of readTable({ ...cookies, file }, LIMITS))
        if (typeof host === 'string' && hosts.size < MOST_NAMES) hosts.add(host.slice(0, 255));
  }
  return { accounts: [...accounts].slice(0, 200), sync, passwords, cookieHosts: [...hosts] };
}

function add(accounts: Set<string>, value: unknown): void {
  if (typeof value === 'string' && /^[^\s@]{1,128}@[^\s@]{1,253}$/.test(value)) accounts.add(value.toLowerCase());
}

function nodes(query: TableQuery): readonly { readonly device: string; readonly name?: string }[] {
  const [device = '', name = ''] = query.columns;
  return readTable(query, LIMITS).flatMap((row) => {
    const [id, called] = [row[device], row[name]];
    if (typeof id !== 'string') return [];
    return [{ device: id.slice(0, 300), ...(typeof called === 'string' ? { name: called.slice(0, 300) } : {}) }];
  });
}

function readJson(path: string): Readonly<Record<string, unknown>> {
  const text = orAbsent(() => readCapped(path, MOST_JSON_BYTES, constants.O_NOFOLLOW));
  if (text === undefined) return {};
  try {
    return object({ parsed: JSON.parse(text) as unknown }, 'parsed');
  } catch {
    throw new Error(`${path} is not JSON`);
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
