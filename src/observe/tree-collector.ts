/**
 * Runs as a tenant's own OS user over its tree (Node on standard input): names of one file, links that lead out, who may pass, and what only a
 * copied state has in common. Decides nothing. The tenant wrote all of it: nothing hangs it, nothing is unbounded.
 */
import { createHmac } from 'node:crypto';
import { constants, lstatSync, opendirSync, realpathSync } from 'node:fs';
import type { PromptRequest } from '../openclaw/prompts.ts';
import { forbiddingLines, type PromptLineSeen } from './prompt-lines.ts';
import { linkTarget, makeLookAtPath, readCapped, type LookAtPath } from './look.ts';
import { printedBy } from './printed-by.ts';
import { attempt, type Seen } from './seen.ts';
import { readTable } from './tenant-database.ts';

export interface TreeRequest {
  /** Random key of this run, hex. */
  readonly key: string;
  /** Trees that are walked. */
  readonly roots: readonly string[];
  /** What nobody else may read, write or enter. */
  readonly closed: readonly { readonly what: string; readonly path: string }[];
  readonly databases: readonly string[];
  /** What a state is known by: columns of tables in an SQLite file, or the text of a file. */
  readonly marks: readonly { readonly what: string; readonly file: string; readonly table?: string; readonly columns?: readonly string[] }[];
  readonly prompts?: PromptRequest;
  readonly limits?: { readonly entries?: number; readonly milliseconds?: number };
}

export interface TreeCollected {
  readonly hardLinks: Seen<readonly { readonly identity: string; readonly path: string }[]>;
  readonly links: Seen<readonly { readonly path: string; readonly real: string }[]>;
  readonly access: Seen<{ readonly objects: Readonly<Record<string, AccessSeen>>; readonly closed: TreeRequest['closed'] }>;
  readonly prompts: Seen<readonly PromptLineSeen[]>;
  readonly stores: Seen<{
    readonly databases: readonly { readonly path: string; readonly identity: string }[];
    readonly marks: readonly { readonly what: string; readonly digest: string }[];
  }>;
}

const MOST_ENTRIES = 200_000;
const MOST_LINKS = 5_000;
const MOST_MILLISECONDS = 10_000;
const LIMITS = { rows: 1000, characters: 1 << 20 };

export async function main(request: TreeRequest): Promise<TreeCollected> {
  const look = makeLookAtPath();
  const walked = attempt(() => walk(request, look));
  return {
    hardLinks: walked.ok ? { ok: true, value: walked.value.hardLinks } : walked,
    links: walked.ok ? { ok: true, value: walked.value.links } : walked,
    access: attempt(() => access(request.closed, look)),
    prompts: attempt(() => (request.prompts === undefined ? [] : forbiddingLines(request.prompts))),
    stores: attempt(() => ({
      databases: request.databases.flatMap((path) => identitiesBeside(path)),
      marks: request.marks.flatMap((mark) => marksOf(mark, Buffer.from(request.key, 'hex'))),
    })),
  };
}

/** Names may be any bytes, so paths are buffers. Links are not followed; what cannot be walked to its end throws. */
function walk(
  { roots, limits }: TreeRequest,
  look: LookAtPath,
): { hardLinks: { identity: string; path: string }[]; links: { path: string; real: string }[] } {
  const hardLinks: { identity: string; path: string }[] = [];
  const links: { path: string; real: string }[] = [];
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
      if (entries > most) throw new Error(`there are more than ${most} files; the search of the tree was cut short`);
      if (Date.now() > deadline) throw new Error(`the search of the tree took too long after ${entries} files`);
      const status = lstatSync(path, { bigint: true, throwIfNoEntry: false });
      if (status?.isDirectory() === true) todo.push(path);
      else if (status?.isFile() === true && status.nlink > 1n) hardLinks.push({ identity: `${status.dev}:${status.ino}`, path: shown(path) });
      else if (status?.isSymbolicLink() === true) links.push(...leadingOut(shown(path), roots, look));
      if (hardLinks.length > MOST_LINKS) throw new Error(`there are more than ${MOST_LINKS} files with several names`);
      if (links.length > MOST_LINKS) throw new Error(`there are more than ${MOST_LINKS} links that lead out of the tree`);
    }
  }
  return { hardLinks, links };
}

function shown(path: Buffer): string {
  return path.toString('utf8').slice(0, 4096);
}

/** A link by whose text it stays inside is no news: where it leads by way of another link, that one is told. */
function leadingOut(path: string, roots: readonly string[], look: LookAtPath): readonly { path: string; real: string }[] {
  const target = linkTarget(path);
  const isInside = (where: string): boolean => roots.some((root) => where === root || where.startsWith(`${root}/`));
  if (target === undefined || isInside(target)) return [];
  const seen = attempt(() => look(target, true).real);
  // A link that goes round in a circle leads nowhere; its text is told.
  const real = (seen.ok ? seen.value : target).slice(0, 4096);
  return isInside(real) ? [] : [{ path, real }];
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

interface AccessSeen {
  readonly kind: 'directory' | 'file';
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly groupBits: number;
  readonly named: readonly { readonly to: 'user' | 'group'; readonly id: number; readonly bits: number }[];
  readonly inherited?: { readonly named: AccessSeen['named']; readonly groupBits: number; readonly otherBits: number };
}

/** Every closed path that exists and every directory above it, by real path. */
function access(closed: TreeRequest['closed'], look: LookAtPath): { objects: Record<string, AccessSeen>; closed: TreeRequest['closed'] } {
  const found = closed.map(({ what, path }) => ({ what, path: look(path).real }));
  const paths = new Set<string>(['/']);
  for (const { path } of found) for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) paths.add(at);
  const there = [...paths].flatMap((path) => {
    const status = lstatSync(path, { throwIfNoEntry: false });
    return status === undefined || status.isSymbolicLink() ? [] : [{ path, status }];
  });
  const lists = accessControlLists(there.map(({ path }) => path));
  const objects = there.map(({ path, status }, at): [string, AccessSeen] => {
    const [own, inherited] = lists[at] ?? [];
    const { mode, uid, gid } = status;
    const kind = status.isDirectory() ? 'directory' : 'file';
    const granted = { named: own?.named ?? [], groupBits: own?.groupBits ?? (mode >> 3) & 7 };
    return [path, { kind, uid, gid, mode: mode & 0o7777, ...granted, ...(inherited === undefined ? {} : { inherited }) }];
  });
  return { objects: Object.fromEntries(objects), closed: found };
}

interface AclSeen {
  readonly named: AccessSeen['named'];
  readonly groupBits: number;
  readonly otherBits: number;
}

/**
 * NUMBER on the command line, paths on standard input, each ended by a zero byte: prints the two lists of each in hex. Node has no call for
 * extended attributes, perl-base has every system call. Source: getxattr(2); absent is ENODATA, not supported EOPNOTSUPP.
 */
const READ_LISTS = `use strict; use warnings; use Errno qw(ENODATA EOPNOTSUPP); my $nr=shift @ARGV; local $/="\\0";
while(my $p=<STDIN>){ chomp $p; for my $kind ('access','default'){ my $name="system.posix_acl_$kind"; my $b="\\0"x65536; my $n=syscall($nr+0,$p,$name,$b,65536);
if($n<0){ $!==ENODATA || $!==EOPNOTSUPP or die "$p: $!\\n"; print "-" } else { print unpack('H*',substr($b,0,$n)) } print "\\n" } }`;

/** System call getxattr: arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h. */
const GETXATTR: Readonly<Record<string, number>> = { x64: 191, arm64: 8 };

function accessControlLists(paths: readonly string[]): readonly (readonly [AclSeen | undefined, AclSeen | undefined])[] {
  const number = process.platform === 'linux' ? GETXATTR[process.arch] : undefined;
  if (number === undefined) throw new Error(`access control lists cannot be read on ${process.platform} ${process.arch}`);
  let text;
  try {
    text = printedBy('/usr/bin/perl', ['-e', READ_LISTS, String(number)], { input: paths.map((path) => `${path}\0`).join('') });
  } catch (error) {
    throw new Error(`access control lists could not be read: ${error instanceof Error ? error.message.trim().split('\n').at(-1) : ''}`);
  }
  const lines = text.split('\n');
  return paths.map((_, at) => [listOf(lines[2 * at]), listOf(lines[2 * at + 1])]);
}

/** Source: include/uapi/linux/posix_acl_xattr.h: version 2, then entries of tag, permissions and id. */
function listOf(hex: string | undefined): AclSeen | undefined {
  if (hex === '-') return undefined;
  if (hex === undefined || !/^02000000(?:[0-9a-f]{16})*$/.test(hex)) throw new Error('an access control list is not as expected');
  const bytes = Buffer.from(hex, 'hex');
  const entries: { tag: number; bits: number; id: number }[] = [];
  for (let at = 4; at < bytes.length; at += 8)
    entries.push({ tag: bytes.readUInt16LE(at), bits: bytes.readUInt16LE(at + 2), id: bytes.readUInt32LE(at + 4) });
  const bitsOf = (tag: number): number | undefined => entries.find((entry) => entry.tag === tag)?.bits;
  const mask = bitsOf(0x10) ?? 7;
  const named = entries.flatMap(({ tag, bits, id }) =>
    tag === 0x02 || tag === 0x08 ? [{ to: tag === 0x02 ? ('user' as const) : ('group' as const), id, bits: bits & mask }] : [],
  );
  return { named, groupBits: (bitsOf(0x04) ?? 0) & mask, otherBits: bitsOf(0x20) ?? 0 };
}

function identitiesBeside(path: string): readonly { path: string; identity: string }[] {
  return ['', '-wal', '-shm'].flatMap((ending) => {
    const real = orAbsent(() => realpathSync(`${path}${ending}`));
    const found = real === undefined ? undefined : lstatSync(real, { bigint: true, throwIfNoEntry: false });
    return real === undefined || found === undefined ? [] : [{ path: real, identity: `${found.dev}:${found.ino}` }];
  });
}

function marksOf(mark: TreeRequest['marks'][number], key: Buffer): readonly { what: string; digest: string }[] {
  const { file, table, columns = [] } = mark;
  const texts = table === undefined ? [orAbsent(() => readCapped(file, 64 << 10, constants.O_NOFOLLOW)) ?? ''] : rows(file, table, columns);
  const digest = (text: string): string => createHmac('sha256', key).update(`${mark.what}\0${text}`).digest('hex');
  return texts.filter((text) => text.trim() !== '').map((text) => ({ what: mark.what, digest: digest(text) }));
}

function rows(file: string, table: string, columns: readonly string[]): readonly string[] {
  const found = readTable({ file, table, columns }, LIMITS);
  return found.map((row) => JSON.stringify(columns.map((column) => String(row[column]).slice(0, 1000))));
}

function orAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
