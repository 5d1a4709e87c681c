import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conformsToHost } from '../../test/conformance/host.ts';
import { BulkheadError } from '../core/error.ts';
import { localHost } from './local.ts';

const never = new AbortController().signal;

conformsToHost({ name: 'local', make: async (limits) => localHost(limits), skip: false, runs: 40 });

test('Variables that every program is to have are added', async () => {
  const result = await localHost({ environment: { COLOUR: 'blue' } }).run({ title: 'show', argv: ['env'] }, never);
  assert.deepEqual(result.stdout.trim().split('\n').toSorted(), ['COLOUR=blue', 'LC_ALL=C', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin']);
});

test('A program is looked for in the PATH that it gets', async () => {
  const missing = localHost({ environment: { PATH: '/nonexistent' } }).run({ title: 'list firewall', argv: ['nft', 'list'] }, never);
  await assert.rejects(
    missing,
    (error) => error instanceof BulkheadError && /"nft"/.test(error.message) && error.hint === 'apt-get install nftables',
  );
});
