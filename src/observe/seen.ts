/** What a collector saw, or why it could not look. Travels with the collectors. */
export type Seen<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export function attempt<T>(look: () => T): Seen<T> {
  try {
    return { ok: true, value: look() };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message.slice(0, 300) : 'an unnamed error' };
  }
}
