import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHANNELS } from './channels/index.ts';
import { keyPage, REVOKE_PAGES, revokePage } from './revoke-pages.ts';

test('every channel provider says where its credential is killed', () => {
  assert.deepEqual(Object.keys(REVOKE_PAGES).toSorted(), CHANNELS.map(({ channel }) => channel).toSorted());
});

test('a channel that nobody knows is not taken for one that is', () => {
  for (const name of ['constructor', 'new-one']) assert.equal(revokePage(name), `the console of ${name}: the page where its tokens are made`);
  assert.equal(keyPage('constructor'), 'the console of constructor: the page where its keys are made');
  assert.match(keyPage('anthropic'), /console\.anthropic\.com/);
});
