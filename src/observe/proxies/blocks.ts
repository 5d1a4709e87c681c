/** Text in the shape that nginx and Caddy share: words, quotes, comments, blocks in braces. */
import { Unreadable } from './unreadable.ts';

export interface Directive {
  readonly line: number;
  readonly words: readonly string[];
  /** Absent for a directive without a block. */
  readonly block?: readonly Directive[];
}

interface Word {
  readonly text: string;
  readonly line: number;
  readonly quoted: boolean;
}

const MOST_WORDS = 50_000;
const MOST_DEPTH = 20;

/** `end`: what closes a directive, `;` for nginx, a line end for Caddy. */
export function parseBlocks(path: string, text: string, end: ';' | '\n'): readonly Directive[] {
  const words = [...wordsOf(path, text, end)];
  let at = 0;
  const parse = (depth: number): readonly Directive[] => {
    if (depth > MOST_DEPTH) throw new Unreadable(path, `blocks are nested deeper than ${MOST_DEPTH}`);
    const directives: Directive[] = [];
    let current: Word[] = [];
    const finish = (block?: readonly Directive[]): void => {
      const [first] = current;
      if (first !== undefined || block !== undefined)
        directives.push({
          line: first?.line ?? words[at]?.line ?? 1,
          words: current.map((word) => word.text),
          ...(block === undefined ? {} : { block }),
        });
      current = [];
    };
    for (; at < words.length; at += 1) {
      const word = words[at];
      if (word === undefined) break;
      if (word.quoted || !['{', '}', ';', '\n'].includes(word.text)) current.push(word);
      else if (word.text === '{') {
        at += 1;
        finish(parse(depth + 1));
      } else if (word.text === '}') {
        finish();
        if (depth === 0) throw new Unreadable(`${path}:${word.line}`, 'a brace closes nothing');
        return directives;
      } else finish();
    }
    if (depth > 0) throw new Unreadable(path, 'a block is not closed');
    finish();
    return directives;
  };
  return parse(0);
}

function* wordsOf(path: string, text: string, end: ';' | '\n'): Iterable<Word> {
  const token =
    /(#[^\n]*)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|(\n)|((?:\\.|\$\{[^}\s]{0,200}\}|\{[A-Za-z$][^\s{};]{0,200}\}|[^\s{};"'#`])(?:\\.|\$\{[^}\s]{0,200}\}|\{[A-Za-z$][^\s{};]{0,200}\}|[^\s{};])*)|([{};])|(\s)/gsy;
  let line = 1;
  let count = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [all, comment, double, single, back, newline, word, mark] = match;
    const quoted = double ?? single ?? back;
    count += 1;
    if (count > MOST_WORDS * 4) throw new Unreadable(path, 'it is too long');
    if (comment === undefined) {
      if (quoted !== undefined) yield { text: quoted, line, quoted: true };
      else if (word !== undefined) yield { text: word, line, quoted: false };
      else if (mark === '{' || mark === '}' || (mark === ';' && end === ';')) yield { text: mark, line, quoted: false };
      else if (mark === ';') yield { text: mark, line, quoted: true };
      else if (newline !== undefined && end === '\n') yield { text: '\n', line, quoted: false };
    }
    line += all.split('\n').length - 1;
    if (token.lastIndex >= text.length) return;
  }
  throw new Unreadable(`${path}:${line}`, 'a quote is not closed');
}
