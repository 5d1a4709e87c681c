/** Words into lines and tables for a terminal of a given width. Text that comes in is already escaped. */

/** How to print: both come from the caller, nothing here looks at the terminal. */
export interface PrintOptions {
  readonly color: boolean;
  /** Columns of the terminal; lines are wrapped to it, tables may exceed it. */
  readonly width: number;
}

export type Paint = (text: string) => string;

/** Colours with a meaning each; identity functions when colour is off. */
export interface Palette {
  readonly good: Paint;
  readonly bad: Paint;
  readonly doubt: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

export function palette(color: boolean): Palette {
  const paint = (code: number): Paint => (color ? (text) => `\u001b[${code}m${text}\u001b[0m` : (text) => text);
  return { good: paint(32), bad: paint(31), doubt: paint(33), faint: paint(2), strong: paint(1) };
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const SGR = /\u001b\[\d+m/gu;

/** Terminal columns that a text takes, colours not counted. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text.replace(SGR, '')) columns += /\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

/** Wraps at spaces; a word longer than the line is cut into pieces. The first line starts with `first`, the others with `rest`. */
export function wrap(text: string, width: number, first = '', rest = first): readonly string[] {
  const room = Math.max(8, width - columnsOf(rest));
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => pieces(part, room))) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((each, at) => (at === 0 ? first : rest) + each);
}

function pieces(word: string, room: number): readonly string[] {
  if (columnsOf(word) <= room) return [word];
  const all: string[] = [];
  let piece = '';
  for (const character of word) {
    if (columnsOf(piece + character) > room) {
      all.push(piece);
      piece = character;
    } else piece += character;
  }
  return [...all, piece];
}

/** Columns as wide as their widest cell, two spaces between them, no trailing space. */
export function table(rows: readonly (readonly string[])[], indent = '  '): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, columnsOf(cell));
  return rows.map((row) => (indent + row.map((cell, at) => pad(cell, widths[at] ?? 0)).join('  ')).trimEnd());
}

/** `acme, globex and 3 more`. */
export function listOf(names: readonly string[], max: number): string {
  return names.length <= max ? names.join(', ') : `${names.slice(0, max).join(', ')} and ${names.length - max} more`;
}

/** `1 check`, `2 checks`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `2026-11-24 01:32 UTC`. */
export function minute(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/u.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;
}
