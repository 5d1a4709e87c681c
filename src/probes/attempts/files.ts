/** Attempts on files: what the kernel lets this process do with a path. Each opens, looks or makes one thing, and undoes what it made. */
import {
  accessSync,
  closeSync,
  constants,
  linkSync,
  lstatSync,
  openSync,
  opendirSync,
  readSync,
  statSync,
  symlinkSync,
  unlinkSync,
  watch as watchPath,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './code.ts';

/** O_NONBLOCK: a FIFO planted under a path of ours must not hold the probe. */
export function readStart(path: string, bytes = 256): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Counts names, and how many of the regular files among them can be opened; contents and names stay unread. */
export function list(path: string): string {
  const directory = opendirSync(path);
  let names = 0;
  let openable = 0;
  try {
    for (let entry = directory.readSync(); entry !== null && names < 256; entry = directory.readSync()) {
      names += 1;
      if (!entry.isFile()) continue;
      try {
        closeSync(openSync(`${path}/${entry.name}`, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW));
        openable += 1;
      } catch {
        /* Not openable: exactly what is counted. */
      }
    }
  } finally {
    directory.closeSync();
  }
  return `${names} names, ${openable} files can be opened`;
}

export function create(path: string): string {
  closeSync(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600));
  unlinkSync(path);
  return 'created and removed a file';
}

/** A second name for a file, taken away at once. */
export function link(path: string, to: string): string {
  linkSync(path, to);
  unlinkSync(to);
  return 'made and removed a second name for it';
}

/** Reads through a link of its own, which is taken away at once. */
export function readThrough(path: string, link: string): string {
  try {
    symlinkSync(path, link);
  } catch (error) {
    // Nothing was tried then, whatever the reason: it must not look like a refusal.
    throw Object.assign(new Error('no link could be made'), { code: `NO-LINK ${codeOf(error)}` });
  }
  try {
    return readStart(link);
  } finally {
    unlinkSync(link);
  }
}

/** Asks the kernel to tell of every name that is made or changed there, and takes it back. */
export function watch(path: string): string {
  watchPath(path).close();
  return 'is told of what happens there';
}

/** Whether the file could be written, or a directory above it changed, so that something else would lie there. Nothing is made or renamed. */
export function replace(path: string): string {
  const refusals = new Set<string>();
  if (lstatOf(path, refusals)?.isFile() === true && isAllowed(path, constants.W_OK, refusals)) return `may write ${path}`;
  const self = process.getuid?.();
  for (let name = path; name !== '/'; name = dirname(name)) {
    const parent = dirname(name);
    const owner = lstatOf(name, refusals)?.uid;
    if (!isAllowed(parent, constants.W_OK | constants.X_OK, refusals)) continue;
    const { mode, uid } = statSync(parent);
    // In a sticky directory only the owner of a name, or of the directory, may rename it; a name that nothing has yet is free.
    if ((mode & 0o1000) === 0 || owner === undefined || self === owner || self === uid) return `may put another in the place of ${name}`;
    refusals.add('EACCES');
  }
  throw Object.assign(new Error('nothing on the way to it can be changed'), { code: [...refusals].join(',') });
}

function lstatOf(path: string, refusals: Set<string>): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    refusals.add(codeOf(error));
    return undefined;
  }
}

function isAllowed(path: string, mode: number, refusals: Set<string>): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch (error) {
    refusals.add(codeOf(error));
    return false;
  }
}
