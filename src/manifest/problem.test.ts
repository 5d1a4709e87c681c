import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem, listProblems, nearest } from './problem.ts';
import { excerpt } from './text.ts';

test('a problem is one line: place, sentence, suggestion', () => {
  const problem = { path: 'a/bulkhead.yaml', line: 12, column: 5, text: 'channel', message: 'unknown key "channel"' };
  assert.equal(formatProblem(problem), 'a/bulkhead.yaml:12:5: unknown key "channel"');
  assert.equal(formatProblem({ ...problem, suggestion: 'channels' }), 'a/bulkhead.yaml:12:5: unknown key "channel"; did you mean "channels"?');
  assert.equal(formatProblem({ ...problem, path: 'a\u001B[2J\n' }), 'a\\u{1b}[2J\\n:12:5: unknown key "channel"');
});

test('problems are listed once, by place', () => {
  const complaint = (line: number, column: number, message: string) => ({ at: { line, column }, text: '', message });
  const problems = listProblems('f', [complaint(2, 1, 'c'), complaint(1, 9, 'b'), complaint(1, 2, 'a'), complaint(1, 9, 'b')]);
  assert.deepEqual(
    problems.map(({ message }) => message),
    ['a', 'b', 'c'],
  );
});

test('a suggestion is looked for only for problems that are listed', () => {
  let asked = 0;
  const suggest = (): undefined => {
    asked += 1;
    return undefined;
  };
  const complaints = Array.from({ length: 500 }, (_, index) => ({ at: { line: index + 1, column: 1 }, text: '', message: 'm', suggest }));
  assert.equal(listProblems('f', complaints).length, 25);
  assert.equal(asked, 24);
});

test('the nearest word is at most two edits away, one for short words', () => {
  assert.equal(nearest('channel', ['hosts', 'channels']), 'channels');
  assert.equal(nearest('cleints', ['team', 'clients']), 'clients');
  assert.equal(nearest('Fleet', ['fleet']), 'fleet');
  assert.equal(nearest('polcies', ['policy', 'police']), 'police');
  assert.equal(nearest('cpx', ['cpu', 'pids']), 'cpu');
  assert.equal(nearest('xyz', ['cpu']), undefined);
  assert.equal(nearest('zebra', ['policy', 'trust']), undefined);
  assert.equal(nearest('a'.repeat(1000), ['a'.repeat(999)]), undefined);
});

test('an excerpt is cut, and shows what cannot be seen', () => {
  assert.equal(excerpt('plain'), 'plain');
  assert.equal(excerpt('a"b\\c\n\t\u202E\u{E0001}'), 'a\\"b\\\\c\\n\\t\\u{202e}\\u{e0001}');
  assert.equal(excerpt('x'.repeat(100), 10), 'xxxxxxxxxx…');
  assert.equal(excerpt(`${'x'.repeat(9)}😀y`, 10), 'xxxxxxxxx…');
});
