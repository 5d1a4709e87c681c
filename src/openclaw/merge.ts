/** Deep merge of JSON objects. */

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `over` wins; objects merge key by key, everything else (lists too) is replaced. Neither is changed. */
export function merge(under: Readonly<Json>, over: Readonly<Json>): Json {
  const merged: Json = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = isObject(value) && isObject(below) ? merge(below, value) : value;
  }
  return merged;
}
