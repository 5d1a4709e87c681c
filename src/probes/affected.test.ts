import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSlow, silences } from './affected.ts';
import { readReleased } from './lines.ts';

const AT_REST = { before: 3, during: 20, after: 4, asked: 12, silent: 0 };

test('a gateway that is ten times as slow and takes more than a second is slow, one of the two is not enough; one that does not answer is silenced', () => {
  for (const bearable of [{}, { during: 900 }, { before: 400, during: 3000 }]) assert.equal(isSlow({ ...AT_REST, ...bearable }), false);
  assert.equal(isSlow({ ...AT_REST, during: 1200 }), true);
  assert.deepEqual(silences({ ...AT_REST, during: 1200 }), []);
  assert.match(silences({ ...AT_REST, silent: 2 })[0] ?? '', /^its gateway did not answer 2 times/);
  const { after, ...hung } = AT_REST;
  assert.equal(after, 4);
  assert.match(silences(hung)[0] ?? '', /^its gateway did not answer after the attacks: .*median of 12\)$/);
});

test('figures that a tenant made up are none', () => {
  const told = (health: unknown): unknown => readReleased(JSON.stringify({ released: true, affected: [], noticesChange: true, health }))?.health;
  assert.deepEqual(told(AT_REST), AT_REST);
  for (const wrong of [{}, { ...AT_REST, silent: -1 }, { ...AT_REST, during: '1' }, []]) assert.equal(told(wrong), undefined);
});
