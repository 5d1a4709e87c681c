/**
 * Runs as a tenant's own OS user (Node on standard input): what its secret files, environment files, credential stores and shell histories
 * hold, as digests; and which objects its directories are. Decides nothing. All of it was written by the tenant: every read is bounded.
 */
import { readdirSync } from 'node:fs';
import { makeMasker, type Masked, type Masker, type MaskingRules } from '../openclaw/masking.ts';
import { placeOf, readBounded, readEnd, sortOf } from './bounded-read.ts';
import { readStores, type StoresSeen } from './credential-stores.ts';
import { splitDotenv, tellVariables } from './variables.ts';
import { attempt, type Seen } from './seen.ts';

export interface SecretsRequest {
  /** Random key of this run, hex. */
  readonly key: string;
  readonly rules: MaskingRules;
  /** Names of variables that may be told. */
  readonly visible: readonly string[];
  /** A segment `*` is any name; with a pointer (RFC 6901) one value of the JSON in it. `must`: it is declared, so that its absence is no answer. */
  readonly files: readonly { readonly path: string; readonly pointer?: string; readonly must?: boolean }[];
  readonly envFiles: readonly { readonly layer: string; readonly path: string }[];
  readonly places: readonly { readonly what: string; readonly path: string }[];
  /** Directory of agents, each with a database of its own; further agent directories. */
  readonly agents: { readonly parent: string; readonly more: readonly string[] };
  readonly stateDatabase: string;
  /** Shell histories, and the digests that are looked for in them beside what the files hold. */
  readonly histories: readonly string[];
  readonly digests: readonly string[];
}

interface Place {
  readonly declared: string;
  readonly real: string;
  readonly exists: boolean;
  readonly identity?: string;
}

export interface SecretsCollected {
  readonly files: Seen<
    readonly { readonly wanted: string; readonly pointer?: string; readonly file: string; readonly identity: string; readonly value: Masked }[]
  >;
  readonly envFiles: Seen<readonly { readonly layer: string; readonly place: Place; readonly variables: Record<string, string | Masked> }[]>;
  readonly places: Seen<readonly (Place & { readonly what: string })[]>;
  readonly stores: Seen<StoresSeen>;
  readonly histories: Seen<readonly { readonly file: string; readonly digest: string }[]>;
}

const MOST_FILES = 500;
const MOST_BYTES = 1 << 20;

export async function main(request: SecretsRequest): Promise<SecretsCollected> {
  const masker = makeMasker(request.key, request.rules);
  const visible = new Set(request.visible);
  const files = attempt(() => request.files.flatMap((file) => readSecrets(file, masker)));
  const wanted = new Set([...request.digests, ...(files.ok ? files.value.map(({ value }) => value.masked) : [])]);
  return {
    files,
    envFiles: attempt(() =>
      request.envFiles.map(({ layer, path }) => {
        const text = readOptional(path);
        return { layer, place: placeOf(path), variables: text === undefined ? {} : tellVariables(splitDotenv(text), visible, masker) };
      }),
    ),
    places: attempt(() => request.places.map(({ what, path }) => ({ what, ...placeOf(path) }))),
    stores: attempt(() => readStores(request, masker)),
    histories: attempt(() => request.histories.flatMap((file) => searchHistory(file, wanted, masker))),
  };
}

function readSecrets(
  { path, pointer, must }: SecretsRequest['files'][number],
  masker: Masker,
): SecretsCollected['files'] extends Seen<infer L> ? L : never {
  return expand(path).flatMap((file) => {
    const text = must === true ? readBounded(file, MOST_BYTES) : readOptional(file);
    if (text === undefined) return [];
    const value = pointer === undefined ? text : valueAt(file, text, pointer);
    const { real, identity } = placeOf(file);
    return value === undefined
      ? []
      : [{ wanted: path, ...(pointer === undefined ? {} : { pointer }), file, identity: identity ?? real, value: masker.text(value) }];
  });
}

/** What is absent holds no secret; what cannot be read may hold one. */
function readOptional(path: string): string | undefined {
  const sort = sortOf(path);
  return sort === 'absent' ? undefined : readBounded(path, MOST_BYTES);
}

function valueAt(file: string, text: string, pointer: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    throw new Error(`${file} is no JSON, and a secret in it is named by a pointer`);
  }
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' ? value : undefined;
}

/** One segment may be `*`. */
function expand(path: string): readonly string[] {
  const at = path.indexOf('/*/');
  if (at < 0) return [path];
  let names;
  try {
    names = readdirSync(path.slice(0, at));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
  if (names.length > MOST_FILES) throw new Error(`${path.slice(0, at)} has more than ${MOST_FILES} entries`);
  return names.map((name) => `${path.slice(0, at)}/${name}/${path.slice(at + 3)}`);
}

/** Words of the last megabyte that are one of the secrets. */
function searchHistory(file: string, wanted: ReadonlySet<string>, masker: Masker): readonly { readonly file: string; readonly digest: string }[] {
  if (sortOf(file) === 'absent') return [];
  const words = new Set(
    readEnd(file, MOST_BYTES)
      .split(/[\s=,'"]+/)
      .filter((word) => word.length >= 12 && word.length <= 4096),
  );
  const digests = new Set([...words].slice(0, 100_000).map((word) => masker.text(word).masked));
  return [...digests].filter((digest) => wanted.has(digest)).map((digest) => ({ file, digest }));
}
