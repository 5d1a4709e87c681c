/**
 * Reads tables of an SQLite file that a tenant's programs may have open, and changes nothing: neither the file nor what lies beside it. Travels
 * with the collectors. The tenant wrote all of it: nothing hangs the reader, nothing is unbounded.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** What is read of an SQLite file: columns of one table. */
export interface TableQuery {
  readonly file: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** An SQL condition of ours; all rows when absent. */
  readonly where?: string;
}

export interface TableLimits {
  /** More rows are refused. */
  readonly rows: number;
  /** Characters of one value; longer ones are refused. */
  readonly characters: number;
}

export type Row = Readonly<Record<string, unknown>>;

const MOST_BYTES = 512 << 20;

/** None when the file or the table is absent. A view or a virtual table could run whatever the tenant put into it: it is refused. */
export function readTable({ file, table, columns, where }: TableQuery, { rows, characters }: TableLimits): readonly Row[] {
  const journal = journalOf(file);
  if (journal === 'absent') return [];
  const database = open(file, journal);
  try {
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA mmap_size = 0');
    const kind = database.prepare('SELECT type, sql FROM sqlite_schema WHERE name = ? LIMIT 1').get(table);
    if (kind === undefined) return [];
    if (kind['type'] !== 'table' || !/^CREATE TABLE/i.test(String(kind['sql']))) throw new Error(`${table} in ${file} is no plain table`);
    const select = `SELECT ${columns.join(', ')} FROM ${table}${where === undefined ? '' : ` WHERE ${where}`} LIMIT ${rows + 1}`;
    const found = database.prepare(select).all();
    if (found.length > rows) throw new Error(`${table} in ${file} has more than ${rows} rows`);
    if (found.some((row) => Object.values(row).some((value) => typeof value === 'string' && value.length > characters)))
      throw new Error(`${table} in ${file} has a value of more than ${characters} characters`);
    return found;
  } finally {
    database.close();
  }
}

/** Whether changes go to a log beside the file first. Source: sqlite.org/fileformat2.html, the file format versions at offset 18. */
function journalOf(file: string): 'absent' | 'log' | 'none' {
  if (!isThere(file)) return 'absent';
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const { size } = fstatSync(descriptor);
    if (size > MOST_BYTES) throw new Error(`${file} has more than ${MOST_BYTES} bytes`);
    const header = Buffer.alloc(20);
    readSync(descriptor, header, 0, header.length, 0);
    return header[18] === 2 ? 'log' : 'none';
  } finally {
    closeSync(descriptor);
  }
}

/**
 * A reader of a file with a log marks in the index beside it (`-shm`) how far it reads, and makes log and index where there are none; `readonly_shm`
 * keeps it from that. Source: sqlite.org/wal.html (read-only databases), unixOpenSharedMemory in SQLite's os_unix.c.
 */
function open(file: string, journal: 'log' | 'none'): DatabaseSync {
  const [log, index] = [`${file}-wal`, `${file}-shm`];
  const unwritten = isThere(log) ? lstatSync(log).size : 0;
  if (journal === 'none') {
    try {
      return opened(file, {});
    } catch {
      // A browser holds it alone: its file is read as it lies there.
      return opened(file, { immutable: '1' });
    }
  }
  if (unwritten === 0) return opened(file, { immutable: '1' });
  if (!isThere(index)) throw new Error(`${file} is held by another program, or was copied with its log and without the index of it`);
  try {
    return opened(file, { readonly_shm: '1' });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'an unnamed error';
    throw new Error(`${file} is held by another program, or damaged: ${why}`, { cause: error });
  }
}

function opened(file: string, options: Readonly<Record<string, string>>): DatabaseSync {
  const url = pathToFileURL(file);
  for (const [name, value] of Object.entries({ mode: 'ro', ...options })) url.searchParams.set(name, value);
  const database = new DatabaseSync(url, { readOnly: true, allowExtension: false, timeout: 1000 });
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite would open whatever lies there, and wait for ever for the other end of a FIFO. */
function isThere(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (!found.isFile()) throw new Error(`${path} is not a plain file`);
  return true;
}
