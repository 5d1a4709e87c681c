/** Opens the state file: private, durable, of the newest schema. Turns SQLite's failures into what to do next. */
import { closeSync, constants, fchmodSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BulkheadError } from '../core/error.ts';

export interface Database {
  /** Runs `body`; SQLite's errors come out as BulkheadError `host` that names the file and what to do. */
  guarded<T>(body: (db: DatabaseSync) => T): T;
  /** As `guarded`, in one write transaction: all or nothing, durable when it returns. */
  writing<T>(body: (db: DatabaseSync) => T): T;
  close(): void;
}

/** Marks the file as ours (PRAGMA application_id): `bhd1`. */
const APPLICATION_ID = 0x62686431;
/** How long a writer waits for another process's transaction; each takes milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

/** Applied in order; the number of those applied is PRAGMA user_version. Never edit one that was released: append. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE port_lease (tenant TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
   CREATE TABLE apply_lease (one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT NOT NULL) STRICT;
   CREATE TABLE receipt (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, step TEXT NOT NULL, tenant TEXT, title TEXT NOT NULL,
     argv TEXT NOT NULL, outcome TEXT NOT NULL, exit INTEGER, started_at TEXT NOT NULL, duration_ms INTEGER NOT NULL) STRICT;
   CREATE INDEX receipt_by_run ON receipt (run_id);
   CREATE INDEX receipt_by_tenant ON receipt (tenant);
   CREATE TABLE verification (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT, stored_at TEXT NOT NULL, report TEXT NOT NULL,
     previous TEXT NOT NULL, sha256 TEXT NOT NULL UNIQUE) STRICT;`,
  `CREATE TABLE quarantine (tenant TEXT PRIMARY KEY, since TEXT NOT NULL, by TEXT NOT NULL, evidence TEXT NOT NULL) STRICT;`,
  `ALTER TABLE receipt ADD COLUMN host TEXT;
   ALTER TABLE port_lease ADD COLUMN host TEXT;`,
  `CREATE TABLE adoption (tenant TEXT PRIMARY KEY, cell TEXT NOT NULL, data TEXT NOT NULL, since TEXT NOT NULL, finished TEXT) STRICT;`,
];

/** Creates the file (0600) and its directory (0700) when absent. Throws BulkheadError `host`. */
export function openDatabase(path: string): Database {
  const db = guard(path, () => {
    makePrivate(path);
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  });
  try {
    guard(path, () => prepare(db, path));
  } catch (error) {
    db.close();
    throw error;
  }
  return {
    guarded: (body) => guard(path, () => body(db)),
    writing: (body) => guard(path, () => transaction(db, body)),
    close: () => db.close(),
  };
}

/** SQLite gives its -wal and -shm files the mode of the main file, so that one decides. */
function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new BulkheadError('host', `the state file ${path} is not a regular file`, `look at it: ls -l ${path}`);
    if ((found.mode & 0o777) !== 0o600) fchmodSync(file, 0o600);
  } finally {
    closeSync(file);
  }
}

function prepare(db: DatabaseSync, path: string): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;');
  if (numberOf(db, 'user_version') === MIGRATIONS.length && numberOf(db, 'application_id') === APPLICATION_ID) return;
  transaction(db, () => migrate(db, path));
}

/** Looks again inside the transaction: another process may have migrated meanwhile. */
function migrate(db: DatabaseSync, path: string): void {
  const version = numberOf(db, 'user_version');
  const isNew = version === 0 && db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (!isNew && numberOf(db, 'application_id') !== APPLICATION_ID) {
    throw new BulkheadError('host', `${path} is not a state file of Bulkhead`, 'name another state directory with --state-dir');
  }
  if (version > MIGRATIONS.length) {
    throw new BulkheadError(
      'host',
      `${path} was written by a newer Bulkhead (schema ${version}, this one knows ${MIGRATIONS.length})`,
      'use the newer Bulkhead',
    );
  }
  for (const migration of MIGRATIONS.slice(version)) db.exec(migration);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length};`);
}

function numberOf(db: DatabaseSync, pragma: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

/** IMMEDIATE takes the write lock first: two processes wait for each other instead of failing half-way. */
function transaction<T>(db: DatabaseSync, body: (db: DatabaseSync) => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = body(db);
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back after some errors (full disk).
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function guard<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw translate(path, error);
  }
}

/** What a failure says and what to do next, by SQLite's primary result code (https://www.sqlite.org/rescode.html) or errno. */
function explain(code: number | string | undefined, path: string): readonly [message: string, hint: string] | undefined {
  const look = `ls -l ${dirname(path)}`;
  switch (code) {
    case 13: // SQLITE_FULL
    case 'ENOSPC':
      return [`no space is left for the state file ${path}; nothing was written`, `df -h ${dirname(path)}`];
    case 10: // SQLITE_IOERR
      return [`the disk refused to read or write the state file ${path}`, `df -h ${dirname(path)}`];
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return [`the state file ${path} is damaged`, `restore it from a backup, or set it aside: mv ${path} ${path}.damaged`];
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return [`another program keeps the state file ${path} locked`, `see who: fuser -v ${path}`];
    case 3: // SQLITE_PERM
    case 8: // SQLITE_READONLY
    case 'EROFS':
      return [`the state file ${path} cannot be written`, look];
    case 'EACCES':
    case 'EPERM':
      return [`the state file ${path} belongs to somebody else`, 'run as the user who made it, or name another one with --state-dir'];
    case 14: // SQLITE_CANTOPEN
    case 'EEXIST':
    case 'EISDIR':
    case 'ELOOP':
    case 'ENOTDIR':
    case 'ENXIO':
      return [`the state file ${path} cannot be opened`, look];
    default:
      return undefined;
  }
}

function translate(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof BulkheadError) return cause;
  const primary = 'errcode' in cause && typeof cause.errcode === 'number' ? cause.errcode & 0xff : undefined;
  const errno = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const explained = explain(primary ?? errno, path);
  return explained === undefined ? cause : new BulkheadError('host', ...explained, { cause });
}
