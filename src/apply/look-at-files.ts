/** Runs on the tenant's host, as the tenant or as root: which files are there, and a keyed digest of each. Decides nothing. */
import { createHmac } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

export interface LookRequest {
  /** Random key of this run, hex: a digest says nothing to anybody who lacks it. */
  readonly key: string;
  readonly paths: readonly string[];
}

/** `missing`, or mode, owner and HMAC-SHA256 (hex) of the content; `odd` when it is no plain file of at most 1 MiB. */
export type FileSeen =
  | { readonly kind: 'missing' }
  | { readonly kind: 'odd'; readonly why: string }
  | { readonly kind: 'file'; readonly digest: string; readonly mode: number; readonly uid: number };

const MAX_BYTES = 1 << 20;

export async function main(request: LookRequest): Promise<Readonly<Record<string, FileSeen>>> {
  return Object.fromEntries(request.paths.map((path) => [path, look(path, request.key)]));
}

function look(path: string, key: string): FileSeen {
  let descriptor: number;
  try {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === 'ELOOP') return { kind: 'odd', why: 'it is a symbolic link' };
    throw error;
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) return { kind: 'odd', why: 'it is not a plain file' };
    if (found.size > MAX_BYTES) return { kind: 'odd', why: 'it is larger than 1 MiB' };
    const content = Buffer.alloc(found.size);
    readSync(descriptor, content, 0, found.size, 0);
    const digest = createHmac('sha256', Buffer.from(key, 'hex')).update(content).digest('hex');
    return { kind: 'file', digest, mode: found.mode & 0o7777, uid: found.uid };
  } finally {
    closeSync(descriptor);
  }
}
