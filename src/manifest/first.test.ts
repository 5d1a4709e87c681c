import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Answers } from './decide.ts';
import { renderFirstManifest } from './first.ts';
import { formatProblem, parseManifest } from './parse.ts';
import type { Fleet } from '../core/fleet.ts';

const CLIENTS: Answers = {
  'same-people': 'no',
  'same-data': 'no',
  reach: 'outsiders',
  tools: 'answers',
  incident: 'yes',
  'trust-admins': 'yes',
  'own-machine': 'no',
};
const TENANTS = [
  { id: 'acme', owner: 'a@example.com', data: 'tickets: all of them', members: ['a@example.com', 'desk'] },
  { id: '1001', owner: '#ops', data: '{ "a": *b }', members: [], policy: 'operator' as const },
];

function parse(source: string): Fleet {
  const parsed = parseManifest(source, 'bulkhead.yaml', '00');
  assert.deepEqual(parsed.ok ? [] : parsed.problems.map(formatProblem), []);
  if (!parsed.ok) throw new Error('unreachable');
  return parsed.fleet;
}

test('the first manifest parses and holds what was answered', () => {
  const source = renderFirstManifest({ fleet: 'hexa', answers: CLIENTS, tenants: TENANTS, admins: [{ name: 'ops', how: 'root' }] });
  const fleet = parse(source);
  assert.equal(fleet.name, 'hexa');
  assert.equal(fleet.trust, 'clients');
  assert.deepEqual(fleet.hosts, [{ id: 'local', admins: [{ name: 'ops', how: 'root' }], proxies: [] }]);
  const byId = new Map(fleet.tenants.map((tenant) => [tenant.id, tenant]));
  for (const { id, owner, data, members } of TENANTS) assert.deepEqual(byId.get(id)?.boundary, { owner, data, members });
  assert.equal(byId.get('acme')?.isolation, undefined);
  assert.equal(byId.get('1001')?.policy.preset, 'operator');
  assert.match(source, /^# {3}Who can message or call the agent\? outsiders$/m);
});

test('a rung above what the trust alone asks for is written down', () => {
  const fleet = parse(renderFirstManifest({ fleet: 'hexa', answers: { ...CLIENTS, 'own-machine': 'yes' }, tenants: TENANTS }));
  assert.deepEqual([fleet.trust, fleet.tenants[0]?.isolation], ['clients', 'host']);
});

test('its commented examples parse too once they are uncommented', () => {
  const source = renderFirstManifest({ fleet: 'hexa', answers: CLIENTS, tenants: TENANTS.slice(0, 1) });
  const uncommented = source
    .replaceAll(/^ {4}# (channels:|models:|isolation:)/gm, '    $1')
    .replaceAll(/^ {4}# {3}(telegram|anthropic)/gm, '      $1')
    .replaceAll(/^# (hosts:|namedRisks:)/gm, '$1')
    .replaceAll(/^# {3}(- item|local| {2}[a-z]+:)/gm, '  $1');
  const fleet = parse(uncommented);
  assert.equal(fleet.tenants[0]?.isolation, 'os-user');
  assert.deepEqual(
    [fleet.tenants[0]?.channels.length, fleet.tenants[0]?.models.length, fleet.hosts[0]?.admins.length, fleet.namedRisks.length],
    [1, 1, 1, 1],
  );
});

test('whatever is typed as owner and data stays inside its quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (owner, data) => {
      const source = renderFirstManifest({ fleet: 'hexa', answers: CLIENTS, tenants: [{ id: 'acme', owner, data, members: [owner] }] });
      const parsed = parseManifest(source, 'bulkhead.yaml', '00');
      if (parsed.ok) assert.deepEqual(parsed.fleet.tenants[0]?.boundary.members, [owner]);
      else for (const problem of parsed.problems) assert.doesNotMatch(problem.message, /unknown key|not valid YAML/);
    }),
  );
});
