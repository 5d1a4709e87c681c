import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known, unknown, type ProcessFact } from '../core/facts.ts';
import { compareOthers, type OtherSeen } from './other-tenants.ts';

const process = (pid: number, startTicks = '1') => known({ pid, startTicks } as ProcessFact, 'test');
const file = (digest: string) => ({ kind: 'file', digest, mode: 0o400, uid: 1 }) as const;
const seen = (more: Partial<OtherSeen> = {}) => new Map([['globex', { process: process(7), secrets: { '/s/gateway-token': file('a') }, ...more }]]);

test('a tenant with the same process and the same files is untouched', () => {
  assert.deepEqual(compareOthers(seen(), seen()), [{ tenant: 'globex', changed: [], pid: 7 }]);
  const none = { process: known(null, 'test') };
  assert.deepEqual(compareOthers(seen(none), seen(none)), [{ tenant: 'globex', changed: [] }]);
});

test('another process, the same number begun anew, another file, and what was not seen are told', () => {
  const changes = [
    seen({ process: process(8) }),
    seen({ process: process(7, '2') }),
    seen({ process: known(null, 'test') }),
    seen({ process: unknown('no look') }),
    seen({ secrets: { '/s/gateway-token': file('b') } }),
    seen({ secrets: { '/s/gateway-token': { kind: 'missing' } } }),
    new Map(),
  ];
  for (const after of changes) assert.equal(compareOthers(seen(), after)[0]?.changed.length, 1);
});
