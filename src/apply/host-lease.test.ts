import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { BulkheadError } from '../core/error.ts';
import type { Host } from '../core/host.ts';
import { localHost } from '../hosts/local.ts';
import { withHostLease } from './host-lease.ts';

const skip = process.getuid?.() === 0 && process.platform === 'linux' ? false : 'needs root and /run';
const signal = new AbortController().signal;
const host: Host = { ...localHost(), id: 'edge-1' };
const layout = { instance: `bht${process.pid}` };
const file = `/run/bulkhead-${layout.instance}.lease`;

test('one changes a host at a time; the other is told who does, and nothing is left', { skip }, async () => {
  const first = withHostLease(
    { host, layout, holder: 'ops@one runs bulkhead apply (pid 1)' },
    async () => {
      await assert.rejects(
        withHostLease({ host, layout, holder: 'ops@two' }, async () => 'never', signal),
        (error) => error instanceof BulkheadError && error.code === 'lease' && /edge-1 .*ops@one runs bulkhead apply \(pid 1\)/.test(error.message),
      );
      return 'done';
    },
    signal,
  );
  assert.equal(await first, 'done');
  assert.ok(!existsSync(file));
  assert.equal(await withHostLease({ host, layout, holder: 'ops@two' }, async () => 'later', signal), 'later');
});

test('a body that fails lets go of it too, and this machine needs none', { skip }, async () => {
  await assert.rejects(
    withHostLease({ host, layout, holder: 'ops' }, () => Promise.reject(new Error('failed')), signal),
    /failed/,
  );
  assert.ok(!existsSync(file));
  assert.equal(await withHostLease({ host: localHost(), layout, holder: 'ops' }, async () => existsSync(file), signal), false);
});
