/** Resolves the secrets that the manifest refers to, on the operator's side, when they are needed. Values never leave memory. */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Blueprint } from '../core/blueprint.ts';
import { secretReference, type SecretSource } from '../core/fleet.ts';
import type { TenantId } from '../core/words.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import { makeMasker, type Masked, type Masker } from '../openclaw/masking.ts';
import { secretFiles } from '../openclaw/secrets.ts';

const MAX_SECRET_BYTES = 64 << 10;

export interface SecretValues {
  /** The value for a tenant's secret file; undefined when it is among `missing`. */
  valueOf(tenant: TenantId, role: string): string | undefined;
  /** By reference (`env:NAME`): what the plan may know of those that are provided, never the value. */
  readonly provided: ReadonlyMap<string, Masked>;
  /** Masks what the manifest itself holds under the same key. */
  readonly masker: Masker;
  /** References that are not provided here, with who needs them. */
  readonly missing: readonly { readonly reference: string; readonly tenant: TenantId; readonly role: string; readonly why: string }[];
}

export function resolveSecrets(blueprints: readonly Blueprint[], env: Readonly<Record<string, string | undefined>>): SecretValues {
  const masker = makeMasker(randomBytes(32).toString('hex'), MASKING);
  const values = new Map<string, string>();
  const provided = new Map<string, Masked>();
  const missing: { reference: string; tenant: TenantId; role: string; why: string }[] = [];
  for (const blueprint of blueprints) {
    for (const { role, source } of secretFiles(blueprint)) {
      if (source === 'generated') {
        values.set(`${blueprint.tenant}\0${role}`, randomBytes(32).toString('hex'));
        continue;
      }
      const reference = secretReference(source);
      const read = readSecret(source, env);
      if (!read.ok) {
        missing.push({ reference, tenant: blueprint.tenant, role, why: read.why });
        continue;
      }
      values.set(`${blueprint.tenant}\0${role}`, read.value);
      provided.set(reference, masker.text(read.value));
    }
  }
  for (const { apiClients } of blueprints) {
    for (const { key: source } of apiClients) {
      // Apply never needs it; what can be read of it is compared.
      const read = source === undefined ? undefined : readSecret(source, env);
      if (source !== undefined && read?.ok === true) provided.set(secretReference(source), masker.text(read.value));
    }
  }
  return {
    provided,
    masker,
    missing,
    valueOf: (tenant, role) => values.get(`${tenant}\0${role}`),
  };
}

type SecretRead = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly why: string };

/** One trailing line end is not part of a secret. Message and reason never hold the value. */
function readSecret(source: SecretSource, env: Readonly<Record<string, string | undefined>>): SecretRead {
  const value = source.kind === 'env' ? readVariable(source.name, env) : readSecretFile(source.path);
  if (!value.ok) return value;
  const trimmed = value.value.trim();
  return trimmed === '' ? { ok: false, why: 'it is empty' } : { ok: true, value: trimmed };
}

function readVariable(name: string, env: Readonly<Record<string, string | undefined>>): SecretRead {
  const value = env[name];
  return value === undefined ? { ok: false, why: 'the environment variable is not set' } : { ok: true, value };
}

/** A file that others can read or write is refused: what it holds is no secret. */
function readSecretFile(path: string): SecretRead {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return {
      ok: false,
      why: error instanceof Error && 'code' in error ? `the file cannot be opened (${String(error.code)})` : 'the file cannot be opened',
    };
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) return { ok: false, why: 'it is not a plain file' };
    if ((found.mode & 0o077) !== 0) return { ok: false, why: `its mode is ${(found.mode & 0o777).toString(8)}: others can reach it; chmod 600 it` };
    if (found.size > MAX_SECRET_BYTES) return { ok: false, why: `it is larger than ${MAX_SECRET_BYTES} bytes` };
    return { ok: true, value: readFileSync(descriptor, 'utf8') };
  } finally {
    closeSync(descriptor);
  }
}
