/** Finds sentences by which the files of a workspace forbid an agent something. Travels with the collectors; what the tenant wrote is not passed on. */
import { constants, readdirSync } from 'node:fs';
import type { PromptRequest } from '../openclaw/prompts.ts';
import { readCapped } from './look.ts';

export interface PromptLineSeen {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The power that it speaks of. */
  readonly power: string;
}

const MOST_BYTES = 256 << 10;
const MOST_LINE = 2000;
const MOST_FOUND = 200;

/** One sentence per power and line. Whoever is root follows no link of a tenant. */
export function forbiddingLines({ files, templates, restricts, powers }: PromptRequest): readonly PromptLineSeen[] {
  const restricting = new RegExp(restricts, 'i');
  const spoken = Object.entries(powers).map(([power, words]) => [power, new RegExp(words, 'i')] as const);
  const flags = process.getuid?.() === 0 ? constants.O_NOFOLLOW : 0;
  const found: (PromptLineSeen & { readonly text: string })[] = [];
  for (const path of files) {
    for (const [index, text] of (readIfThere(path, flags) ?? '').split('\n').entries()) {
      const sentences = text.slice(0, MOST_LINE).split(/[.;!?](?:\s|$)/);
      const powersOfLine = spoken.filter(([, words]) => sentences.some((sentence) => restricting.test(sentence) && words.test(sentence)));
      for (const [power] of powersOfLine) found.push({ path, line: index + 1, power, text: plain(text) });
    }
  }
  if (found.length === 0) return [];
  const theirs = templateLines(templates);
  const own = found.filter(({ text }) => !theirs.has(text));
  if (own.length > MOST_FOUND) throw new Error(`more than ${MOST_FOUND} lines of its workspaces forbid something`);
  return own.map(({ path, line, power }) => ({ path, line, power }));
}

function templateLines(directory: string): ReadonlySet<string> {
  const names = readdirSync(directory).filter((name) => name.endsWith('.md'));
  return new Set(names.flatMap((name) => readCapped(`${directory}/${name}`, MOST_BYTES, 0).split('\n').map(plain)));
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function readIfThere(path: string, flags: number): string | undefined {
  try {
    return readCapped(path, MOST_BYTES, flags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // an error of the file system
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
