/**
 * Runs as a tenant's own OS user over the tenant's files (Node on standard input): identity of each path, hard links, the
 * config with its secrets masked. Decides nothing. Everything it meets was written by the tenant: nothing hangs it, nothing is unbounded.
 */
import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readlinkSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { makeMasker, type Masker, type MaskingRules } from '../openclaw/masking.ts';

export interface TenantRequest {
  /** Random key of this run, hex. */
  readonly key: string;
  readonly paths: readonly { readonly role: string; readonly path: string }[];
  /** Trees that are searched for files with more than one name. */
  readonly roots: readonly string[];
  readonly configFile?: string;
  /** What of the config is a secret, and what may be told of one. */
  readonly rules: MaskingRules;
  readonly limits?: { readonly entries?: number; readonly milliseconds?: number };
}

type Seen<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export interface TenantCollected {
  readonly paths: Seen<readonly PathSeen[]>;
  readonly hardLinks: Seen<readonly { readonly identity: string; readonly path: string }[]>;
  readonly config: Seen<unknown>;
}

const MOST_ENTRIES = 200_000;
const MOST_LINKS = 5_000;
const MOST_MILLISECONDS = 10_000;
const MOST_CONFIG_BYTES = 1 << 20;

export async function main(request: TenantRequest): Promise<TenantCollected> {
  const masker = makeMasker(request.key, request.rules);
  return {
    paths: attempt(() => request.paths.map(({ role, path }) => lookAtPath(role, path))),
    hardLinks: attempt(() => findHardLinks(request)),
    config: attempt(() => (request.configFile === undefined ? null : readConfig(request.configFile, masker))),
  };
}

function attempt<T>(look: () => T): Seen<T> {
  try {
    return { ok: true, value: look() };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message.slice(0, 300) : 'an unnamed error' };
  }
}

interface PathSeen {
  readonly role: string;
  readonly declared: string;
  readonly real: string;
  readonly exists: boolean;
  readonly identity?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** `links`: how many links were taken by their text, because what they name is absent or closed to this tenant. */
function lookAtPath(role: string, declared: string, path = declared, links = 0): PathSeen {
  let rest = '';
  for (let at = path; ; at = at.slice(0, Math.max(at.lastIndexOf('/'), 1))) {
    try {
      const real = realpathSync(at);
      if (rest !== '') return { role, declared, real: `${real === '/' ? '' : real}${rest}`, exists: false };
      const found = statSync(real, { bigint: true });
      return {
        role,
        declared,
        real,
        exists: true,
        identity: `${found.dev}:${found.ino}`,
        mode: Number(found.mode & 0o7777n),
        uid: Number(found.uid),
        gid: Number(found.gid),
      };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // A link into the closed tree of a neighbour must be told as such: what it names, not that it cannot be followed.
      const target = code === 'ENOENT' || code === 'EACCES' ? linkTarget(at) : undefined;
      if (target !== undefined && links < 40) return lookAtPath(role, declared, `${target}${rest}`, links + 1);
      // A backup lies where the tenant may not look. Its own paths it must be able to enter, or nothing is known of them.
      const closed = code === 'EACCES' && (links > 0 || role === 'backup');
      if ((code !== 'ENOENT' && !closed) || at === '/') throw error;
      rest = `${at.slice(at.lastIndexOf('/'))}${rest}`;
    }
  }
}

/** What a symbolic link names, absolute; undefined when it is none or cannot be seen. */
function linkTarget(path: string): string | undefined {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch (error) {
    if (['EINVAL', 'ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Names may be any bytes, so paths are buffers. Links are not followed; what cannot be walked to its end throws. */
function findHardLinks({ roots, limits }: TenantRequest): readonly { readonly identity: string; readonly path: string }[] {
  const found: { identity: string; path: string }[] = [];
  const deadline = Date.now() + (limits?.milliseconds ?? MOST_MILLISECONDS);
  const most = limits?.entries ?? MOST_ENTRIES;
  let entries = 0;
  const todo: Buffer[] = [];
  for (const root of roots) {
    if (lstatSync(root, { throwIfNoEntry: false })?.isDirectory() === true) todo.push(Buffer.from(root));
  }
  for (let directory = todo.pop(); directory !== undefined; directory = todo.pop()) {
    // A live gateway removes directories while we walk.
    for (const path of list(directory)) {
      entries += 1;
      if (entries > most) throw new Error(`there are more than ${most} files; the search for hard links was cut short`);
      if (Date.now() > deadline) throw new Error(`the search for hard links took too long after ${entries} files`);
      const status = lstatSync(path, { bigint: true, throwIfNoEntry: false });
      if (status?.isDirectory() === true) todo.push(path);
      else if (status?.isFile() === true && status.nlink > 1n)
        found.push({ identity: `${status.dev}:${status.ino}`, path: path.toString('utf8').slice(0, 4096) });
      if (found.length > MOST_LINKS) throw new Error(`there are more than ${MOST_LINKS} files with several names`);
    }
  }
  return found;
}

function* list(directory: Buffer): Generator<Buffer> {
  let open;
  try {
    // With `buffer` the names are buffers; the types of Node say otherwise.
    open = opendirSync(directory, { encoding: 'buffer' as BufferEncoding });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    for (let entry = open.readSync(); entry !== null; entry = open.readSync())
      yield Buffer.concat([directory, Buffer.from('/'), entry.name as unknown as Buffer]);
  } finally {
    open.closeSync();
  }
}

/** Never blocks on a FIFO, never reads a device, never more than `most` bytes. */
function readCapped(path: string, most: number, flags: number): string {
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

/** None of its secrets goes any further. */
function readConfig(path: string, masker: Masker): unknown {
  const text = readCapped(path, MOST_CONFIG_BYTES, constants.O_NOFOLLOW);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may hold a secret.
    throw new Error(`${path} is not the plain JSON that was rendered`);
  }
  return masker.config(parsed);
}
