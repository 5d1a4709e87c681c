/** The accounts of a channel provider in a config, each as its provider wants to see it. */
import type { AccountView, ChannelProvider, Held } from '../channels/provider.ts';
import { isObject, type Json } from '../merge.ts';
import type { Variable } from './environment.ts';
import { below, textBelow } from './walk.ts';

export interface AccountSources {
  readonly config: Readonly<Json>;
  readonly environment: Pick<ReadonlyMap<string, Variable>, 'get' | 'has'>;
  /** What a value of the config stands for, when it is or names a secret. */
  held(value: unknown, location: string): Held | undefined;
  /** What lies in a file, one for each that a pattern names. */
  heldIn(path: string): readonly Held[];
  readonly dirs: { readonly home: string; readonly credentials: string };
}

/** The channel's own keys first, as `default`; also of accounts that are switched off. Empty when neither the config nor a variable speaks of it. */
export function accountsOf(provider: ChannelProvider, sources: AccountSources): readonly AccountView[] {
  const place = provider.at ?? `channels.${provider.channel}`;
  const root = below(sources.config, place);
  const accounts = below(root, 'accounts');
  const isNamed = Object.keys(provider.variables ?? {}).some((name) => sources.environment.has(name));
  if (!isObject(root) && !isNamed) return [];
  const named = isObject(accounts) ? Object.entries(accounts).slice(0, 200) : [];
  return [
    viewOf({ provider, sources, id: 'default', place, own: root, shared: root, isDefault: true }),
    ...named.map(([id, own]) => viewOf({ provider, sources, id, place: `${place}.accounts.${id}`, own, shared: root, isDefault: false })),
  ];
}

interface ViewOf {
  readonly provider: ChannelProvider;
  readonly sources: AccountSources;
  readonly id: string;
  readonly place: string;
  readonly own: unknown;
  readonly shared: unknown;
  readonly isDefault: boolean;
}

function viewOf({ provider, sources, id, place, own, shared, isDefault }: ViewOf): AccountView {
  const { variables = {}, files = {} } = provider;
  const variable = (name: string): string | undefined => sources.environment.get(name)?.value;
  const named = (key: string): readonly string[] =>
    isDefault ? Object.keys(variables).filter((name) => variables[name] === key && sources.environment.has(name)) : [];
  const text = (key: string): string | undefined =>
    textBelow(own, key) ??
    textBelow(shared, key) ??
    named(key)
      .map(variable)
      .find((value) => value !== undefined);
  const known = new Map<string, readonly Held[]>();
  const secrets = (key: string): readonly Held[] => {
    const found = known.get(key) ?? look(key);
    known.set(key, found);
    return found;
  };
  const look = (key: string): readonly Held[] => {
    const inline = sources.held(below(own, key), `config:${place}.${key}`);
    const fileKeys = Object.keys(files).filter((name) => files[name] === key);
    const paths = fileKeys.flatMap((name) => textBelow(own, name) ?? named(name).map(variable)).filter((path) => path !== undefined);
    const further = [...(provider.reads?.(view, sources.dirs) ?? [])].filter((read) => read.key === key).map(({ path }) => path);
    const fromVariables = named(key).flatMap((name): Held[] => {
      const found = sources.environment.get(name);
      if (found?.digest === undefined) return [];
      return [{ digest: found.digest, tells: found.tells, location: found.location, reference: `digest:${found.digest}` }];
    });
    return [...(inline === undefined ? [] : [inline]), ...[...paths, ...further].flatMap((path) => sources.heldIn(path)), ...fromVariables];
  };
  const view: AccountView = {
    id,
    isDefault,
    location: (key) => {
      const [name] = below(own, key) === undefined && below(shared, key) === undefined ? named(key) : [];
      return name === undefined ? `config:${place}.${key}` : (sources.environment.get(name)?.location ?? `env:${name}`);
    },
    text,
    number: (key) => {
      const value = below(own, key) ?? below(shared, key);
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    },
    names: (key) => {
      const value = below(own, key);
      return isObject(value) ? Object.keys(value).slice(0, 1000) : [];
    },
    secrets,
    told: (key, rule) =>
      secrets(key).flatMap(({ tells, location }) => {
        const said = tells[rule];
        return said === undefined ? [] : [{ text: said, location }];
      }),
    variable,
  };
  return view;
}
