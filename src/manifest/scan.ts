/** The first look at a manifest's bytes: size, encoding, characters and the YAML features that are refused, before any tree is built. */
import { Lexer, LineCounter } from 'yaml';
import type { Position } from '../core/fleet.ts';
import type { Complaint } from './problem.ts';
import { codePointName, forbiddenAt } from './text.ts';

/** Bytes. Some 2,500 tenants of ordinary size. */
export const MAX_BYTES = 1024 * 1024;
/** Nesting of mappings and lists. */
export const MAX_DEPTH = 32;
/** Lexical tokens; an ordinary manifest of MAX_BYTES has fewer. Bounds the work of the YAML parser. */
const MAX_TOKENS = 300_000;

export type Scan = { readonly ok: true; readonly text: string; readonly lines: LineCounter } | { readonly ok: false; readonly complaint: Complaint };

const START: Position = { line: 1, column: 1 };

export function scanSource(source: string | Uint8Array): Scan {
  if (source.length > MAX_BYTES) return tooBig();
  const decoded = typeof source === 'string' ? source : decode(source);
  if (typeof decoded !== 'string') return { ok: false, complaint: decoded };
  const text = decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded;
  if (typeof source === 'string' && new TextEncoder().encode(text).length > MAX_BYTES) return tooBig();
  const lines = countLines(text);
  const bad = forbiddenAt(text);
  if (bad >= 0) {
    const name = codePointName(text, bad);
    return refuse(lines, bad, `the character ${name} is not allowed: it is invisible or changes how text is shown`, name);
  }
  return refusedSyntax(text, lines) ?? { ok: true, text, lines };
}

export function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function tooBig(): Scan {
  return { ok: false, complaint: { at: START, text: '', message: `the manifest is larger than ${MAX_BYTES / 1024} KiB` } };
}

function decode(bytes: Uint8Array): string | Complaint {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return { at: positionOf(countLines(lenient), Math.max(lenient.indexOf('\uFFFD'), 0)), text: '', message: 'the manifest is not UTF-8 text' };
  }
}

function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}

function refuse(lines: LineCounter, offset: number, message: string, text: string): Scan {
  return { ok: false, complaint: { at: positionOf(lines, offset), text, message } };
}

/** Aliases, anchors, tags, directives, second documents and bottomless brackets, found on tokens: nothing is expanded or nested yet. */
function refusedSyntax(text: string, lines: LineCounter): Scan | undefined {
  let offset = 0;
  let tokens = 0;
  let brackets = 0;
  let content = false;
  let literal = false;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > MAX_TOKENS) return refuse(lines, offset, `the manifest has more than ${MAX_TOKENS} tokens`, '');
    const first = token[0] ?? '';
    if (first === DOCUMENT) {
      if (content) return refuse(lines, offset, SECOND_DOCUMENT, '');
      continue;
    }
    if (first === SCALAR || first === FLOW_ERROR) {
      literal = first === SCALAR;
      continue;
    }
    if (!literal) {
      if (token === '---' && content) return refuse(lines, offset, SECOND_DOCUMENT, '---');
      const reason = REFUSED[first];
      if (reason !== undefined) return refuse(lines, offset, reason, first);
      if (first === '[' || first === '{') brackets += 1;
      if (first === ']' || first === '}') brackets -= 1;
      if (brackets > MAX_DEPTH) return refuse(lines, offset, `nested deeper than ${MAX_DEPTH} levels`, first);
    }
    if (literal || !BLANK.test(token)) content = true;
    literal = false;
    offset += token.length;
  }
  return undefined;
}

// Markers of the `yaml` lexer; the characters cannot come from the text, where controls are refused first.
const DOCUMENT = '\u0002';
const FLOW_ERROR = '\u0018';
const SCALAR = '\u001F';
const BLANK = /^(?:\s*|#.*)$/;
const SECOND_DOCUMENT = 'a manifest is one YAML document';
const REFUSED: Readonly<Record<string, string>> = {
  '&': 'anchors are not allowed in a manifest: write the value where it is used',
  '*': 'aliases are not allowed in a manifest: write the value where it is used',
  '!': 'tags are not allowed in a manifest',
  '%': 'YAML directives are not allowed in a manifest',
};
