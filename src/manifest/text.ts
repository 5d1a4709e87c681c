/** Characters: which ones a manifest may hold, and how foreign text is shown. */

/**
 * Invisible or steering characters: controls, bidirectional overrides, zero-width marks, line separators, unpaired surrogates,
 * private and unassigned ones. Tab and newlines are not in it; the two joiners that some scripts need are not either.
 */
const FORBIDDEN = /(?![\t\n\r\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/u;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}"\\]/gu;
const PARENT_SEGMENT = /(?:^|[/\\])\.\.(?:[/\\]|$)/;

/** Index of the first forbidden character, or -1. */
export function forbiddenAt(text: string): number {
  return text.search(FORBIDDEN);
}

/** `U+202E` of the character at an index. */
export function codePointName(text: string, index: number): string {
  return `U+${(text.codePointAt(index) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Whether `..` is a path segment of the text. */
export function climbs(text: string): boolean {
  return PARENT_SEGMENT.test(text);
}

/** Text cut to `limit` characters, with everything invisible or steering written out; fit for a terminal, between quotes. */
export function excerpt(text: string, limit = 60): string {
  const cut = text.length > limit ? `${text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
  return cut.replace(UNPRINTABLE, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    if (character === '"' || character === '\\') return `\\${character}`;
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
