import assert from 'node:assert/strict';
import { totalmem } from 'node:os';
import { test } from 'node:test';
import { BulkheadError } from '../core/error.ts';
import { localHost } from '../hosts/local.ts';
import { askRoom, roomOf } from './room.ts';

const signal = new AbortController().signal;

test('a tenth of a machine’s memory, and one GiB at least, is not for tenants', () => {
  assert.equal(roomOf(100 * 2 ** 30), 90 * 2 ** 30);
  assert.equal(roomOf(4 * 2 ** 30), 3 * 2 ** 30);
  assert.equal(roomOf(2 ** 29), 0);
});

test(
  'a machine is asked for its memory, and one that cannot be used says why',
  { skip: process.platform === 'linux' ? false : 'needs Linux' },
  async () => {
    const room = await askRoom('local', () => localHost(), signal);
    assert.deepEqual(room, { known: true, value: roomOf(totalmem()), source: '/proc/meminfo' });
    const refused = await askRoom(
      'edge-1',
      () => {
        throw new BulkheadError('host', 'edge-1 does not answer', 'ssh edge-1');
      },
      signal,
    );
    assert.ok(!refused.known && refused.why.includes('edge-1 does not answer'));
  },
);
