import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known, unknown } from '../core/facts.ts';
import { besideCell } from './beside-cell.ts';

const cell = { tenant: 'acme', cell: 'acme', stop: 'openclaw fleet stop acme' };

test('a cell that is stopped, or gone, is nothing to tell', () => {
  assert.deepEqual(besideCell({ ...cell, running: known(false, 'docker') }), []);
});

test('one that runs is found, and one that could not be asked for is no pass', () => {
  const told = [known(true, 'docker'), unknown('docker does not answer')].map((running) => besideCell({ ...cell, running })[0]);
  assert.deepEqual(
    told.map((one) => [one?.id, one?.verdict, one?.severity, one?.tenants]),
    [
      ['adoption.cell-runs', 'fail', 'high', ['acme']],
      ['adoption.cell-runs', 'unknown', 'high', ['acme']],
    ],
  );
  assert.match(told[1]?.message ?? '', /could not be seen: docker does not answer/);
});
