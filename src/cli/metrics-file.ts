/** Puts a file in place as a whole: whoever reads it meanwhile sees the old one or the new one. */
import { closeSync, constants, fchmodSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Mode 0644. Never written through a link: what stands at `path` is replaced. Throws Error. */
export function replaceFile(path: string, text: string, pid: number): void {
  // The collector reads *.prom only.
  const next = join(dirname(path), `.${basename(path)}.${pid}.next`);
  rmSync(next, { force: true });
  const file = openSync(next, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    writeSync(file, text);
    fchmodSync(file, 0o644);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}
