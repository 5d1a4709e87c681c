/** The leaves of a config, and what a leaf may be: a masked secret, a reference to one, or something in the clear. */
import type { Masked } from '../masking.ts';
import { isObject } from '../merge.ts';

export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Everything but objects; references and masked secrets are leaves too, and lists. Stops at depth 20 and 20,000 leaves. */
export function* walk(root: unknown): Generator<Leaf> {
  let left = 20_000;
  function* visit(value: unknown, path: readonly string[]): Generator<Leaf> {
    if (left <= 0) return;
    const isLeaf = typeof value !== 'object' || value === null || Array.isArray(value) || isMasked(value) || referenceOf(value) !== undefined;
    const entries = isLeaf ? [] : Object.entries(value);
    if (entries.length === 0 || path.length >= 20) {
      left -= 1;
      yield { path, value };
      return;
    }
    for (const [key, child] of entries) yield* visit(child, [...path, key]);
  }
  yield* visit(root, []);
}

/** Masked secrets and references alone, in lists too: plans look at thousands of configs that hold a handful. Stops at depth 20 and 5,000 of them. */
export function secretsIn(root: unknown): readonly Leaf[] {
  const found: Leaf[] = [];
  const path: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string' ? !value.startsWith('$') : typeof value !== 'object' || value === null) return;
    if (found.length >= 5_000 || path.length > 20) return;
    if (isMasked(value) || referenceOf(value) !== undefined) found.push({ path: [...path], value });
    else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        path.push(key);
        visit((value as Readonly<Record<string, unknown>>)[key]);
        path.pop();
      }
    }
  };
  visit(root);
  return found;
}

export function isMasked(value: unknown): value is Masked {
  return isObject(value) && typeof value['masked'] === 'string';
}

export interface Reference {
  readonly source: string;
  readonly provider: string;
  readonly id: string;
}

/** `{source, provider, id}`, or the shorthand `${NAME}` and `$NAME`. Source: openclaw 2026.9.6 docs/gateway/secrets/secretref-contract.md. */
export function referenceOf(value: unknown): Reference | undefined {
  if (typeof value === 'string') {
    const name = /^\$(?:\{([A-Z][A-Z0-9_]{0,127})\}|([A-Z][A-Z0-9_]{0,127}))$/.exec(value);
    return name === null ? undefined : { source: 'env', provider: 'default', id: name[1] ?? name[2] ?? '' };
  }
  if (!isObject(value)) return undefined;
  const { source, provider, id } = value;
  return typeof source === 'string' && typeof provider === 'string' && typeof id === 'string' ? { source, provider, id } : undefined;
}

/** An object's own value at a dotted key below it. Plans ask this a hundred times for each tenant: no list of parts is made. */
export function below(value: unknown, key: string): unknown {
  let found = value;
  for (let from = 0; from <= key.length;) {
    const dot = key.indexOf('.', from);
    const part = dot < 0 ? key.slice(from) : key.slice(from, dot);
    if (!isObject(found) || !Object.hasOwn(found, part)) return undefined;
    found = found[part];
    if (dot < 0) break;
    from = dot + 1;
  }
  return found;
}

export function textBelow(value: unknown, key: string): string | undefined {
  const found = below(value, key);
  return typeof found === 'string' ? found : undefined;
}
