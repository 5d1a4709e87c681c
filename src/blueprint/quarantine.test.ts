import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fleet } from '../core/fleet.ts';
import { parseManifest } from '../manifest/parse.ts';
import { withQuarantine } from './quarantine.ts';

function fleet(): Fleet {
  const tenant = (id: string): string => `  ${id}:
    boundary: { owner: o, data: d, members: [m] }
    isolation: os-user
    policy: operator
    channels: { telegram: { botToken: { env: ${id.toUpperCase()}_BOT } } }
    models: { anthropic: { apiKey: { env: ${id.toUpperCase()}_KEY } } }
    browser: on
    egress: open
    allow: ["tcp:10.0.0.5:443"]
    config: { channels: { slack: { enabled: true } } }
`;
  const parsed = parseManifest(
    new TextEncoder().encode(
      `fleet: f\ntrust: clients\nhosts: { local: { admins: [{ name: n, how: root }] } }\ntenants:\n${tenant('acme')}${tenant('globex')}`,
    ),
    'bulkhead.yaml',
    'x',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.fleet;
}

test('a tenant in quarantine acts on nothing and is reached by nobody; its boundary, its model and the others stay', () => {
  const was = fleet();
  const [acme, globex] = withQuarantine(was, new Set(['acme'])).tenants;
  assert.deepEqual(globex, was.tenants[1]);
  assert.deepEqual(acme, {
    ...was.tenants[0],
    policy: { preset: 'quarantine', allow: [], alsoAllow: [], deny: [] },
    channels: [],
    browser: false,
    egress: 'none',
    allow: [],
    sealed: true,
    config: {},
  });
});

test('without anybody in quarantine the fleet is the manifest', () => {
  const was = fleet();
  assert.equal(withQuarantine(was, new Set()), was);
});
