/**
 * Secures what an incident would be explained from, before anything is changed: into a directory that only its owner may enter, each file with its
 * digest in an index, bounded in size and time. Secrets that Bulkhead delivered are taken out of every text.
 */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import { programsFor } from './programs.ts';

/** What is to be kept under one name, or why there is nothing. */
export type Secured = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

export interface EvidenceInput {
  /** `<state>/evidence/<tenant>/<time>`. */
  readonly directory: string;
  readonly tenant: string;
  readonly host: string;
  readonly by: string;
  /** ISO time. */
  readonly takenAt: string;
  readonly node: string;
  readonly items: Readonly<Record<string, Secured>>;
  /** Taken out wherever they stand. */
  readonly secrets: readonly string[];
}

const MAX_ITEM_CHARS = 6 << 20;
const STANDS_FOR = '[secret]';

/**
 * Runs the commands. A disk that is full keeps no evidence, and must not keep the tenant open: what could not be written is an answer, not an error.
 */
export async function keepEvidence(
  input: EvidenceInput,
  step: (command: Command) => Promise<void>,
  signal: AbortSignal,
): Promise<readonly { readonly item: string; readonly why: string }[]> {
  try {
    for (const command of evidenceCommands(input)) await step(command);
    return [];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof BulkheadError)) throw error;
    return [{ item: 'everything', why: error.message }];
  }
}

/** Pure. Makes the directory (0700), then the files (0400). */
export function evidenceCommands(input: EvidenceInput): readonly Command[] {
  const { directory, node, items, secrets, ...about } = input;
  const kept = Object.entries(items).flatMap(([name, item]) =>
    item.ok ? [{ name, content: withoutSecrets(item.text, secrets).slice(0, MAX_ITEM_CHARS) }] : [],
  );
  const index = {
    schemaVersion: 1,
    kind: 'bulkhead.evidence',
    tenant: about.tenant,
    host: about.host,
    by: about.by,
    takenAt: about.takenAt,
    sha256: Object.fromEntries(kept.map(({ name, content }) => [name, createHash('sha256').update(content).digest('hex')])),
    notSecured: Object.fromEntries(Object.entries(items).flatMap(([name, item]) => (item.ok ? [] : [[name, item.why]]))),
  };
  const files = [...kept, { name: 'index.json', content: `${JSON.stringify(index, null, 2)}\n` }];
  const { putFiles } = programsFor(node);
  const put = putFiles(
    `secure the evidence of ${about.tenant} in ${directory}`,
    files.map(({ name, content }) => ({ path: `${directory}/${name}`, content, mode: 0o400 })),
    true,
  );
  const [tenant, all] = [dirname(directory), dirname(dirname(directory))];
  return [{ title: `make ${directory}`, argv: ['mkdir', '-p', '-m', '0700', '--', all, tenant, directory] }, put];
}

/** As they are, and as JSON writes them. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret.length >= 8).flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return known.reduce((rest, secret) => rest.replaceAll(secret, STANDS_FOR), text);
}
