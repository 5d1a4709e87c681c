/** Reads what has no size of its own, such as files of /proc. Travels with the collectors. */
import { closeSync, openSync, readSync } from 'node:fs';

/** Nothing in /proc is read without a bound. */
export function readText(path: string, most: number): string {
  return readOpened(openSync(path, 'r'), path, most);
}

/** Closes it, too. */
export function readOpened(descriptor: number, path: string, most: number): string {
  try {
    const buffer = Buffer.alloc(64 << 10);
    const parts: Buffer[] = [];
    let length = 0;
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      length += read;
      if (length > most) throw new Error(`${path} has more than ${most} bytes`);
      parts.push(Buffer.from(buffer.subarray(0, read)));
    }
    return Buffer.concat(parts).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** It, or the process that it tells of, ended meanwhile. */
export function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}
