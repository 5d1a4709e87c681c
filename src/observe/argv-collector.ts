/**
 * Runs on a host as whoever runs Bulkhead (Node on standard input): which processes show a known secret in their command line, which every user
 * of the host can read. Only what matched is told, and of it only the process. Source: proc(5).
 */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { makeMasker } from '../openclaw/masking.ts';

export interface ArgvRequest {
  /** Random key of this run, hex. */
  readonly key: string;
  /** Digests of the secrets that are looked for. */
  readonly digests: readonly string[];
}

export interface ArgvCollected {
  readonly found: readonly { readonly digest: string; readonly pid: number; readonly uid: number }[];
}

const MOST_BYTES = 256 << 10;
const MOST_WORDS = 500_000;
const MOST_FOUND = 1000;

export async function main({ key, digests }: ArgvRequest): Promise<ArgvCollected> {
  const masker = makeMasker(key, { tells: [], keys: [], plain: [] });
  const wanted = new Set(digests);
  const found: { digest: string; pid: number; uid: number }[] = [];
  let words = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const line = commandLine(name);
    if (line === undefined) continue;
    for (const word of candidates(line.text)) {
      words += 1;
      if (words > MOST_WORDS || found.length >= MOST_FOUND) throw new Error('the command lines of the host are too many to be looked through');
      const { masked } = masker.text(word);
      if (wanted.has(masked)) found.push({ digest: masked, pid: Number(name), uid: line.uid });
    }
  }
  return { found };
}

/** Each argument, and what follows an equals sign, a colon or a blank within one: `--token=x`, `Authorization: Bearer x`. */
function candidates(text: string): ReadonlySet<string> {
  const whole = text.split('\0');
  const parts = whole.flatMap((arg) => arg.split(/[\s=,'"]+/)).flatMap((part) => [part, part.slice(part.indexOf(':') + 1)]);
  return new Set([...whole, ...parts].filter((word) => word.length >= 6 && word.length <= 8192));
}

/** Undefined when the process ended meanwhile. A longer command line is looked at as far as it is read. */
function commandLine(pid: string): { readonly text: string; readonly uid: number } | undefined {
  try {
    const descriptor = openSync(`/proc/${pid}/cmdline`, 'r');
    try {
      const buffer = Buffer.alloc(MOST_BYTES);
      let length = 0;
      for (let read = -1; read !== 0 && length < MOST_BYTES; length += read) read = readSync(descriptor, buffer, length, MOST_BYTES - length, null);
      return { text: buffer.toString('utf8', 0, length), uid: statSync(`/proc/${pid}`).uid };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
