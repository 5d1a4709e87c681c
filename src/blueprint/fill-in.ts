/**
 * Texts that differ between two tenants only in what is a tenant's own, as patterns to be filled in: what holds none of them is shared, not
 * copied. For plans of thousands of tenants.
 */

/** What stands for a tenant in texts, in one order for all: the n-th of one takes the place of the n-th of another. */
export type OwnTexts = readonly string[];

/** Makes the copy of a value for a tenant. */
export type Pattern<T> = (theirs: OwnTexts) => T;

type Fill = (texts: readonly string[]) => unknown;

/** A copy of a value for somebody else: wherever it holds a text of `own`, at whatever place in a string, the copy holds theirs. */
export function patternOf<T>(value: T, own: OwnTexts): Pattern<T> {
  const patterns = new Map<string, { readonly index: number; readonly parts: readonly (string | number)[] }>();
  const numberOf = (text: string): number | undefined => {
    const known = patterns.get(text);
    if (known !== undefined) return known.index;
    const parts = partsOf(text, own);
    if (parts.every((part) => typeof part === 'string')) return undefined;
    patterns.set(text, { index: patterns.size, parts });
    return patterns.size - 1;
  };
  const fill = fillerOf(value, numberOf);
  if (fill === undefined) return () => value;
  const all = [...patterns.values()].map(({ parts }) => parts);
  // The same path stands in many facts: its text is made once for each tenant.
  return (theirs) => fill(all.map((parts) => joined(parts, theirs))) as T; // a copy of a T, text for text
}

/** A text in pieces: itself, and numbers where own texts stand. */
function partsOf(text: string, own: OwnTexts): readonly (string | number)[] {
  let parts: readonly (string | number)[] = [text];
  own.forEach((needle, index) => {
    parts = parts.flatMap((part) => {
      if (typeof part !== 'string' || !part.includes(needle)) return [part];
      return part.split(needle).flatMap((piece, at): (string | number)[] => (at === 0 ? [piece] : [index, piece]));
    });
  });
  return parts;
}

function joined(parts: readonly (string | number)[], theirs: OwnTexts): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : (theirs[part] ?? '');
  return text;
}

/** Undefined for what holds nothing of anybody's. */
function fillerOf(value: unknown, numberOf: (text: string) => number | undefined): Fill | undefined {
  if (typeof value === 'string') {
    const number = numberOf(value);
    return number === undefined ? undefined : (texts) => texts[number];
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  if (!isList && entries.some(([key]) => numberOf(key) !== undefined)) {
    const pairs = fillerOf(entries, numberOf);
    return pairs === undefined ? undefined : (texts) => Object.fromEntries(pairs(texts) as typeof entries); // a copy of them
  }
  const changing = entries.flatMap(([key, child]) => {
    const fill = fillerOf(child, numberOf);
    return fill === undefined ? [] : [[key, fill] as const];
  });
  if (changing.length === 0) return undefined;
  return (texts) => {
    const copy: Record<string, unknown> | unknown[] = isList ? [...value] : { ...value };
    for (const [key, fill] of changing) (copy as Record<string, unknown>)[key] = fill(texts); // an index of a list is a key too
    return copy;
  };
}
