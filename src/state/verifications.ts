/** Verifications as evidence: each row's hash covers the one before it, so that a changed or missing row shows. */
import { createHash } from 'node:crypto';
import type { VerifyReport } from '../core/report.ts';
import type { Database } from './database.ts';

export interface StoredVerification {
  readonly sequence: number;
  readonly storedAt: string;
  /** `sha256` of the row before; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 (hex) of `previous`, `storedAt` and the report's stored text, each ended by a newline. */
  readonly sha256: string;
  readonly report: VerifyReport;
}

export type ChainState =
  | { readonly intact: true; readonly count: number; readonly head: string }
  | { readonly intact: false; readonly sequence: number; readonly reason: string };

const GENESIS = '0'.repeat(64);

/** Returns the hash of the new row, the head of the chain. Digests of secrets are left out. */
export function keepVerification(database: Database, report: VerifyReport, now: () => Date): string {
  const text = JSON.stringify(report, (key, value: unknown) => (key === 'digest' ? undefined : value));
  const storedAt = now().toISOString();
  return database.writing((db) => {
    const last = db.prepare('SELECT sha256 FROM verification ORDER BY sequence DESC LIMIT 1').get();
    const previous = last === undefined ? GENESIS : String(last['sha256']);
    const sha256 = hashOf(previous, storedAt, text);
    db.prepare('INSERT INTO verification (stored_at, report, previous, sha256) VALUES (?, ?, ?, ?)').run(storedAt, text, previous, sha256);
    return sha256;
  });
}

export function latestVerification(database: Database): StoredVerification | undefined {
  const row = database.guarded((db) => db.prepare('SELECT * FROM verification ORDER BY sequence DESC LIMIT 1').get());
  if (row === undefined) return undefined;
  return storedOf(row);
}

function storedOf(row: Readonly<Record<string, unknown>>): StoredVerification {
  return {
    sequence: Number(row['sequence']),
    storedAt: String(row['stored_at']),
    previous: String(row['previous']),
    sha256: String(row['sha256']),
    // Only keepVerification writes it.
    report: JSON.parse(String(row['report'])) as VerifyReport,
  };
}

/**
 * The latest verification of a fleet, and whether it is the row that was stored: its own hash holds, and the row before it is the one it
 * was chained to. Quick: the chain further back is not walked.
 */
export function latestOf(database: Database, fleet: string): (StoredVerification & { readonly sound: boolean }) | undefined {
  return database.guarded((db) => {
    const row = db
      .prepare("SELECT * FROM verification WHERE json_valid(report) AND json_extract(report, '$.fleet') = ? ORDER BY sequence DESC LIMIT 1")
      .get(fleet);
    if (row === undefined) return undefined;
    const stored = storedOf(row);
    const before = db.prepare('SELECT sha256 FROM verification WHERE sequence < ? ORDER BY sequence DESC LIMIT 1').get(stored.sequence);
    const chained = stored.previous === (before === undefined ? GENESIS : String(before['sha256']));
    const sound = chained && hashOf(stored.previous, stored.storedAt, String(row['report'])) === stored.sha256;
    return { ...stored, sound };
  });
}

/** Walks the whole chain. What it cannot show: that rows at its end were cut off; compare `head` with one kept elsewhere. */
export function checkChain(database: Database): ChainState {
  return database.guarded((db) => {
    let previous = GENESIS;
    let count = 0;
    for (const row of db.prepare('SELECT * FROM verification ORDER BY sequence').iterate()) {
      const sequence = Number(row['sequence']);
      if (String(row['previous']) !== previous) return { intact: false, sequence, reason: 'the row before it is missing or changed' };
      const sha256 = hashOf(previous, String(row['stored_at']), String(row['report']));
      if (sha256 !== row['sha256']) return { intact: false, sequence, reason: 'it was changed after it was stored' };
      previous = sha256;
      count += 1;
    }
    return { intact: true, count, head: previous };
  });
}

function hashOf(previous: string, storedAt: string, text: string): string {
  return createHash('sha256').update(`${previous}\n${storedAt}\n${text}\n`).digest('hex');
}
