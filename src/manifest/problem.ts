/** What is wrong in a manifest, and where; how it is printed; and the nearest word to a mistyped one. */
import { excerpt } from './text.ts';
import type { Position } from '../core/fleet.ts';

export interface ManifestProblem {
  readonly path: string;
  /** 1-based; columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** The offending text, escaped and cut; empty where it could be a secret. */
  readonly text: string;
  /** One sentence, safe for a terminal. Never holds a secret's value. */
  readonly message: string;
  /** The word that was probably meant. */
  readonly suggestion?: string;
}

/** A problem before it knows its file. */
export interface Complaint {
  readonly at: Position;
  readonly text: string;
  readonly message: string;
  /** Looked for only when the problem is listed: the search is long where names are many. */
  readonly suggest?: () => string | undefined;
}

/** More than this are counted, not listed. */
export const MAX_PROBLEMS = 25;

/** `bulkhead.yaml:12:5: unknown key "channel" in tenants.acme; did you mean "channels"?` */
export function formatProblem(problem: ManifestProblem): string {
  const meant = problem.suggestion === undefined ? '' : `; did you mean "${excerpt(problem.suggestion)}"?`;
  return `${excerpt(problem.path, 400)}:${problem.line}:${problem.column}: ${problem.message}${meant}`;
}

/** In the order of the file, without repetitions, cut at MAX_PROBLEMS with a last one that says how many there were. */
export function listProblems(path: string, complaints: readonly Complaint[]): ManifestProblem[] {
  const distinct = new Map(complaints.map((complaint) => [`${complaint.at.line}:${complaint.at.column}:${complaint.message}`, complaint]));
  const sorted = [...distinct.values()].sort((left, right) => left.at.line - right.at.line || left.at.column - right.at.column);
  const listed = sorted.length > MAX_PROBLEMS ? sorted.slice(0, MAX_PROBLEMS - 1) : sorted;
  const problems = listed.map((complaint) => toProblem(path, complaint));
  const next = sorted[listed.length];
  if (next === undefined) return problems;
  return [...problems, { path, ...next.at, text: '', message: `and ${sorted.length - listed.length} more problems from here on` }];
}

function toProblem(path: string, { at, text, message, suggest }: Complaint): ManifestProblem {
  const suggestion = suggest?.();
  return { path, line: at.line, column: at.column, text, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** The candidate within two edits (one for short words), or undefined. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = word.length <= 3 ? 1 : 2;
  let best: { candidate: string; distance: number } | undefined;
  if (word.length > 60) return undefined;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > limit) continue;
    const distance = edits(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** Levenshtein distance, with a swap of neighbours counted once. */
function edits(left: string, right: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) cost = Math.min(cost, (older[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    older = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}
