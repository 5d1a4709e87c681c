/** Files encrypted with age, by the library age-encryption, which is loaded only when one is opened. Format: age-encryption.org/v1. */
import { BulkheadError } from '../core/error.ts';
import { readEncryptedFile, readSecretFile, type Read, type SecretRead } from './secret-file.ts';

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';

export interface Identities {
  /** The operator's own secret keys. */
  readonly keys: readonly string[];
  /** The file they came from. */
  readonly path: string;
}

/** Reads an identity file as age-keygen writes it: one `AGE-SECRET-KEY-…` a line, `#` begins a comment. */
export function readIdentities(path: string): Read<Identities> {
  const read = readSecretFile(path);
  if (!read.ok) return { ok: false, why: `the identity ${path}: ${read.why}` };
  const keys = read.value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length > 0 && keys.every((key) => /^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/.test(key))) return { ok: true, value: { keys, path } };
  return { ok: false, why: `the identity ${path}: it is not a file of AGE-SECRET-KEY-… lines; for other kinds use exec with the program age` };
}

/** The plain text of a file, which nothing but a secret is made of. */
export async function openAgeFile(path: string, identities: Read<Identities>): Promise<SecretRead> {
  const read = readEncryptedFile(path);
  if (!read.ok) return read;
  if (!identities.ok) return identities;
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  try {
    for (const key of identities.value.keys) decrypter.addIdentity(key);
  } catch {
    // The library's message may quote the key.
    return { ok: false, why: mistyped(identities.value.path) };
  }
  try {
    const text = read.value.toString('latin1').trimStart();
    const bytes = text.startsWith(ARMOR) ? armor.decode(text) : read.value;
    return { ok: true, value: await decrypter.decrypt(bytes, 'text') };
  } catch (error) {
    const wrongKey = error instanceof Error && error.message.includes('no identity matched');
    return {
      ok: false,
      why: wrongKey ? `no identity in ${identities.value.path} opens it` : 'it is not a whole file encrypted with age to public keys',
    };
  }
}

/** Armored text that the holders of `recipients` can open. */
export async function encryptTo(recipients: readonly string[], plain: string): Promise<string> {
  const { armor, Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw new BulkheadError('manifest', `secrets.recipients: ${recipient.slice(0, 80)} is not a public key of age`, 'copy it again', { cause });
    }
  }
  return armor.encode(await encrypter.encrypt(plain));
}

/** The public key of each identity. Throws BulkheadError `usage` for a mistyped one. */
export async function recipientsOf({ keys, path }: Identities): Promise<readonly string[]> {
  const { identityToRecipient } = await import('age-encryption');
  try {
    return await Promise.all(keys.map((key) => identityToRecipient(key)));
  } catch {
    // Without the cause: its message may quote the key.
    throw new BulkheadError('usage', mistyped(path), 'copy it again, or name another with --identity FILE');
  }
}

function mistyped(path: string): string {
  return `the identity ${path}: a key in it is mistyped`;
}

export async function newIdentity(): Promise<{ readonly key: string; readonly recipient: string }> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const key = await generateX25519Identity();
  return { key, recipient: await identityToRecipient(key) };
}
