import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printedBy } from './printed-by.ts';

test('what a collector runs gets none of the variables of the process that it runs in', (context) => {
  process.env['BULKHEAD_TEST_TOKEN'] = 'a secret of the operator';
  context.after(() => delete process.env['BULKHEAD_TEST_TOKEN']);
  const names = printedBy('env', [])
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0]);
  assert.deepEqual(new Set(names), new Set(['LC_ALL', 'PATH']));
});

test('it gets its input and no more time than it may have, and tells how it ended', () => {
  assert.equal(printedBy('cat', [], { input: 'some\0words' }), 'some\0words');
  assert.throws(() => printedBy('sh', ['-c', 'echo part; exit 2']), { status: 2, stdout: 'part\n' });
  assert.throws(() => printedBy('sleep', ['5'], { timeoutMs: 100 }), { code: 'ETIMEDOUT' });
});
