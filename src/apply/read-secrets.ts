/** Runs on the tenant's host, as whoever owns the directories of secrets: what lies in these files. Its answer is a secret. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

export interface SecretsRequest {
  /** In directories that tenants cannot change. */
  readonly files: readonly string[];
}

const MAX_BYTES = 1 << 20;

/** By path; files that are not there are left out. */
export async function main({ files }: SecretsRequest): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const file of files) {
    const text = read(file);
    if (text !== undefined) found[file] = text;
  }
  return found;
}

function read(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    if (size > MAX_BYTES) throw new Error(`${path} is larger than 1 MiB`);
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}
