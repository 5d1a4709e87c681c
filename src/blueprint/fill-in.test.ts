import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternOf } from './fill-in.ts';

test('a copy holds their texts wherever the value holds its own, and shares the rest', () => {
  const value = { paths: ['/t/a/home', '/t/a', 'x:/t/a/x:/s/a', '/t'], rest: { deep: ['/t/b'] }, port: 1, none: null };
  const pattern = patternOf(value, ['/t/a', '/s/a']);
  const copy = pattern(['/t/long', '/s/long']);
  assert.deepEqual(copy, { paths: ['/t/long/home', '/t/long', 'x:/t/long/x:/s/long', '/t'], rest: { deep: ['/t/b'] }, port: 1, none: null });
  assert.equal(copy.rest, value.rest);
  assert.deepEqual(pattern(['/t/a', '/s/a']), value);
});

test('their text is not looked at for what it holds in turn', () => {
  assert.deepEqual(patternOf(['a', 'b', 'ab'], ['a', 'b'])(['b', 'a']), ['b', 'a', 'ba']);
});

test('what is kept under an own text is kept under theirs', () => {
  assert.deepEqual(patternOf({ '/t/a': 1, b: 2 }, ['/t/a'])(['/t/long']), { '/t/long': 1, b: 2 });
});
