/** Resolves the secrets that the manifest refers to, on the operator's side, when they are needed. Values never leave memory. */
import { randomBytes } from 'node:crypto';
import type { Blueprint } from '../core/blueprint.ts';
import { secretReference, type SecretSource } from '../core/fleet.ts';
import type { TenantId } from '../core/words.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import { makeMasker, type Masked, type Masker } from '../openclaw/masking.ts';
import { secretFiles } from '../openclaw/secrets.ts';
import { asSecret, readSecretFile, type SecretRead } from './secret-file.ts';

/** By reference: what programs and encrypted files gave; see `askSources`. */
export type Asked = ReadonlyMap<string, SecretRead>;

/** What a command that asks nobody says of a program or an encrypted file. */
export const NOT_ASKED = 'it is not asked here: apply and secrets check ask it';

export interface SecretValues {
  /** The value for a tenant's secret file; undefined when it is among `missing`. */
  valueOf(tenant: TenantId, role: string): string | undefined;
  /** By reference (`env:NAME`): what the plan may know of those that are provided, never the value. */
  readonly provided: ReadonlyMap<string, Masked>;
  /** Masks what the manifest itself holds under the same key. */
  readonly masker: Masker;
  /** By reference: why it could not be read, also of those that apply does not need. */
  readonly unread: ReadonlyMap<string, string>;
  /** References that are not provided here, with who needs them. */
  readonly missing: readonly { readonly reference: string; readonly tenant: TenantId; readonly role: string; readonly why: string }[];
}

/** Reads variables and files. Without `asked`, programs and encrypted files count as missing. */
export function resolveSecrets(
  blueprints: readonly Blueprint[],
  env: Readonly<Record<string, string | undefined>>,
  asked: Asked = new Map(),
): SecretValues {
  const masker = makeMasker(randomBytes(32).toString('hex'), MASKING);
  const values = new Map<string, string>();
  const provided = new Map<string, Masked>();
  const unread = new Map<string, string>();
  const missing: { reference: string; tenant: TenantId; role: string; why: string }[] = [];
  const read = (source: SecretSource): SecretRead => {
    const reference = secretReference(source);
    const found = readSecret(source, env, asked);
    if (found.ok) provided.set(reference, masker.text(found.value));
    else unread.set(reference, found.why);
    return found;
  };
  for (const blueprint of blueprints) {
    for (const { role, source } of secretFiles(blueprint)) {
      if (source === 'generated') {
        values.set(`${blueprint.tenant}\0${role}`, randomBytes(32).toString('hex'));
        continue;
      }
      const found = read(source);
      if (found.ok) values.set(`${blueprint.tenant}\0${role}`, found.value);
      else missing.push({ reference: secretReference(source), tenant: blueprint.tenant, role, why: found.why });
    }
  }
  // Apply never needs these; what can be read of them is compared.
  for (const { apiClients } of blueprints) for (const { key } of apiClients) if (key !== undefined) read(key);
  return {
    provided,
    masker,
    unread,
    missing,
    valueOf: (tenant, role) => values.get(`${tenant}\0${role}`),
  };
}

/** Message and reason never hold the value. */
function readSecret(source: SecretSource, env: Readonly<Record<string, string | undefined>>, asked: Asked): SecretRead {
  switch (source.kind) {
    case 'env':
      return readVariable(source.name, env);
    case 'file':
      return asSecret(readSecretFile(source.path));
    case 'exec':
    case 'age':
      return asked.get(secretReference(source)) ?? { ok: false, why: NOT_ASKED };
  }
}

function readVariable(name: string, env: Readonly<Record<string, string | undefined>>): SecretRead {
  const value = env[name];
  return value === undefined ? { ok: false, why: 'the environment variable is not set' } : asSecret({ ok: true, value });
}
