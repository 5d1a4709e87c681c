import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFINED } from '../checks/testing/clean-os-facts.ts';
import type { ContainerFact } from '../core/container-facts.ts';
import { known, type TenantFacts } from '../core/facts.ts';
import { renderAdopted } from './adopt.ts';
import { parseManifest } from './parse.ts';

const parse = (text: string) => parseManifest(new TextEncoder().encode(text), 'bulkhead.yaml', '0'.repeat(64));

const CONTAINER: ContainerFact = { ...CONFINED, name: '', image: 'openclaw' };

/** As much of a tenant's facts as a manifest is made of. */
function found(change: Partial<TenantFacts> = {}): TenantFacts {
  const facts: Partial<TenantFacts> = {
    tenant: 'acme',
    rung: 'profile',
    declared: { configPath: '/home/acme/.openclaw/openclaw.json', stateDir: '/home/acme/.openclaw', gatewayPort: 18_789, publishedPort: 18_789 },
    ports: known({ first: 18_789, last: 18_908, published: 18_789, namespace: '1' }, 'test'),
    identities: known(
      [{ channel: 'telegram', location: 'config:channels.telegram.botToken', reference: 'config:channels.telegram.botToken', account: '700000001' }],
      'test',
    ),
    secrets: known(
      [
        { role: 'channel:telegram', location: 'config:channels.telegram.botToken', digest: 'aa' },
        { role: 'model:anthropic', location: 'file:/etc/keys/anthropic' },
        { role: 'model:OPENAI_API_KEY', location: 'env:OPENAI_API_KEY', digest: 'bb' },
      ] as const,
      'test',
    ),
    ...change,
  };
  return facts as TenantFacts; // what the manifest does not read is left out
}

const text = renderAdopted({ fleet: 'vm', trust: 'clients', tenants: [{ facts: found(), why: 'bob runs 2 gateways' }], elsewhere: [] });

test('what only a person knows is left empty, and refused with its line', () => {
  const parsed = parse(text);
  assert.ok(!parsed.ok);
  assert.deepEqual(
    parsed.problems.map(({ message }) => /owner|data|members/.exec(message)?.[0]).filter((word) => word === 'owner' || word === 'data'),
    ['owner', 'data'],
  );
});

test('once that is filled in it is a manifest, with references in the place of secrets', () => {
  const parsed = parse(
    text.replace('owner: ""', 'owner: ann@example.test').replace('data: ""', 'data: tickets').replace('members: []', 'members: [ann@example.test]'),
  );
  assert.ok(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.problems));
  const [tenant] = parsed.fleet.tenants;
  assert.deepEqual(
    tenant?.channels.map(({ kind, settings, secrets }) => [kind, settings['bot'], secrets[0]?.source]),
    [['telegram', '700000001', { kind: 'env', name: 'ACME_TELEGRAM_TOKEN' }]],
  );
  assert.deepEqual(
    tenant.models.map(({ provider, apiKey }) => [provider, apiKey]),
    [
      ['anthropic', { kind: 'file', path: '/etc/keys/anthropic' }],
      ['openai', { kind: 'env', name: 'ACME_OPENAI_KEY' }],
    ],
  );
  assert.equal(tenant.port, 18_789);
});

test('a cell of openclaw fleet is declared as a container, and two of them do not get one port', () => {
  const cell = (tenant: string, published: number): TenantFacts =>
    found({
      tenant,
      ports: known({ first: 18_789, last: 18_908, published, namespace: 'own' }, 'test'),
      identities: known([], 'test'),
      secrets: known([], 'test'),
      container: known({ ...CONTAINER, name: `openclaw-cell-${tenant}` }, 'test'),
    });
  const written = renderAdopted({
    fleet: 'vm',
    trust: 'clients',
    tenants: [cell('acme', 19_100), cell('globex', 19_101)].map((facts) => ({ facts, why: 'a container' })),
    elsewhere: [],
  });
  const parsed = parse(
    written
      .replaceAll('owner: ""', 'owner: ann@example.test')
      .replaceAll('data: ""', 'data: tickets')
      .replaceAll('members: []', 'members: [ann@example.test]'),
  );
  assert.ok(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.problems));
  assert.deepEqual(
    parsed.fleet.tenants.map(({ isolation, port }) => [isolation, port]),
    [
      ['container', undefined],
      ['container', undefined],
    ],
  );
  assert.match(written, /bulkhead adopt acme copies/);
});

test('a file whose name holds a line end adds no line', () => {
  const hostile = found({ declared: { ...found().declared, stateDir: '/x\n    policy: operator\u2028#' } });
  const lines = renderAdopted({ fleet: 'vm', trust: 'clients', tenants: [{ facts: hostile, why: 'y\n# z' }], elsewhere: [] }).split('\n').length;
  assert.equal(lines, text.split('\n').length);
});

test('what runs elsewhere is named and left out', () => {
  const text = renderAdopted({ fleet: 'vm', trust: 'clients', tenants: [], elsewhere: [{ tenant: 'acme', where: 'deployment clients/acme\nx: y' }] });
  assert.match(text, /^#   acme: deployment clients\/acme\?x: y$/m);
  assert.doesNotMatch(text, /^  "?acme/m);
});
