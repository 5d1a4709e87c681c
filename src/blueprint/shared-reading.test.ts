import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sampleBlueprint, SAMPLE_LAYOUT } from '../../test/support/sample.ts';
import type { Blueprint } from '../core/blueprint.ts';
import { renderConfig } from '../openclaw/config.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import { tenantEnvironment } from '../openclaw/environment.ts';
import { makeMasker, type Masked } from '../openclaw/masking.ts';
import { declaredFiles, maskFurther, readDeclaredCredentials, readDeclaredSettings } from './reading.ts';
import { makeReader, type Reading } from './shared-reading.ts';

const masker = makeMasker('ab'.repeat(32), MASKING);

function tenant(id: string, further: (id: string) => object, change: Partial<Blueprint> = {}): Blueprint {
  const blueprint: Blueprint = { ...sampleBlueprint(id), rung: 'os-user', host: `host-${id}`, gatewayPort: 18_789, ...change };
  return {
    ...blueprint,
    environment: tenantEnvironment({ ...blueprint, userName: `bh-${id}` }),
    config: renderConfig({ ...blueprint, config: { ...further(id) } }),
  };
}

function readAlone(blueprint: Blueprint, provided: ReadonlyMap<string, Masked>): Reading {
  const config = maskFurther(blueprint.config, masker);
  return { ...readDeclaredSettings(blueprint, config), ...readDeclaredCredentials(blueprint, config, declaredFiles(blueprint, provided)) };
}

/** Further configs by what could make two tenants less alike than they look: each other's paths, digests, lengths, links upwards. */
const FURTHER: readonly ((id: string) => object)[] = [
  () => ({}),
  () => ({ logging: { level: 'debug' } }),
  (id) => ({ skills: { load: { extraDirs: [`${SAMPLE_LAYOUT.tenantsDir}/${id}/workspace`, `${SAMPLE_LAYOUT.tenantsDir}/${id}s/x`] } } }),
  () => ({ skills: { load: { extraDirs: [`${SAMPLE_LAYOUT.tenantsDir}/aa/workspace`, `${SAMPLE_LAYOUT.tenantsDir}/bb/../ccc`, '~/x'] } } }),
  (id) => ({ mcp: { servers: { s: { url: `https://h.test/?q=${SAMPLE_LAYOUT.tenantsDir}/${id}` } } } }),
  (id) => ({ mcp: { servers: { s: { url: `https://h.test${SAMPLE_LAYOUT.tenantsDir}/${id}/x` } } } }),
  (id) => ({ mcp: { servers: { s: { url: 'https://h.test/x', headers: { a: id } } } } }),
  (id) => ({ mcp: { servers: { s: { command: '/bin/x', args: [`--data=${SAMPLE_LAYOUT.stateDir}/secrets/${id}`, '/srv/common'], cwd: '/srv' } } } }),
  () => ({ channels: { discord: { token: { source: 'file', provider: 'gateway-token', id: 'value' } } } }),
  (id) => ({ agents: { entries: { main: {}, two: { name: id } } } }),
];

const ids = fc.constantFrom('aa', 'bb', 'ccc', 'dd', 'ee-1', 'ff-2', 'a'.repeat(30), 'b'.repeat(30));
const someTenant = fc.record({
  further: fc.constantFrom(...FURTHER),
  bot: fc.constantFrom(undefined, 'A', 'B'),
  models: fc.subarray(['anthropic', 'openai', 'local']),
  key: fc.constantFrom('A', 'B', 'C'),
  rung: fc.constantFrom('os-user' as const, 'profile' as const),
});
const fleets = fc.uniqueArray(fc.tuple(ids, someTenant), { selector: ([id]) => id, minLength: 2, maxLength: 8 });

test('a tenant is read in a fleet as it is read alone', () => {
  const provided = new Map<string, Masked>([['env:A', { masked: 'a'.repeat(64), strength: 'strong', tells: { 'telegram.bot': '7' } }]]);
  fc.assert(
    fc.property(fleets, fc.boolean(), (fleet, isProvided) => {
      const given = isProvided ? provided : new Map<string, Masked>();
      const read = makeReader(given, masker);
      for (const [id, { further, bot, models, key, rung }] of fleet) {
        const blueprint = tenant(id, further, {
          rung,
          channels:
            bot === undefined
              ? []
              : [
                  {
                    kind: 'telegram',
                    settings: {},
                    secrets: [{ field: 'botToken', source: { kind: 'env', name: bot } }],
                    allowFrom: ['1'],
                    rooms: [],
                  },
                ],
          models: models.map((provider) => ({
            provider,
            apiKey: provider === 'local' ? { kind: 'file', path: `/k/${key}` } : { kind: 'env', name: key },
          })),
        });
        assert.deepEqual(read(blueprint), readAlone(blueprint, given));
      }
    }),
    { numRuns: 300 },
  );
});

test('tenants of one form share what is nobody’s own', () => {
  const read = makeReader(new Map(), masker);
  const [one, other, third] = [
    tenant('aa', () => ({})),
    tenant('bb', () => ({})),
    tenant('cc', () => ({ tools: {}, logging: { level: 'debug' } })),
  ].map(read);
  assert.equal(one?.settings.tools, other?.settings.tools);
  assert.notEqual(one?.settings.tools, third?.settings.tools);
});

test('a tenant that names a path of another is of another form', () => {
  const named = [`${SAMPLE_LAYOUT.tenantsDir}/aa/workspace`];
  const further = (): object => ({ skills: { load: { extraDirs: named } } });
  const read = makeReader(new Map(), masker);
  for (const id of ['aa', 'bb']) assert.ok(read(tenant(id, further)).settings.places.named.some(({ value }) => value === named[0]));
});

test('a path that is a secret by its length alone is read as one', () => {
  const further = (id: string): object => ({ mcp: { servers: { s: { url: `https://h.test${SAMPLE_LAYOUT.tenantsDir}/${id}/x` } } } });
  const read = makeReader(new Map(), masker);
  for (const id of ['aa', 'b'.repeat(30)]) {
    const blueprint = tenant(id, further);
    assert.deepEqual(read(blueprint), readAlone(blueprint, new Map()));
  }
});
