/** Reads a file that must be nobody else's, and one that may be because it is encrypted. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

export const MAX_SECRET_BYTES = 64 << 10;
/** An encrypted file may hold those of a whole fleet. */
const MAX_ENCRYPTED_BYTES = 4 << 20;

/** `why` never holds the value. */
export type Read<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly why: string };
export type SecretRead = Read<string>;

/** What is a secret of a text: without the white space around it; an empty one is none. */
export function asSecret(read: SecretRead): SecretRead {
  if (!read.ok) return read;
  const value = read.value.trim();
  return value === '' ? { ok: false, why: 'it is empty' } : { ok: true, value };
}

/** A file that others can read or write is refused: what it holds is no secret. */
export function readSecretFile(path: string): SecretRead {
  const read = readBounded(path, MAX_SECRET_BYTES, true);
  return read.ok ? { ok: true, value: read.value.toString('utf8') } : read;
}

export function readEncryptedFile(path: string): Read<Buffer> {
  return readBounded(path, MAX_ENCRYPTED_BYTES, false);
}

function readBounded(path: string, most: number, isPrivate: boolean): Read<Buffer> {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { ok: false, why: `the file cannot be opened${code}` };
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) return { ok: false, why: 'it is not a plain file' };
    if (isPrivate && (found.mode & 0o077) !== 0)
      return { ok: false, why: `its mode is ${(found.mode & 0o777).toString(8)}: others can reach it; chmod 600 it` };
    if (found.size > most) return { ok: false, why: `it is larger than ${most} bytes` };
    return { ok: true, value: readFileSync(descriptor) };
  } finally {
    closeSync(descriptor);
  }
}
