import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known, type TenantFacts } from '../../core/facts.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { judge } from '../judge.ts';
import { cases } from '../testing/cases.ts';
import { check } from './umask.ts';

const umask =
  (text: string | undefined): ((tenant: TenantFacts) => Partial<TenantFacts>) =>
  ({ process }) => {
    if (!process.known || process.value === null) return {};
    const { umask: _, ...rest } = process.value;
    return { process: known(text === undefined ? rest : { ...rest, umask: text }, 'test') };
  };

cases('fs.umask', {
  ok: {
    '0077': observedFacts({}, { acme: umask('0077') }),
    'none told': observedFacts({}, { acme: umask(undefined) }),
  },
  ng: {
    '0027': observedFacts({}, { acme: umask('0027') }),
    '0000': observedFacts({}, { acme: umask('0000') }),
  },
});

test('in gVisor nobody’s umask is told: nothing is said of it, and the others are judged', () => {
  const kernel = { release: '4.4.0', log: '', sandbox: 'sandbox 1', files: 7, hidepid: '0', tmp: '', shm: '' };
  const within = (tenant: TenantFacts): Partial<TenantFacts> => {
    const { process } = { ...tenant, ...umask(undefined)(tenant) };
    return process.known && process.value !== null ? { process: known({ ...process.value, kernel }, 'test') } : {};
  };
  const told = judge(observedFacts({}, { acme: within }), [check]).map(({ verdict, tenants }) => [verdict, ...tenants]);
  assert.deepEqual(told, [
    ['not-applicable', 'acme'],
    ['pass', 'globex'],
  ]);
  const bad = judge(observedFacts({}, { acme: within, globex: umask('0022') }), [check]).map(({ verdict, tenants }) => [verdict, ...tenants]);
  assert.deepEqual(bad, [
    ['not-applicable', 'acme'],
    ['fail', 'globex'],
  ]);
});
