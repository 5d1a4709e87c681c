import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known, unknown } from '../core/facts.ts';
import type { SupervisorObserved } from '../core/host.ts';
import { unsupervised } from './supervised.ts';

const seen = (alive: boolean, services: SupervisorObserved['services']): SupervisorObserved => ({ alive, services });
const one: SupervisorObserved['services'] = new Map([['bh-a', { definition: '', status: { name: 'bh-a', state: 'running', restarts: 0 } }]]);

test('a supervisor that runs, or has nothing to keep, is no finding', () => {
  assert.deepEqual(unsupervised(known(seen(true, one), 'x'), ['a']), []);
  assert.deepEqual(unsupervised(known(seen(false, new Map()), 'x'), ['a']), []);
});

test('one that is gone or hangs is told for all tenants, below what decides', () => {
  for (const observed of [known(seen(false, one), 'x'), unknown('it did not answer within 20000 ms')]) {
    const [finding, ...more] = unsupervised(observed, ['a', 'b']);
    assert.deepEqual([finding?.verdict, finding?.severity, finding?.tenants, more.length], ['fail', 'warn', ['a', 'b'], 0]);
  }
  assert.match(unsupervised(unknown('it did not answer within 20000 ms'), ['a'])[0]?.message ?? '', /did not answer within/);
});
