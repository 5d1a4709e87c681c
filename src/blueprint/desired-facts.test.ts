import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleBlueprint } from '../../test/support/sample.ts';
import { judge } from '../checks/judge.ts';
import type { Blueprint } from '../core/blueprint.ts';
import type { Channel, Fleet } from '../core/fleet.ts';
import { renderConfig } from '../openclaw/config.ts';
import type { Masked } from '../openclaw/masking.ts';
import { desiredFacts, type DesiredInput } from './desired-facts.ts';

const FLEET: Fleet = {
  name: 'f',
  trust: 'team',
  relations: [],
  tenants: [],
  namedRisks: [],
  source: { path: 'bulkhead.yaml', sha256: '' },
  hosts: [{ id: 'local', admins: [{ name: 'ops', how: 'root' }], proxies: [] }],
};

function given(masked: string, bot?: string): Masked {
  return { masked, strength: 'strong', ...(bot === undefined ? {} : { tells: { 'telegram.bot': bot } }) };
}

function bot(name: string, declared?: string): Channel {
  return {
    kind: 'telegram',
    settings: declared === undefined ? {} : { bot: declared },
    secrets: [{ field: 'botToken', source: { kind: 'env', name } }],
    allowFrom: [],
    rooms: [],
  };
}

function tenant(name: string, first: number, change: Partial<Blueprint> = {}): Blueprint {
  const blueprint = { ...sampleBlueprint(name, first), ...change };
  return { ...blueprint, config: renderConfig({ ...blueprint, config: change.config ?? {} }) };
}

function failing(blueprints: readonly Blueprint[], provided?: DesiredInput['provided']): readonly string[] {
  const facts = desiredFacts({ fleet: FLEET, blueprints, takenAt: '2026-11-24T00:00:00Z', ...(provided === undefined ? {} : { provided }) });
  const always = new Set(['os.shared-uid', 'host.admins', 'api.ratelimit-loopback']); // profile tenants of one machine share all three
  return judge(facts)
    .filter(({ id, verdict }) => verdict !== 'pass' && !always.has(id))
    .map(({ id, verdict }) => `${verdict} ${id}`);
}

test('two tenants with blocks and trees of their own are clean before anything is built', () => {
  assert.deepEqual(failing([tenant('acme', 20_000), tenant('globex', 20_120)]), []);
});

test('generated gateway tokens are separate although no value exists', () => {
  const facts = desiredFacts({ fleet: FLEET, blueprints: [tenant('acme', 20_000), tenant('globex', 20_120)], takenAt: '' });
  const tokens = facts.tenants.flatMap(({ secrets }) => (secrets.known ? secrets.value : []));
  assert.deepEqual(
    tokens.map(({ digest }) => digest),
    [undefined, undefined],
  );
  assert.equal(new Set(tokens.map(({ location }) => location)).size, 2);
});

test('one bot is found by its declared id, by the id in its token, and by one source named twice', () => {
  const two = (left: Channel, right: Channel): readonly Blueprint[] => [
    tenant('acme', 20_000, { channels: [left] }),
    tenant('globex', 20_120, { channels: [right] }),
  ];
  const provided = new Map([
    ['env:A', given('a', '7')],
    ['env:B', given('b', '7')],
  ]);
  assert.deepEqual(failing(two(bot('A', '7'), bot('B', '7'))), ['fail channel.telegram-bot-shared']);
  assert.deepEqual(failing(two(bot('A'), bot('B')), provided), ['fail channel.telegram-bot-shared']);
  assert.deepEqual(failing(two(bot('A'), bot('A'))), ['fail channel.telegram-bot-shared']);
  assert.deepEqual(failing(two(bot('A', '7'), bot('B', '8'))), []);
});

test('one model key under two names is found once its value is provided', () => {
  const model = (name: string) => ({ models: [{ provider: 'anthropic', apiKey: { kind: 'env' as const, name } }] });
  const blueprints = [tenant('acme', 20_000, model('A')), tenant('globex', 20_120, model('B'))];
  assert.deepEqual(failing(blueprints), []);
  assert.deepEqual(
    failing(
      blueprints,
      new Map([
        ['env:A', given('x')],
        ['env:B', given('x')],
      ]),
    ),
    ['fail model.credential-shared'],
  );
});

test('paths are compared as they mean, not as they are written', () => {
  const acme = tenant('acme', 20_000);
  const globex = tenant('globex', 20_120);
  const same = tenant('globex', 20_120, { paths: { ...globex.paths, workspace: `${acme.paths.root}/../acme//workspace/` } });
  assert.ok(failing([acme, same]).includes('fail workspace.shared'));
});
