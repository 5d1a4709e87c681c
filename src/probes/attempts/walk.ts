/** Attempts that look for any file that can be opened, rather than for one by its name. Nothing is read; no link is followed. */
import { closeSync, constants, lstatSync, openSync, readdirSync, type Stats } from 'node:fs';
import type { Action, Answer } from '../actions.ts';
import { codeOf } from './code.ts';

const MAX_ENTRIES = 20_000;
const MAX_DEPTH = 3;

/** What is looked into, and what counts, of the entries that are met. */
interface Wanted {
  readonly enters: (directory: Stats) => boolean;
  readonly counts: (file: Stats) => boolean;
  /** What to say when nothing of it was met, and nothing refused. */
  readonly none: string;
}

/** The first file at or below the paths that can be opened; otherwise each distinct refusal, `EMPTY` where there are no files. */
export function openAny({ paths }: Extract<Action, { kind: 'open' }>): Answer {
  return search(paths, { enters: () => true, counts: () => true, none: 'EMPTY' });
}

/** The same among the files of one user: they can only lie where that user may write. `ABSENT` where none is to be seen. */
export function leftovers({ paths, uid }: Extract<Action, { kind: 'leftovers' }>): Answer {
  const isHis = (entry: Stats): boolean => entry.uid === uid;
  return search(paths, { enters: (entry) => isHis(entry) || (entry.mode & 0o022) !== 0, counts: isHis, none: 'ABSENT' });
}

function search(paths: readonly string[], { enters, counts, none }: Wanted): Answer {
  const refusals = new Set<string>();
  let left = MAX_ENTRIES;
  const visit = (path: string, depth: number): string | undefined => {
    if ((left -= 1) < 0) return undefined;
    try {
      const entry = lstatSync(path);
      if (entry.isDirectory()) return depth === MAX_DEPTH || enters(entry) ? visitAll(path, depth - 1) : undefined;
      if (!entry.isFile() || !counts(entry)) return undefined;
      closeSync(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW));
      return `${path} of user ${entry.uid} can be opened`;
    } catch (error) {
      refusals.add(codeOf(error));
      return undefined;
    }
  };
  const visitAll = (directory: string, depth: number): string | undefined => {
    for (const name of depth < 0 ? [] : readdirSync(directory)) {
      const found = visit(`${directory}/${name}`, depth);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const path of paths) {
    const got = visit(path, MAX_DEPTH);
    if (got !== undefined) return { ok: true, got };
  }
  if (left < 0) refusals.add('TOO-MANY');
  return { ok: false, code: refusals.size === 0 ? none : [...refusals].join(',') };
}
