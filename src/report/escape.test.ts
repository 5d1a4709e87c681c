import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clip, escapeLines, escapeMarkdown, escapeForTerminal, markdownCode, printJson } from './escape.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\u001b',
      '\u009b',
      '\u0000',
      '\n',
      '\r',
      '\u202e',
      '\u2066',
      '\u200b',
      '\ufeff',
      '\u{e0041}',
      '\ud800',
      '\u0301',
      '|',
      '`',
      '<',
      'a',
      '\\',
      '_',
      '[',
      ')',
    ),
  }),
);
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

test('escape sequences, bidi marks, zero-width characters, line breaks and NUL become visible', () => {
  assert.equal(escapeForTerminal('a\u001b[2Jb'), 'a\\u{1b}[2Jb');
  assert.equal(escapeForTerminal('\u202egpj.exe'), '\\u{202e}gpj.exe');
  assert.equal(escapeForTerminal('ac\u200bme\u0000\r\n'), 'ac\\u{200b}me\\u{0}\\u{d}\\u{a}');
  assert.equal(escapeForTerminal('Žižkov 東京'), 'Žižkov 東京');
});

test('no text, however hostile, leaves an unprintable character, and escaping twice changes nothing', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const escaped = escapeForTerminal(text);
      assert.doesNotMatch(escaped, INVISIBLE);
      assert.equal(escapeForTerminal(escaped), escaped);
    }),
  );
});

test('a Markdown cell holds no pipe, no markup, no HTML and no line break from its text', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const cell = escapeMarkdown(text);
      assert.doesNotMatch(cell, INVISIBLE);
      assert.doesNotMatch(cell, /[|`<>]/u);
      assert.doesNotMatch(cell, /(?<!\\)[*_[\]]/u);
    }),
  );
});

test('addresses in Markdown text do not become links', () => {
  assert.equal(escapeMarkdown('see https://evil.example'), 'see https&#58;//evil.example');
  assert.equal(escapeMarkdown('[x](javascript:1)'), '\\[x\\](javascript:1)');
  assert.equal(escapeMarkdown('- item'), '\\- item');
});

test('a code span cannot be closed or split from inside', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      assert.match(markdownCode(text), /^`[^`|\n]+`$/u);
    }),
  );
});

test('printed JSON is printable and parses to the same value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), hostile), (value) => {
      const printed = printJson(value);
      assert.doesNotMatch(printed.replaceAll('\n', ''), INVISIBLE);
      assert.deepEqual(JSON.parse(printed), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('lines keep their breaks and cutting is visible', () => {
  assert.deepEqual(escapeLines('a\r\nb\u0007'), ['a', 'b\\u{7}']);
  assert.equal(clip('abcdef', 4), 'abc…');
  assert.equal(clip('abc', 4), 'abc');
});
