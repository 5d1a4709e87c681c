/** Makes text that a tenant may have written safe to print: nothing invisible, nothing that a terminal or a page would obey. */

/** Code points that are never printed as they are: controls, format and bidi marks, fillers, odd spaces, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;
/** More than three combining marks on one letter paint over neighbouring lines. */
const PILED_MARKS = /(?<=\p{M}{3})\p{M}/gu;
const JSON_UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function codePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** One line of printable text; what was unprintable shows as `\u{1b}`. Applying it twice changes nothing. */
export function escapeForTerminal(text: string): string {
  return text.replace(UNPRINTABLE, codePoint).replace(PILED_MARKS, codePoint);
}

/** Like escapeForTerminal, but keeps line breaks, each line escaped by itself. */
export function escapeLines(text: string): readonly string[] {
  return text.split(/\r?\n/u).map(escapeForTerminal);
}

/** Text for Markdown prose or a table cell: no markup, no HTML, no link that was not written by us. */
export function escapeMarkdown(text: string): string {
  return escapeForTerminal(text)
    .replace(/[&<>|`"]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replace(/[\\*_[\]~#!$]/gu, '\\$&')
    .replace(/:(?=\/\/)|@|(?<=\bwww)\./giu, (character) => `&#${character.codePointAt(0)};`)
    .replace(/^(\s*)([-+=])/u, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/u, '$1\\$2');
}

/** Text as a Markdown code span that cannot be closed from inside and cannot split a table row. */
export function markdownCode(text: string): string {
  const inside = escapeForTerminal(text).replace(/[`|]/gu, codePoint);
  return inside === '' ? '` `' : `\`${inside}\``;
}

/** Cuts at `max` code points and says so with an ellipsis. */
export function clip(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, Math.max(0, max - 1)).join('')}…`;
}

/** JSON whose text is printable in any terminal; parses to exactly the same value. Without indent it is one line. */
export function printJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(JSON_UNSAFE, (character) =>
    character === '\n'
      ? character
      : [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
