/** Variables as they may be told: text of names that select something, everything else masked. Travels with the collectors. */
import type { Masked, Masker } from '../openclaw/masking.ts';

const MOST_VARIABLES = 2000;
const MOST_TEXT = 4096;

/** `pairs` in their order; the first of a name counts. Throws when there are too many. */
export function tellVariables(
  pairs: Iterable<readonly [string, string]>,
  visible: ReadonlySet<string>,
  masker: Masker,
): Record<string, string | Masked> {
  const told = new Map<string, string | Masked>();
  for (const [name, text] of pairs) {
    if (told.has(name) || !/^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(name)) continue;
    if (told.size >= MOST_VARIABLES) throw new Error(`there are more than ${MOST_VARIABLES} variables`);
    // An address may carry a user and a password.
    told.set(name, visible.has(name) ? text.replace(/\/\/[^/?#@]*@/g, '//').slice(0, MOST_TEXT) : masker.text(text));
  }
  return Object.fromEntries(told);
}

/** `NAME=value` entries that zero bytes part, as in /proc/<pid>/environ. */
export function* splitEnviron(text: string): Iterable<readonly [string, string]> {
  for (const entry of text.split('\0')) if (entry.includes('=')) yield [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)];
}

/** Lines of a dotenv file; a later line of a name wins there. Quotes are taken off, `export` too. Source: github.com/motdotla/dotenv (parsing rules). */
export function splitDotenv(text: string): readonly (readonly [string, string])[] {
  const pattern = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$/gm;
  const pairs = [...text.replace(/\r\n?/g, '\n').matchAll(pattern)].map(([, name = '', value = '']): readonly [string, string] => {
    const plain = value.trim();
    const quoted = /^(['"`])([\s\S]*)\1$/.exec(plain);
    const inner = quoted?.[2] ?? plain;
    return [name, quoted?.[1] === '"' ? inner.replace(/\\n/g, '\n').replace(/\\r/g, '\r') : inner];
  });
  return pairs.toReversed();
}
