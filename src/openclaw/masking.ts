/**
 * Turns secrets into what may be known of them: a digest under the run's key, the public part that a provider put into it, how strong it looks.
 * Travels with the collectors to where the secret lies (hosts/self-contained.ts), so it imports nothing but node:crypto. Pure.
 */
import { createECDH, createHmac } from 'node:crypto';

/** What a text tells without being told. All of them are tried on every secret; a name says whose it is, e.g. `telegram.bot`. */
export type Rule =
  /** The first group of `pattern`; `base64`: decoded, and kept only when it then matches `decoded`. */
  | { readonly name: string; readonly kind: 'match'; readonly pattern: string; readonly base64?: boolean; readonly decoded?: string }
  /** A dotted field of the JSON object that the text is; of a JSON Buffer its `data`. */
  | { readonly name: string; readonly kind: 'json'; readonly field: string }
  /** A dotted claim of the token's payload; `|` parts its keys, which hold dots themselves. */
  | { readonly name: string; readonly kind: 'jwt'; readonly claim: string }
  /** The public key of a Nostr private key: hex or nsec (NIP-19). */
  | { readonly name: string; readonly kind: 'nostr' };

export type MaskedStrength = 'placeholder' | 'short' | 'weak' | 'strong';

/** Stands where a secret was. */
export interface Masked {
  readonly masked: string;
  readonly strength: MaskedStrength;
  /** Rule name → public part, at most 400 characters. */
  readonly tells?: Readonly<Record<string, string>>;
}

export interface Masker {
  text(value: string): Masked;
  /** A copy without secrets. References (`{source,provider,id}`, `${NAME}`) stay: they hold none. */
  config(value: unknown): unknown;
}

export interface MaskingRules {
  readonly tells: readonly Rule[];
  /** Key paths whose text is a secret although the name does not say so; `*` is any one key. */
  readonly keys: readonly string[];
  /** Names of headers and variables that hold no secret, in lower case. */
  readonly plain: readonly string[];
}

const SECRET_NAME =
  /(?:token|secret|password|passphrase|passwd|apikey|api_key|access_?key|private_?key|encrypt_?key|credential|auth_?tag|authorization|cookie)s?$/i;
/** OpenClaw's shorthand for a reference to a variable; as a whole text it is no secret. */
const SHORTHAND = /^\$(?:[A-Z][A-Z0-9_]{0,127}|\{[A-Z][A-Z0-9_]{0,127}\})$/;

export function makeMasker(key: string, rules: MaskingRules): Masker {
  const hmacKey = Buffer.from(key, 'hex');
  const matchers = rules.tells.map((rule) => ({ name: rule.name, tell: teller(rule) }));
  const text = (value: string): Masked => {
    const trimmed = value.trim();
    const masked = createHmac('sha256', hmacKey).update(trimmed).digest('hex');
    const told = matchers.flatMap(({ name, tell }) => {
      const said = tell(trimmed);
      return said === undefined || said === '' ? [] : [[name, said.slice(0, 400)] as const];
    });
    const strength = strengthOf(trimmed);
    return told.length === 0 ? { masked, strength } : { masked, strength, tells: Object.fromEntries(told) };
  };
  const isSecret = secretPlaces(rules);
  return { text, config: (value) => maskConfig(value, isSecret, text) };
}

/** What holds no secret is not copied: most of a config is as it was. */
function maskConfig(root: unknown, isSecret: (at: readonly string[]) => boolean, mask: (value: string) => Masked): unknown {
  // One stack for the whole walk: a copy for each value would cost more than all the rest.
  const at: string[] = [];
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') {
      if (value.startsWith('$') && SHORTHAND.test(value) && at[0] !== 'env') return value;
      if (isSecret(at)) return mask(value);
      return value.includes('://') || /ur[li]$/i.test(at.at(-1) ?? '') ? plainUrl(value, mask) : value;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (at.length > 40) return null;
    // OpenClaw knows no such key: somebody wants to pass for masked.
    if (!Array.isArray(value) && Object.hasOwn(value, 'masked')) return null;
    const isKeyFile = !Array.isArray(value) && at.at(-1)?.toLowerCase().endsWith('serviceaccount') === true;
    if (isKeyFile && !isReference(value) && isSecret(at)) return mask(JSON.stringify(value));
    let changed: Map<string, unknown> | undefined;
    for (const name of Object.keys(value)) {
      const item = (value as Readonly<Record<string, unknown>>)[name];
      at.push(name);
      const seen = visit(item);
      at.pop();
      if (seen !== item) (changed ??= new Map()).set(name, seen);
    }
    return changed === undefined ? value : copyWith(value, changed);
  };
  return visit(root);
}

function copyWith(value: object, changed: ReadonlyMap<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item: unknown, index) => (changed.has(String(index)) ? changed.get(String(index)) : item));
  // A null prototype: a key `__proto__` in hostile JSON stays a key.
  const entries = Object.entries(value).map(([name, item]: readonly [string, unknown]) => [name, changed.has(name) ? changed.get(name) : item]);
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

/** Whether a secret belongs at a place: by the name there, by what it lies in, or by the whole key. */
function secretPlaces({ keys, plain: plainNames }: MaskingRules): (at: readonly string[]) => boolean {
  const plain = new Set(plainNames);
  const patterns = keys.map((key) => key.split('.'));
  // Names come from tenants' configs: as many are remembered as a fleet of plain ones needs.
  const byName = new Map<string, boolean>();
  return (at) => {
    const name = at.at(-1) ?? '';
    const parent = at.at(-2) ?? '';
    if (parent === 'env' || parent === 'vars' || /headers$/i.test(parent)) return !plain.has(name.toLowerCase());
    let named = byName.get(name);
    if (named === undefined) {
      named = SECRET_NAME.test(name);
      if (byName.size < 10_000) byName.set(name, named);
    }
    return named || patterns.some((pattern) => pattern.length === at.length && pattern.every((part, index) => part === '*' || part === at[index]));
  };
}

function isReference(value: object): boolean {
  return 'source' in value && 'id' in value;
}

/** An address that carries a login, a query or something like a token in its path is a secret; its origin is told. */
function plainUrl(value: string, mask: (value: string) => Masked): unknown {
  // An argument may carry it behind a name: `--wsEndpoint=ws://…`.
  const address = URL.canParse(value) ? value : (/\b[a-z][a-z0-9+.-]*:\/\/\S+/i.exec(value)?.[0] ?? '');
  const parsed = URL.canParse(address) ? new URL(address) : undefined;
  if (parsed === undefined) return /[@?]/.test(value) ? mask(value) : value;
  const carries = parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || /[A-Za-z0-9_-]{24,}/.test(parsed.pathname);
  if (!carries) return value;
  return { ...mask(value), tells: { 'url.origin': `${parsed.protocol}//${parsed.host}`.slice(0, 400) } };
}

function teller(rule: Rule): (text: string) => string | undefined {
  switch (rule.kind) {
    case 'match': {
      const pattern = new RegExp(rule.pattern);
      const decoded = rule.decoded === undefined ? undefined : new RegExp(rule.decoded);
      return (text) => {
        const found = text.length > 8192 ? undefined : pattern.exec(text)?.[1];
        const said = found === undefined || rule.base64 !== true ? found : Buffer.from(found, 'base64url').toString('utf8');
        return said === undefined || decoded?.test(said) === false ? undefined : said;
      };
    }
    case 'json':
      return (text) => (text.startsWith('{') ? fieldOf(parse(text), rule.field.split('.')) : undefined);
    case 'jwt':
      return (text) => {
        const payload = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*$/.exec(text)?.[1];
        return payload === undefined ? undefined : fieldOf(parse(Buffer.from(payload, 'base64url').toString('utf8')), rule.claim.split('|'));
      };
    case 'nostr':
      return nostrPublicKey;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which is a secret; what is no JSON tells nothing.
    return undefined;
  }
}

function fieldOf(value: unknown, keys: readonly string[]): string | undefined {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  if (typeof found === 'object' && found !== null && 'data' in found) found = found.data;
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : undefined;
}

/** NIP-01: the x coordinate of the secp256k1 point, hex. */
function nostrPublicKey(text: string): string | undefined {
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, 'hex')
    : text.startsWith('nsec1')
      ? fromBech32(text.slice('nsec1'.length))
      : undefined;
  if (bytes?.length !== 32) return undefined;
  try {
    const curve = createECDH('secp256k1');
    curve.setPrivateKey(bytes);
    return curve.getPublicKey('hex', 'compressed').slice(2);
  } catch {
    // Not every 32 bytes are a key of that curve.
    return undefined;
  }
}

/** The payload of BIP-173, whose checksum is left out: a mistyped key names no other account. */
function fromBech32(data: string): Buffer | undefined {
  const values = [...data.toLowerCase()].map((letter) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.indexOf(letter));
  if (values.includes(-1) || values.length < 7) return undefined;
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const value of values.slice(0, -6)) {
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

/** Entropy by what is seen, not by how it was made: enough to tell `changeme` and `aaaaaaaaaaaaaaaaaaaaaaaaaa` from random text. */
function strengthOf(text: string): MaskedStrength {
  if (text === '' || /^(?:undefined|null|none|true|false)$/i.test(text)) return 'placeholder';
  if (
    /change[-_ ]?me|replace[-_ ]?me|your[-_ ]|placeholder|example|not-?real|^x{4,}|^<.*>$|^(?:admin|password|passwort|secret|token|test|demo|openclaw)[-_0-9!]*$/i.test(
      text,
    )
  )
    return 'placeholder';
  if (text.length < 24) return 'short';
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let perLetter = 0;
  for (const count of counts.values()) perLetter -= (count / text.length) * Math.log2(count / text.length);
  return perLetter * text.length < 64 ? 'weak' : 'strong';
}
