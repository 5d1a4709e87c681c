import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known, type Facts } from '../../src/core/facts.ts';
import { CHECKS } from '../../src/checks/index.ts';
import { observedFacts } from '../../src/checks/testing/clean-facts.ts';
import { CLEAN, MUTATIONS } from './index.ts';
import { score } from './score.ts';

test('every seeded leak is found, and none is invented', async (t) => {
  const { seeded, found, missed, invented } = await score(MUTATIONS, CLEAN);
  t.diagnostic(`mutations: ${found} of ${seeded} found, ${invented.length} false alarms`);
  assert.deepEqual(missed, []);
  assert.deepEqual(invented, []);
  assert.ok(seeded > 0);
});

/** It says `unknown` and nothing else: src/checks/gateway/not-running.ts. */
const NEVER_FAILS = ['gateway.not-running'];

test('every check has a leak that it must find', () => {
  const seeded = new Set(MUTATIONS.map(({ id }) => id));
  const without = CHECKS.map(({ id }) => id).filter((id) => !seeded.has(id));
  assert.deepEqual(without, NEVER_FAILS);
});

test('each leak is seeded once per disguise', () => {
  const names = MUTATIONS.map(({ id, disguise }) => `${id} (${disguise})`);
  assert.deepEqual(names, [...new Set(names)]);
});

test('a leak that no check finds is missed, and a finding that nothing explains is a false alarm', async () => {
  const root = (): Facts => observedFacts({}, { acme: () => ({ user: known({ name: 'bh-globex', uid: 1002 }, 'test') }) });
  const { missed, invented } = await score([{ id: 'state.dir-shared', disguise: 'not seeded at all', facts: root }], []);
  assert.deepEqual(missed, ['state.dir-shared (not seeded at all)']);
  assert.ok(
    invented.some((line) => line.startsWith('os.shared-uid on ')),
    invented.join(),
  );
});
