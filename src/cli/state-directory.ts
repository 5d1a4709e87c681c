/** Makes the directory that `--state-dir` names, or says why it cannot be had. */
import { chmodSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { BulkheadError } from '../core/error.ts';

/** Absolute path in, real path out. A directory that is there keeps its mode; a new one gets `mode` whatever the umask. */
export function makeStateDirectory(path: string, mode: number): string {
  try {
    // It stands in /etc/passwd, in lists of paths and in lines of text.
    if (/[:\p{Cc}]/u.test(path)) throw new Error('it may hold no colon and no control character');
    make(path, mode);
    return realpathSync(path);
  } catch (cause) {
    throw new BulkheadError('usage', `the state directory ${path} cannot be had`, 'name another with --state-dir DIR', { cause });
  }
}

/** One level at a time: Node's own recursive mkdir never returns where the kernel refuses a name with ENOENT, as below /proc. */
function make(path: string, mode: number): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  if (found !== undefined) throw new Error(`${path} is not a directory`);
  if (dirname(path) !== path) make(dirname(path), mode);
  mkdirSync(path);
  chmodSync(path, mode);
}

/** The first folder above `path` that other users cannot pass through; undefined when they can reach `path`. */
export function closedAbove(path: string): string | undefined {
  const above = dirname(path);
  if (above === path) return undefined;
  return closedAbove(above) ?? ((statSync(above).mode & 0o001) === 0 ? above : undefined);
}
