/** Which of a tenant's secrets have a new value: a token is made anew, the rest comes from where the manifest says. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Blueprint } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import { secretReference } from '../core/fleet.ts';
import type { Host } from '../core/host.ts';
import { runSelfContained } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { secretFiles, type SecretFile } from '../openclaw/secrets.ts';
import type { FileSeen } from './look-at-files.ts';
import type { NewSecret } from './rotate.ts';
import type { SecretValues } from './secret-values.ts';

/** A secret whose source still gives what the tenant has already. */
export interface StaleSecret {
  readonly role: string;
  readonly reference: string;
}

export interface NewSecrets {
  readonly fresh: readonly NewSecret[];
  readonly stale: readonly StaleSecret[];
}

export interface LookForNew {
  readonly blueprint: Blueprint;
  readonly host: Host;
  readonly secrets: SecretValues;
  readonly roles: readonly string[];
}

/** Throws BulkheadError `usage` for a role that the tenant lacks, `apply` for a source that gives nothing or a tenant that is not built. */
export async function newSecrets({ blueprint, host, secrets, roles }: LookForNew, signal: AbortSignal): Promise<NewSecrets> {
  const files = roles.map((role) => fileFor(blueprint, role));
  const key = randomBytes(32).toString('hex');
  const run = {
    program: sibling(import.meta.url, 'look-at-files'),
    request: { key, paths: files.map(({ file }) => file) },
    node: blueprint.install.node,
  };
  const title = `look at the secret files of ${blueprint.tenant}`;
  const seen = await runSelfContained<Record<string, FileSeen>>(host, { ...run, title, redact: true }, signal);
  const fresh: NewSecret[] = [];
  const stale: StaleSecret[] = [];
  for (const { role, file, source } of files) {
    const found = seen[file];
    if (found?.kind !== 'file') throw notThere(blueprint, role, found);
    const value = secrets.valueOf(blueprint.tenant, role);
    if (value === undefined) throw notProvided(blueprint, role, secrets);
    const isSame = found.digest === createHmac('sha256', Buffer.from(key, 'hex')).update(value).digest('hex');
    if (isSame && source !== 'generated') stale.push({ role, reference: secretReference(source) });
    else fresh.push({ role, file, value });
  }
  return { fresh, stale };
}

function fileFor(blueprint: Blueprint, role: string): SecretFile {
  const all = secretFiles(blueprint);
  const found = all.find((one) => one.role === role);
  if (found !== undefined) return found;
  const known = all.map((one) => one.role.replace(':', ' ')).join(', ');
  throw new BulkheadError(
    'usage',
    `${blueprint.tenant} has no ${role.replace(':', ' ')} in the manifest`,
    `it has: ${known}, or all of them with: all`,
  );
}

function notThere({ tenant, host }: Blueprint, role: string, found: FileSeen | undefined): BulkheadError {
  const why = found?.kind === 'odd' ? `its file is in the way: ${found.why}` : 'it has none yet';
  return new BulkheadError('apply', `${tenant} on ${host}: there is no ${role} to replace: ${why}`, `build it first with: bulkhead apply ${tenant}`);
}

function notProvided({ tenant }: Blueprint, role: string, { missing }: SecretValues): BulkheadError {
  const gap = missing.find((one) => one.tenant === tenant && one.role === role);
  const reference = gap?.reference ?? role;
  return new BulkheadError(
    'apply',
    `${tenant}: the secret ${reference} (${role}) is not provided: ${gap?.why ?? 'it has no source'}; nothing was changed`,
    `provide the new value in ${reference}, then run the same command again`,
  );
}
