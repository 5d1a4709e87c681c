/** Runs on the tenant's host, as the tenant or as root: puts files in place whole (temporary name, fsync, rename). */
import { closeSync, constants, fchmodSync, fchownSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface FileToPut {
  readonly path: string;
  readonly content: string;
  /** Permission bits, e.g. 0o400. */
  readonly mode: number;
  /** Owner, when it is not the caller. */
  readonly uid?: number;
  readonly gid?: number;
}

export async function main(request: { readonly files: readonly FileToPut[] }): Promise<{ readonly written: readonly string[] }> {
  for (const file of request.files) put(file);
  return { written: request.files.map((file) => file.path) };
}

function put(file: FileToPut): void {
  const temporary = `${file.path}.bulkhead-new`;
  rmSync(temporary, { force: true });
  // O_EXCL and O_NOFOLLOW: a link that somebody put under the temporary name is never written through.
  const descriptor = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    writeSync(descriptor, file.content);
    if (file.uid !== undefined && file.gid !== undefined) fchownSync(descriptor, file.uid, file.gid);
    fchmodSync(descriptor, file.mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file.path);
  const folder = openSync(dirname(file.path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
