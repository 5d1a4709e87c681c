/** Identities as the product reads them: a config is masked, variables are layered, files are given by their text. */
import { effectiveEnvironment } from '../../credentials/environment.ts';
import { MASKING } from '../../credentials/masking-rules.ts';
import { readCredentials, type Credentials } from '../../credentials/credentials.ts';
import { VISIBLE_NAMES } from '../../credentials/variables.ts';
import { makeMasker } from '../../masking.ts';
import { isObject } from '../../merge.ts';

const KEY = 'cd'.repeat(32);

export interface Given {
  readonly channels?: unknown;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** Path as it is asked for → text. */
  readonly files?: Readonly<Record<string, string>>;
}

export function read({ channels, config = {}, variables = {}, files = {} }: Given): Credentials {
  const masker = makeMasker(KEY, MASKING);
  const masked = masker.config(channels === undefined ? config : { ...config, channels });
  const told = Object.entries(variables).map(([name, value]) => [name, VISIBLE_NAMES.includes(name) ? value : masker.text(value)] as const);
  return readCredentials({
    config: isObject(masked) ? masked : {},
    environment: effectiveEnvironment([{ layer: 'process', location: (name) => `env:${name}`, variables: Object.fromEntries(told) }], {}),
    files: Object.entries(files).map(([path, text]) => ({ wanted: path, location: `file:${path}`, identity: path, value: masker.text(text) })),
    store: new Map(),
    dirs: { home: '/t/home', credentials: '/t/state/credentials', config: '/t/config' },
  });
}

/** What can be told of the accounts: `channel account`, with the kind where it is not the account itself. Sorted, once each. */
export function accounts(given: Given): readonly string[] {
  const told = read(given).identities.flatMap(({ channel, account, kind }) =>
    account === undefined ? [] : [`${channel} ${account}${kind === undefined ? '' : ` (${kind})`}`],
  );
  return [...new Set(told)].toSorted();
}

/** How many credentials count as the account. */
export function credentials(given: Given): number {
  return new Set(read(given).identities.flatMap(({ account, reference }) => (account === undefined ? [reference] : []))).size;
}
