/**
 * Runs on the host of a cell, as the user whose data it is (Node on standard input): what of a directory can be copied, what is left out and what
 * forbids a copy. Follows no link, opens nothing but the config. Decides by kinds of files alone.
 */
import { accessSync, constants, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface CellDataRequest {
  readonly root: string;
  /** Regular expression: names at the top that stay behind. */
  readonly behind: string;
  /** Name at the top that is moved to another place: links must not lead across. */
  readonly apart: string;
  /** Name at the top: a JSON file whose keys are told, never its values. */
  readonly settings: string;
}

export interface Oddity {
  /** Below the directory. */
  readonly path: string;
  readonly why: string;
}

export interface CellData {
  readonly files: number;
  readonly links: number;
  readonly bytes: number;
  readonly behind: readonly string[];
  readonly leftOut: readonly Oddity[];
  readonly refused: readonly Oddity[];
  /** Whether `apart` is a directory. */
  readonly hasApart: boolean;
  /** `agents.defaults.model`; absent where the file is no JSON. */
  readonly settings?: readonly string[];
}

/** Names that are left out become words of a command line. */
const MOST_LEFT_OUT = 500;
const MOST_TOLD = 50;
const MOST_CONFIG_BYTES = 1 << 20;
const SLASH = Buffer.from('/');

interface Walk {
  readonly request: CellDataRequest;
  readonly device: number;
  files: number;
  links: number;
  bytes: number;
  readonly behind: string[];
  readonly leftOut: Oddity[];
  readonly refused: Oddity[];
  /** Files with further names: how many of these were met. */
  readonly names: Map<string, { readonly path: string; readonly of: number; met: number }>;
}

export async function main(request: CellDataRequest): Promise<CellData> {
  const root = lstatSync(request.root);
  if (!root.isDirectory()) throw new Error(`${request.root} is not a directory`);
  const walk: Walk = { request, device: root.dev, files: 0, links: 0, bytes: 0, behind: [], leftOut: [], refused: [], names: new Map() };
  enter(walk, Buffer.from(request.root), []);
  for (const { path, of, met } of walk.names.values()) if (met < of) refuse(walk, path, 'it has a further name outside of the cell’s data');
  if (walk.leftOut.length > MOST_LEFT_OUT) refuse(walk, '.', `${walk.leftOut.length} things in it would be left out`);
  const { files, links, bytes, behind, leftOut, refused } = walk;
  const settings = settingsIn(`${request.root}/${request.settings}`);
  const apart = lstatSync(`${request.root}/${request.apart}`, { throwIfNoEntry: false });
  return {
    files,
    links,
    bytes,
    behind: behind.toSorted(),
    leftOut: leftOut.slice(0, MOST_LEFT_OUT),
    refused: refused.slice(0, MOST_TOLD),
    hasApart: apart?.isDirectory() === true,
    ...(settings === undefined ? {} : { settings }),
  };
}

function refuse({ refused }: Walk, path: string, why: string): void {
  refused.push({ path, why });
}

/** Names that are no UTF-8 cannot be named to another program. */
function leaveOut(walk: Walk, path: string, why: string): void {
  if (path.includes('\ufffd')) refuse(walk, path, `${why}, and its name cannot be written`);
  else walk.leftOut.push({ path, why });
}

function enter(walk: Walk, directory: Buffer, above: readonly string[]): void {
  let names: readonly Buffer[];
  try {
    names = readdirSync(directory, { encoding: 'buffer' });
  } catch (error) {
    return refuse(walk, above.join('/') || '.', `it cannot be read: ${codeOf(error)}`);
  }
  for (const name of names) {
    const parts = [...above, name.toString('utf8')];
    if (above.length === 0 && new RegExp(walk.request.behind).test(parts[0] ?? '')) walk.behind.push(parts[0] ?? '');
    else look(walk, Buffer.concat([directory, SLASH, name]), parts);
  }
}

function look(walk: Walk, full: Buffer, parts: readonly string[]): void {
  const path = parts.join('/');
  const found = lstatSync(full, { bigint: true });
  if (found.isDirectory()) {
    if (Number(found.dev) !== walk.device) leaveOut(walk, path, 'another file system is mounted there');
    else enter(walk, full, parts);
  } else if (found.isSymbolicLink()) {
    const target = readlinkSync(full, { encoding: 'utf8' });
    if (staysInside(parts, target, walk.request.apart)) walk.links += 1;
    else leaveOut(walk, path, `a link that leads out, to ${target.slice(0, 200)}`);
  } else if (found.isFile()) {
    walk.files += 1;
    walk.bytes += Number(found.size);
    if (!isReadable(full)) refuse(walk, path, 'its own user cannot read it');
    if (found.nlink > 1n) {
      const id = `${found.dev}:${found.ino}`;
      const entry = walk.names.get(id) ?? { path, of: Number(found.nlink), met: 0 };
      entry.met += 1;
      walk.names.set(id, entry);
    }
  } else if (found.isSocket()) leaveOut(walk, path, 'a socket');
  else if (found.isFIFO()) leaveOut(walk, path, 'a named pipe');
  else refuse(walk, path, 'it is a device');
}

function isReadable(file: Buffer): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false; // whatever the reason: it would end the copy
  }
}

/** By its text alone: what it leads to is not looked at. */
function staysInside(link: readonly string[], target: string, apart: string): boolean {
  if (target.startsWith('/')) return false;
  const at = link.slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..' && at.pop() === undefined) return false;
    if (part !== '..' && part !== '.' && part !== '') at.push(part);
  }
  return (at[0] === apart) === (link[0] === apart);
}

/** Keys with what is below them, three levels deep. */
function settingsIn(path: string): readonly string[] | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isFile() || found.size > MOST_CONFIG_BYTES) return undefined;
  try {
    return keysOf(JSON.parse(readFileSync(path, 'utf8')), []);
  } catch {
    return undefined; // JSON with comments, or none: its keys are then not told
  }
}

function keysOf(value: unknown, above: readonly string[]): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || above.length === 3) return [above.join('.')];
  return Object.entries(value).flatMap(([key, below]) => keysOf(below, [...above, key]));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
