import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inPart, known, unknown, type Facts, type PathFact, type TenantFacts } from '../core/facts.ts';
import { MATRIX_COLUMNS, type MatrixColumn } from '../core/report.ts';
import { tenantFacts } from '../checks/testing/clean-facts.ts';
import { matrixOf } from './matrix.ts';

function tenant(name: string, index: number, change: Partial<TenantFacts> = {}): TenantFacts {
  const first = 20_000 + index * 120;
  const path = (role: PathFact['role'], real: string): PathFact => ({ role, declared: real, real, exists: false });
  const root = `/t/${name}`;
  const paths = [
    path('state', `${root}/state`),
    path('workspace', `${root}/workspace`),
    path('credentials', `${root}/state/credentials`),
    path('agent', `${root}/state/agents/main/agent`),
    path('browser', `${root}/state/browser`),
  ];
  return {
    ...tenantFacts(name, index),
    browser: true,
    paths: known(paths, 'manifest'),
    secrets: known([], 'x'),
    identities: known([{ channel: 'telegram', account: `70${index}`, location: 'manifest', reference: 'env:X' }], 'manifest'),
    ports: known({ first, last: first + 119, published: first, namespace: 'own' }, 'lease'),
    statusDigest: known(`digest-${name}`, 'status'),
    ...change,
  };
}

function uniqueness(tenants: readonly TenantFacts[], column: MatrixColumn): string {
  const facts: Facts = {
    phase: 'observed',
    takenAt: '2026-11-24T00:00:00Z',
    trust: { default: 'clients', relations: [] },
    risks: [],
    hosts: [],
    tenants,
  };
  return matrixOf(facts)
    .filter((cell) => cell.column === column)
    .map(({ unique }) => unique)
    .join(' ');
}

test('two separate tenants are unique in all seven columns', () => {
  for (const column of MATRIX_COLUMNS) assert.equal(uniqueness([tenant('a', 0), tenant('b', 1)], column), 'yes yes', column);
});

test('sharing, nesting and overlapping are each seen in their column', () => {
  const second = tenant('b', 1);
  const paths = (real: string, role: PathFact['role']): Partial<TenantFacts> => ({
    paths: known(
      [...(second.paths.known ? second.paths.value.filter((path) => path.role !== role) : []), { role, declared: '/link', real, exists: true }],
      'x',
    ),
  });
  const pair = (change: Partial<TenantFacts>): readonly TenantFacts[] => [tenant('a', 0), tenant('b', 1, change)];
  assert.equal(uniqueness(pair(paths('/t/a/workspace', 'workspace')), 'workspace'), 'no no');
  assert.equal(uniqueness(pair(paths('/t/a/workspace/inner', 'workspace')), 'workspace'), 'no no');
  assert.equal(uniqueness(pair(paths('/t', 'state')), 'state-directory'), 'no no');
  assert.equal(uniqueness(pair({ ports: known({ first: 20_119, last: 20_238, published: 20_119, namespace: 'own' }, 'x') }), 'port'), 'no no');
  assert.equal(uniqueness(pair({ statusDigest: known('digest-a', 'x') }), 'status-output'), 'no no');
  assert.equal(
    uniqueness(pair({ identities: known([{ channel: 'telegram', account: '700', location: '', reference: '' }], 'x') }), 'channel-account'),
    'no no',
  );
  assert.equal(uniqueness(pair({ host: 'edge', ...paths('/t/a/workspace', 'workspace') }), 'workspace'), 'yes yes');
});

test('what could not be read makes nobody else unique, and what a tenant does not have is none', () => {
  assert.equal(uniqueness([tenant('a', 0), tenant('b', 1, { statusDigest: unknown('down') })], 'status-output'), 'unknown unknown');
  assert.equal(uniqueness([tenant('a', 0), tenant('b', 1, { browser: false })], 'browser-profile'), 'yes none');
  const nameless = known([{ channel: 'telegram', location: '', reference: 'env:X' }], 'x');
  assert.equal(uniqueness([tenant('a', 0), tenant('b', 1, { identities: nameless })], 'channel-account'), 'unknown unknown');
});

test('a workspace is unique exactly when no other on its host is equal, above or below', () => {
  const place = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
  const placed = fc.record({ real: place, host: fc.constantFrom('local', 'edge') });
  fc.assert(
    fc.property(fc.array(placed, { minLength: 1, maxLength: 8 }), (workspaces) => {
      const tenants = workspaces.map(({ real, host }, index) =>
        tenant(`t${index}`, index, { host, paths: known([{ role: 'workspace', declared: real, real, exists: true }], 'x') }),
      );
      const within = (inner: string, outer: string): boolean => `${inner}/`.startsWith(`${outer}/`);
      const expected = workspaces.map((one, index) =>
        workspaces.some((two, at) => at !== index && two.host === one.host && (within(one.real, two.real) || within(two.real, one.real)))
          ? 'no'
          : 'yes',
      );
      assert.equal(uniqueness(tenants, 'workspace'), expected.join(' '));
    }),
  );
});

test('what was seen in part makes nobody beside it unique, and is shared where it is seen to be', () => {
  const partOf = (one: TenantFacts): Partial<TenantFacts> => ({
    paths: one.paths.known ? inPart(one.paths.value, 'x', 'links were not followed') : one.paths,
    identities: inPart([], 'x', 'its config was not read'),
  });
  const [a, b] = [tenant('a', 0), tenant('b', 1)];
  assert.equal(uniqueness([a, { ...b, ...partOf(b) }], 'workspace'), 'unknown unknown');
  assert.equal(
    uniqueness(
      [
        { ...a, host: 'other' },
        { ...b, ...partOf(b) },
      ],
      'workspace',
    ),
    'yes unknown',
    'what is on another host cannot be that',
  );
  assert.equal(
    uniqueness(
      [
        { ...a, host: 'other' },
        { ...b, ...partOf(b) },
      ],
      'channel-account',
    ),
    'unknown unknown',
    'an account can',
  );
  assert.equal(uniqueness([a, { ...b, ...partOf(a) }], 'workspace'), 'no no');
});

test('a port that nothing on the host leads to is shared only within its own network', () => {
  const inside = (namespace: string): Partial<TenantFacts> => ({ ports: known({ first: 18_789, last: 18_908, namespace }, 'x') });
  assert.equal(uniqueness([tenant('a', 0, inside('1')), tenant('b', 1, inside('2'))], 'port'), 'yes yes');
  assert.equal(uniqueness([tenant('a', 0, inside('1')), tenant('b', 1, inside('1'))], 'port'), 'no no');
});
