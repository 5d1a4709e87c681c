/** Looks at an OpenClaw install: who owns and who can change each file and folder, parents too. Self-contained; decides nothing. */
import { accessSync, constants, lstatSync, readFileSync, readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';

export interface RuntimeRequest {
  readonly root: string;
  /** Uid that may own it, besides 0. */
  readonly owner: number;
  /** Directories of packages in it whose versions are asked. */
  readonly packages: readonly string[];
}

/** Lists hold at most 20 paths each. */
export interface RuntimeObserved {
  readonly exists: boolean;
  readonly version?: string;
  /** By directory of a package, where it has one. */
  readonly versions: Readonly<Record<string, string>>;
  readonly lifecyclePending: boolean;
  readonly nodeRuns: boolean;
  readonly foreign: readonly string[];
  readonly writable: readonly string[];
  readonly escaping: readonly string[];
  readonly looked: number;
}

const MOST = 20;

export async function main(request: RuntimeRequest): Promise<RuntimeObserved> {
  const { root, owner } = request;
  const seen = { foreign: [] as string[], writable: [] as string[], escaping: [] as string[], looked: 0 };
  const note = (list: string[], path: string): void => {
    if (list.length < MOST) list.push(path);
  };
  const judge = (path: string, stats: Stats): void => {
    seen.looked += 1;
    if (stats.uid !== 0 && stats.uid !== owner) note(seen.foreign, path);
    if (!stats.isSymbolicLink() && (stats.mode & 0o022) !== 0 && !isSticky(stats)) note(seen.writable, path);
  };
  if (!exists(root)) return { exists: false, versions: {}, lifecyclePending: false, nodeRuns: false, ...seen };
  const real = realpathSync(root);
  for (let parent = dirname(real); ; parent = dirname(parent)) {
    judge(parent, lstatSync(parent));
    if (parent === dirname(parent)) break;
  }
  const pending = [real];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const stats = lstatSync(path);
    judge(path, stats);
    if (stats.isDirectory()) for (const name of readdirSync(path)) pending.push(join(path, name));
    else if (stats.isSymbolicLink()) judgeLink(path);
  }
  function judgeLink(path: string): void {
    let target: string;
    try {
      target = realpathSync(path);
    } catch {
      return; // dangling: nothing runs through it, and nobody else can put something there unless a parent is writable
    }
    if (target.startsWith(`${real}/`)) return;
    const stats = statSync(target);
    if ((stats.uid !== 0 && stats.uid !== owner) || (stats.mode & 0o022) !== 0) note(seen.escaping, path);
  }
  const version = versionIn(join(real, 'node_modules/openclaw/package.json'));
  return {
    exists: true,
    ...(version === undefined ? {} : { version }),
    versions: Object.fromEntries(
      request.packages.flatMap((directory) => {
        const found = versionIn(join(directory, 'package.json'));
        return found === undefined ? [] : [[directory, found]];
      }),
    ),
    lifecyclePending: exists(join(real, 'node_modules/openclaw/.openclaw-lifecycle-pending')),
    nodeRuns: executable(join(real, 'bin/node')),
    ...seen,
  };
}

/** /tmp and the like: others may add, but not change what is there. */
function isSticky(stats: Stats): boolean {
  return stats.isDirectory() && (stats.mode & 0o1000) !== 0;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function versionIn(path: string): string | undefined {
  try {
    const version = (JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown }).version; // checked on the next line
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
