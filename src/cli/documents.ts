/** The pages that people rely on, beside the manifest: read here, judged by the checks `doc.*`. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DocumentFact } from '../core/audit-facts.ts';
import { known, unknown, type Facts, type Known, type TenantFacts } from '../core/facts.ts';
import type { Fleet } from '../core/fleet.ts';
import { bannedClaims } from '../report/honest-words.ts';

const MOST_BYTES = 1 << 20;

/** Facts with what the fleet's documents say. Without a folder in the manifest nothing is looked for. */
export function withDocuments(facts: Facts, fleet: Pick<Fleet, 'documents' | 'source'>, cwd: string): Facts {
  const { documents, source } = fleet;
  if (documents === undefined) return facts;
  const folder = join(resolve(cwd, dirname(source.path)), documents);
  const tenants = facts.tenants.map((tenant): TenantFacts => ({
    ...tenant,
    documents: documentOf(join(folder, `${tenant.tenant}.md`), source.sha256),
  }));
  return { ...facts, tenants };
}

function documentOf(path: string, manifestSha256: string): Known<DocumentFact> {
  try {
    const text = readPage(path);
    if (text === undefined) return known({ path, exists: false, current: false, tellsLimits: false, claims: [] }, 'beside the manifest');
    // What `checklist --markdown` prints: the head of the manifest's digest, and the section that is never empty.
    const current = text.includes(`manifest \`${manifestSha256.slice(0, 12)}\``);
    const tellsLimits = /^## Not isolated here\n+- \S/mu.test(text);
    return known({ path, exists: true, current, tellsLimits, claims: bannedClaims(text).map(({ phrase }) => phrase) }, 'beside the manifest');
  } catch (error) {
    return unknown(`${path} cannot be read: ${error instanceof Error ? error.message.slice(0, 200) : 'an unnamed error'}`);
  }
}

/** Undefined when there is no such file. Never waits on a FIFO, never reads a device. */
function readPage(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.size > MOST_BYTES) throw new Error('not a plain file of at most 1 MiB');
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}
