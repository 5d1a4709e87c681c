import assert from 'node:assert/strict';
import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { test } from 'node:test';
import { BulkheadError } from '../core/error.ts';
import { localHost } from '../hosts/local.ts';
import { askRoom, roomOf } from './room.ts';

const signal = new AbortController().signal;

test('a tenth of what a machine has, and a reserve at least, is not for tenants', () => {
  assert.equal(roomOf(100 * 2 ** 30), 90 * 2 ** 30);
  assert.equal(roomOf(4 * 2 ** 30), 3 * 2 ** 30);
  assert.equal(roomOf(2 ** 29), 0);
  assert.equal(roomOf(20 * 2 ** 30, 5 * 2 ** 30), 15 * 2 ** 30);
});

test(
  'a machine is asked for its memory and its disk, and one that cannot be used says why',
  { skip: process.platform === 'linux' ? false : 'needs Linux' },
  async () => {
    const room = await askRoom('local', () => localHost(), signal);
    const { bsize, blocks } = statfsSync('/var/lib');
    const value = { memoryBytes: roomOf(totalmem()), diskBytes: roomOf(bsize * blocks, 5 * 2 ** 30) };
    assert.deepEqual(room, { known: true, value, source: '/proc/meminfo, df' });
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
