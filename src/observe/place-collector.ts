/**
 * Runs on a host as whoever runs Bulkhead (Node on standard input): who owns the install, the logs of services and the backups. Reads metadata, and
 * the first name inside an archive; follows no link; decides nothing. Source: tar(5), openclaw 2026.9.6 docs/cli/backup.md.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { constants as zlib, gunzipSync } from 'node:zlib';
import { attempt, type Seen } from './seen.ts';

export interface PlaceRequest {
  readonly tenants: readonly {
    readonly tenant: string;
    /** Files and directories that decide what its gateway runs. */
    readonly places: readonly string[];
    readonly backup?: string;
    /** Log of its service. */
    readonly log: string;
  }[];
  /** The install, walked for files that are not like the rest; absent where tenants share none. */
  readonly tree?: string;
}

interface Owned {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}
interface Archives {
  readonly way: readonly Owned[];
  readonly archives: readonly { readonly place: Owned; readonly content?: string }[];
}
export interface PlaceCollected {
  readonly loose: Seen<readonly Owned[]>;
  readonly tenants: Record<
    string,
    { readonly places: Seen<readonly Owned[]>; readonly archives: Seen<Archives | null>; readonly log: Seen<readonly Owned[] | null> }
  >;
}

const MOST_ENTRIES = 300_000;
const MOST_ARCHIVES = 200;
const MOST_LOOSE = 50;

export async function main(request: PlaceRequest): Promise<PlaceCollected> {
  const looked = request.tenants.map(({ tenant, places, backup, log }) => {
    const seen = {
      places: attempt(() => withParents(places)),
      archives: attempt(() => (backup === undefined ? null : archives(backup))),
      log: attempt(() => wayTo(log)),
    };
    return [tenant, seen] as const;
  });
  return { loose: attempt(() => (request.tree === undefined ? [] : looseIn(request.tree))), tenants: Object.fromEntries(looked) };
}

function owned(path: string): Owned | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : { path, uid: found.uid, gid: found.gid, mode: found.mode & 0o7777 };
}

/** Every directory from `/` and the place itself; null when one of them is absent or a link. */
function wayTo(path: string): readonly Owned[] | null {
  const way: Owned[] = [];
  for (const at of ['/', ...[...path.matchAll(/\/[^/]+/g)].map(({ index, 0: part }) => path.slice(0, index + part.length))]) {
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found === undefined || found.isSymbolicLink()) return null;
    way.push({ path: at, uid: found.uid, gid: found.gid, mode: found.mode & 0o7777 });
  }
  return way;
}

/** Names and owners, and the first name inside of those that are plain tar.gz. */
function archives(directory: string): Archives | null {
  const way = wayTo(directory);
  if (way === null) return null;
  const names = readdirSync(directory).toSorted();
  if (names.length > MOST_ARCHIVES) throw new Error(`${directory} holds more than ${MOST_ARCHIVES} files`);
  return {
    way,
    archives: names.flatMap((name) => {
      const place = owned(`${directory}/${name}`);
      if (place === undefined) return [];
      const content = name.endsWith('.tar.gz') ? firstName(place.path) : undefined;
      return [content === undefined ? { place } : { place, content }];
    }),
  };
}

/** The path behind `payload/posix` of the first entry: openclaw 2026.9.6 `openclaw backup create`; tar(5) ustar and pax. */
function firstName(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    if (!fstatSync(descriptor).isFile()) return undefined;
    const start = Buffer.alloc(64 << 10);
    const length = readSync(descriptor, start, 0, start.length, 0);
    const tar = gunzipSync(start.subarray(0, length), { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 64 << 20 });
    const text = (from: number, most: number): string => tar.toString('utf8', from, from + most).replace(/\0.*$/s, '');
    const isPax = tar[156] === 0x78;
    const name = isPax ? /\d+ path=([^\n]*)\n/.exec(tar.toString('utf8', 512, 8192))?.[1] : `${text(345, 155)}/${text(0, 100)}`;
    return /\/payload\/posix(\/.+)$/.exec(`/${name ?? ''}`)?.[1];
  } catch {
    // Not a tar.gz, whatever its name says.
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** The places and everything above them, the first place first. */
function withParents(places: readonly string[]): readonly Owned[] {
  const found = new Map<string, Owned>();
  for (const place of places) {
    for (const at of [place, ...[...place.matchAll(/\/[^/]+/g)].map(({ index }) => place.slice(0, index) || '/').toReversed()]) {
      const here = found.has(at) ? undefined : owned(at);
      // The bits of a link say nothing: its directory tells who may change it, and what it names is among the places.
      if (here !== undefined && !lstatSync(at).isSymbolicLink()) found.set(at, here);
    }
  }
  return [...found.values()];
}

/** What in the tree has another owner than its root, or may be written by others. */
function looseIn(tree: string): readonly Owned[] {
  const owner = owned(tree)?.uid;
  const found: Owned[] = [];
  let entries = 0;
  const todo = owner === undefined ? [] : [tree];
  for (let dir = todo.pop(); dir !== undefined && found.length < MOST_LOOSE; dir = todo.pop()) {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      entries += 1;
      if (entries > MOST_ENTRIES) throw new Error(`${tree} holds more than ${MOST_ENTRIES} files`);
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory()) todo.push(path);
      const here = entry.isSymbolicLink() ? undefined : owned(path);
      if (here !== undefined && (here.uid !== owner || (here.mode & 0o022) !== 0)) found.push(here);
    }
  }
  return found;
}
