/**
 * Runs on the tenant's host as the tenant: what lies in its tree, with a digest of each file, and the end of its own log. Follows no link, waits for no
 * FIFO, ends after its time and counts. Decides nothing.
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readlinkSync, readSync } from 'node:fs';

export interface EvidenceTreeRequest {
  readonly root: string;
  readonly logFile: string;
  /** Milliseconds, entries, characters of names, and bytes to hash, after which it ends. */
  readonly limits: { readonly ms: number; readonly entries: number; readonly characters: number; readonly bytes: number };
  readonly logBytes: number;
}

export interface EvidenceEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly mode: number;
  readonly size: number;
  /** ISO time. */
  readonly changed: string;
  /** SHA-256, hex; absent when it was not read. */
  readonly sha256?: string;
  /** Of a link. */
  readonly target?: string;
  readonly why?: string;
}

export interface EvidenceTree {
  readonly entries: readonly EvidenceEntry[];
  /** Why there may be more. */
  readonly cut?: string;
  readonly log: { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };
}

export async function main(request: EvidenceTreeRequest): Promise<EvidenceTree> {
  const entries: EvidenceEntry[] = [];
  const budget = { ...request.limits, until: Date.now() + request.limits.ms };
  const cut = walk(request.root, entries, budget);
  return { entries, ...(cut === undefined ? {} : { cut }), log: tail(request.logFile, request.logBytes) };
}

interface Budget {
  readonly until: number;
  readonly entries: number;
  characters: number;
  bytes: number;
}

/** One directory after the other, so that a deep tree costs no stack. */
function walk(root: string, entries: EvidenceEntry[], budget: Budget): string | undefined {
  const waiting = [root];
  for (let directory = waiting.shift(); directory !== undefined; directory = waiting.shift()) {
    let opened;
    try {
      opened = opendirSync(directory);
    } catch (error) {
      entries.push({ path: directory, kind: 'directory', mode: 0, size: 0, changed: '', why: codeOf(error) });
      continue;
    }
    try {
      for (let found = opened.readSync(); found !== null; found = opened.readSync()) {
        if (entries.length >= budget.entries) return `more than ${budget.entries} entries`;
        if (budget.characters < 0) return 'names that are too long';
        if (Date.now() > budget.until) return 'it took too long';
        const path = `${directory}/${found.name}`;
        const entry = look(path, budget);
        entries.push(entry);
        budget.characters -= path.length + (entry.target?.length ?? 0);
        if (entry.kind === 'directory') waiting.push(path);
      }
    } finally {
      opened.closeSync();
    }
  }
  return undefined;
}

function look(path: string, budget: Budget): EvidenceEntry {
  try {
    const found = lstatSync(path);
    const entry = { path, mode: found.mode & 0o7777, size: found.size, changed: found.mtime.toISOString() };
    if (found.isSymbolicLink()) return { ...entry, kind: 'link', target: readlinkSync(path).slice(0, 4096) };
    if (found.isDirectory()) return { ...entry, kind: 'directory' };
    if (!found.isFile()) return { ...entry, kind: 'other' };
    if (found.size > budget.bytes) return { ...entry, kind: 'file', why: 'too large to be hashed here' };
    budget.bytes -= found.size;
    return { ...entry, kind: 'file', sha256: digestOf(path, found.size) };
  } catch (error) {
    return { path, kind: 'other', mode: 0, size: 0, changed: '', why: codeOf(error) };
  }
}

/** As much as was there when it was looked at: it may grow meanwhile. */
function digestOf(path: string, size: number): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const hash = createHash('sha256');
    const chunk = Buffer.alloc(1 << 20);
    for (let left = size; left > 0;) {
      const read = readSync(descriptor, chunk, 0, Math.min(left, chunk.length), null);
      if (read === 0) break;
      hash.update(chunk.subarray(0, read));
      left -= read;
    }
    return hash.digest('hex');
  } finally {
    closeSync(descriptor);
  }
}

function tail(path: string, bytes: number): EvidenceTree['log'] {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = fstatSync(descriptor);
      if (!found.isFile()) return { ok: false, why: 'it is not a plain file' };
      const length = Math.min(found.size, bytes);
      const text = Buffer.alloc(length);
      const read = readSync(descriptor, text, 0, length, found.size - length);
      return { ok: true, text: text.toString('utf8', 0, read) };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return { ok: false, why: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error).slice(0, 200);
}
