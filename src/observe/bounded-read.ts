/** Looks at files that a tenant wrote without hanging on them and without reading more than a limit. Travels with the collectors. */
import { normalize } from 'node:path';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';

/** Throws when it is no plain file or too large. Never blocks on a FIFO. */
export function readBounded(path: string, most: number): string {
  const descriptor = openPlain(path);
  try {
    const text = readFrom(descriptor, null, most + 1);
    if (text.length > most) throw new Error(`${path} has more than ${most} bytes`);
    return text.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** The last `most` bytes. */
export function readEnd(path: string, most: number): string {
  const descriptor = openPlain(path);
  try {
    return readFrom(descriptor, Math.max(fstatSync(descriptor).size - most, 0), most).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

function openPlain(path: string): number {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new Error(`${path} is not a plain file`);
}

function readFrom(descriptor: number, from: number | null, most: number): Buffer {
  const buffer = Buffer.alloc(most);
  let length = 0;
  for (let read = -1; read !== 0 && length < most; length += read)
    read = readSync(descriptor, buffer, length, most - length, from === null ? null : from + length);
  return buffer.subarray(0, length);
}

export function sortOf(path: string): 'absent' | 'file' | 'directory' | 'other' {
  try {
    const found = lstatSync(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    if (isGone(error)) return 'absent';
    throw error;
  }
}

/** Where a path really is: its real path and object, or that of the nearest existing directory above it and the rest. */
export function placeOf(declared: string): {
  readonly declared: string;
  readonly real: string;
  readonly exists: boolean;
  readonly identity?: string;
} {
  let rest = '';
  for (let at = declared; at.startsWith('/'); at = at.slice(0, Math.max(at.lastIndexOf('/'), 1))) {
    try {
      const real = realpathSync(at);
      if (rest !== '') return { declared, real: tidy(`${real}${rest}`), exists: false };
      const found = statSync(real, { bigint: true });
      return { declared, real, exists: true, identity: `${found.dev}:${found.ino}` };
    } catch (error) {
      // What is closed to the tenant is told by its text: it cannot be used through that name.
      if ((!isGone(error) && (error as NodeJS.ErrnoException).code !== 'EACCES') || at === '/') throw error;
      rest = `${at.slice(at.lastIndexOf('/'))}${rest}`;
    }
  }
  return { declared, real: declared, exists: false };
}

/** What does not exist cannot be a link, so its text says where it would be. */
function tidy(path: string): string {
  return normalize(path).replace(/(.)\/+$/, '$1');
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
