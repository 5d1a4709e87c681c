import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hindrances } from './affected.ts';
import { readReleased } from './lines.ts';

const AT_REST = { before: 3, during: 20, after: 4, asked: 12, silent: 0 };

test('a gateway that is ten times as slow and takes more than a second is hindered; one of the two is not enough', () => {
  assert.deepEqual(hindrances(AT_REST), []);
  assert.deepEqual(hindrances({ ...AT_REST, during: 900 }), []);
  assert.deepEqual(hindrances({ ...AT_REST, before: 400, during: 3000 }), []);
  assert.match(
    hindrances({ ...AT_REST, during: 1200 })[0] ?? '',
    /^its gateway was slow: it answered in 3 ms before, 1200 ms while attacked \(median of 12\)/,
  );
  assert.match(hindrances({ ...AT_REST, silent: 2 })[0] ?? '', /^its gateway did not answer 2 times/);
  const { after, ...hung } = AT_REST;
  assert.equal(after, 4);
  assert.match(hindrances(hung)[0] ?? '', /^its gateway did not answer after the attacks: .*median of 12\)$/);
});

test('figures that a tenant made up are none', () => {
  const told = (health: unknown): unknown => readReleased(JSON.stringify({ released: true, affected: [], noticesChange: true, health }))?.health;
  assert.deepEqual(told(AT_REST), AT_REST);
  for (const wrong of [{}, { ...AT_REST, silent: -1 }, { ...AT_REST, during: '1' }, []]) assert.equal(told(wrong), undefined);
});
