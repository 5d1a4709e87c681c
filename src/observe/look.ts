/**
 * Looking at paths that a tenant may have had a hand in: travels with the collectors to where they run (hosts/self-contained.ts). Nothing hangs
 * it, nothing is unbounded; what cannot be seen throws.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export interface PathSeen {
  readonly declared: string;
  readonly real: string;
  /** `real` with the names in lower case that a file system takes for equal; absent where none does. */
  readonly folded?: string;
  /** What says that a program copies the directory to other machines. */
  readonly synced?: string;
  readonly exists: boolean;
  readonly identity?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** `elsewhere`: what lies behind a closed directory is told by its text. A tenant must be able to enter its own, or nothing is known of it. */
export type LookAtPath = (declared: string, elsewhere?: boolean) => PathSeen;

/** Remembers what it found on the way: all paths of a tenant lie below the same few directories. */
export function makeLookAtPath(): LookAtPath {
  const traits = makeTraits();
  /** `links`: how many links were taken by their text, because what they name is absent or closed to this tenant. */
  const along = (declared: string, elsewhere: boolean, path: string, links: number): PathSeen => {
    let rest = '';
    for (let at = path; ; at = at.slice(0, Math.max(at.lastIndexOf('/'), 1))) {
      try {
        const real = realpathSync(at);
        if (rest !== '') {
          const absent = `${real === '/' ? '' : real}${rest}`;
          return { declared, real: absent, ...traits(absent), exists: false };
        }
        const found = statSync(real, { bigint: true });
        const identity = `${found.dev}:${found.ino}`;
        const [mode, uid, gid] = [Number(found.mode & 0o7777n), Number(found.uid), Number(found.gid)];
        return { declared, real, ...traits(real), exists: true, identity, mode, uid, gid };
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        // A link into the closed tree of a neighbour must be told as such: what it names, not that it cannot be followed.
        const target = code === 'ENOENT' || code === 'EACCES' ? linkTarget(at) : undefined;
        if (target !== undefined && links < 40) return along(declared, elsewhere, `${target}${rest}`, links + 1);
        const closed = code === 'EACCES' && (links > 0 || elsewhere);
        if ((code !== 'ENOENT' && !closed) || at === '/') throw error;
        rest = `${at.slice(at.lastIndexOf('/'))}${rest}`;
      }
    }
  };
  return (declared, elsewhere = false) => along(declared, elsewhere, declared, 0);
}

/** What a symbolic link names, absolute; undefined when it is none or cannot be seen. */
export function linkTarget(path: string): string | undefined {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch (error) {
    if (['EINVAL', 'ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** File systems that take `A` for `a` throughout: FAT, exFAT, NTFS (both drivers), SMB (both versions), HFS+, APFS. Source: statfs(2), their drivers. */
const FOLDING = new Set([0x4d44, 0x2011bab0, 0x5346544e, 0x7366746e, 0xff534d42, 0xfe534d42, 0x482b, 0x1a]);
/** What programs that copy a directory elsewhere leave at its top. */
const MARKERS = ['.stfolder', '.dropbox.cache', '.nextcloudsync.log', '.owncloudsync.log', '.tmp.driveupload'];

function makeTraits(): (real: string) => Pick<PathSeen, 'folded' | 'synced'> {
  const folding = new Map<string, boolean>();
  const markers = new Map<string, string | undefined>();
  /** Whether the directory finds `name` in the other case too. Where nothing has that name yet: as the directory above, or as its file system says. */
  const folds = (parent: string, name: string, above: boolean): boolean => {
    const path = `${parent}/${name}`;
    const before = folding.get(path);
    if (before !== undefined) return before;
    const own = identityOf(path);
    const other = swapped(name);
    const told = own !== undefined && other !== name;
    const answer = told ? identityOf(`${parent}/${other}`) === own : above || FOLDING.has(typeOf(parent === '' ? '/' : parent));
    folding.set(path, answer);
    return answer;
  };
  const markerIn = (directory: string): string | undefined => {
    if (!markers.has(directory)) {
      const found = MARKERS.map((name) => `${directory}/${name}`).find((path) => identityOf(path) !== undefined);
      markers.set(directory, found);
    }
    return markers.get(directory);
  };
  return (real) => {
    let [parent, folded, inFolding, anyFolds] = ['', '', false, false];
    let synced: string | undefined;
    for (const name of real.split('/').slice(1)) {
      inFolding = folds(parent, name, inFolding);
      anyFolds ||= inFolding;
      folded += `/${inFolding ? name.toLowerCase() : name}`;
      parent = `${parent}/${name}`;
      synced = markerIn(parent) ?? synced;
    }
    return { ...(anyFolds ? { folded } : {}), ...(synced === undefined ? {} : { synced }) };
  };
}

function identityOf(path: string): string | undefined {
  try {
    const found = lstatSync(path, { bigint: true });
    return `${found.dev}:${found.ino}`;
  } catch {
    // Absent, or closed to this tenant: then nothing is said of it.
    return undefined;
  }
}

function typeOf(path: string): number {
  try {
    return statfsSync(path).type >>> 0;
  } catch {
    return 0; // Absent, or closed: its own parent has been asked.
  }
}

function swapped(name: string): string {
  return [...name].map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join('');
}

/** Never blocks on a FIFO, never reads a device, never more than `most` bytes. */
export function readCapped(path: string, most: number, flags: number): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error(`${path} is not a plain file`);
    const buffer = Buffer.alloc(most + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= most; length += read) read = readSync(descriptor, buffer, length, most + 1 - length, null);
    if (length > most) throw new Error(`${path} has more than ${most} bytes`);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}
