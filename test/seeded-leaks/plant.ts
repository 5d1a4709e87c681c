/** The ways in which leaks are planted. Each gives what undoes it. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Client, World } from './world.ts';

type Undo = () => Promise<unknown>;

export async function modes(here: World, mode: string, ...paths: readonly string[]): Promise<Undo> {
  const before = paths.map((path) => (lstatSync(path).mode & 0o7777).toString(8));
  await here.host('chmod', mode, ...paths);
  return async () => {
    for (const [index, path] of paths.entries()) await here.host('chmod', before[index] ?? '', path);
  };
}

/** A file of the owner of the directory that it lies in, 0600; one that is there is put back afterwards. */
export async function file(path: string, text: string, mode = 0o600): Promise<Undo> {
  const before = lstatSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path) : undefined;
  const { uid, gid } = lstatSync(path.slice(0, path.lastIndexOf('/')));
  // In one step: a gateway that watches the file sees it whole.
  const put = (content: string | Buffer): void => {
    const fresh = `${path}.${randomBytes(4).toString('hex')}`;
    writeFileSync(fresh, content, { flag: 'wx' });
    chmodSync(fresh, mode);
    chownSync(fresh, uid, gid);
    renameSync(fresh, path);
  };
  put(text);
  return async () => {
    if (before === undefined) rmSync(path, { force: true });
    else put(before);
  };
}

/** Both states have the same variables, or each its own. */
export async function variables(here: World, text: (tenant: Client) => string): Promise<Undo> {
  return all([await file(here.path('acme', 'state/.env'), text('acme')), await file(here.path('globex', 'state/.env'), text('globex'))]);
}

/** A change of the live config of a tenant, by its top-level keys. */
export async function config(here: World, tenant: Client, change: (config: Record<string, unknown>) => Record<string, unknown>): Promise<Undo> {
  const path = here.path(tenant, 'config/openclaw.json');
  const { mode } = lstatSync(path);
  return file(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)), mode & 0o7777);
}

/** Rows for a table that OpenClaw made; the same columns are filled whatever else it has. */
export async function row(database: string, table: string, values: Readonly<Record<string, string | number>>): Promise<Undo> {
  const names = Object.keys(values);
  const change = (sql: string, ...bound: readonly (string | number)[]): void => {
    const open = new DatabaseSync(database, { timeout: 5000 });
    try {
      open.prepare(sql).run(...bound);
    } finally {
      open.close();
    }
  };
  change(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, ...Object.values(values));
  const [key = '', value = ''] = Object.entries(values)[0] ?? [];
  return async () => change(`DELETE FROM ${table} WHERE ${key} = ?`, value);
}

export function all(undos: readonly Undo[]): Undo {
  return async () => {
    for (const undo of undos.toReversed()) await undo();
  };
}

/** A part of a config; an empty one where there is none. */
export function part(config: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  const value = config[key];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Starts a program that prints a line once it is up; gives what ends it. */
export async function program(argv: readonly [string, ...string[]]): Promise<() => Promise<unknown>> {
  const [name, ...args] = argv;
  const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended`)))]);
  return async () => {
    const ended = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
  };
}
