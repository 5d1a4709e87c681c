/** A service's log: opened for appending by the supervisor, handed to the process, cut when it grows. */
import { closeSync, constants, copyFileSync, fchmodSync, fstatSync, ftruncateSync, lstatSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

export const LOG_BYTES = 10 * 1024 * 1024;

/** File descriptor for appending. Refuses links, other users' files and directories that others can write. */
export function openLog(path: string): number {
  const folder = dirname(path);
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    refuseForeignFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  }
  refuseForeignFolder(folder);
  const fd = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  const stat = fstatSync(fd);
  if (!stat.isFile() || stat.uid !== process.geteuid?.() || stat.nlink !== 1) {
    closeSync(fd);
    throw new Error(`log ${path} is not a plain file of the supervisor's own`);
  }
  fchmodSync(fd, 0o600);
  return fd;
}

function refuseForeignFolder(folder: string): void {
  const stat = lstatSync(folder);
  const own = stat.uid === process.geteuid?.() || stat.uid === 0;
  const sticky = (stat.mode & 0o1000) !== 0;
  if (!stat.isDirectory() || !own || ((stat.mode & 0o022) !== 0 && !sticky))
    throw new Error(`log folder ${folder} is a link or can be written by others`);
}

/**
 * Keeps one older part beside the log. The writers keep their descriptor (a pipe through the supervisor would break when it
 * dies), so the log is copied and cut; lines written between the two steps are lost.
 */
export function rotateLog(path: string, maxBytes = LOG_BYTES): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile() || stat.size <= maxBytes) return false;
  const fd = openLog(path);
  try {
    // A tenant may have set a huge sparse size through its descriptor: such a log is cut without a copy.
    if (stat.size <= 4 * maxBytes) {
      rmSync(`${path}.1`, { force: true });
      copyFileSync(path, `${path}.1`, constants.COPYFILE_EXCL);
    }
    ftruncateSync(fd, 0);
  } finally {
    closeSync(fd);
  }
  return true;
}
