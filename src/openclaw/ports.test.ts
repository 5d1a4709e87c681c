import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profilePort, takenPorts } from './ports.ts';
import { readSettings } from './settings/index.ts';

test('a profile name gives the port that OpenClaw 2026.9.6 printed for it', () => {
  const seen = { client972: 20364, client1719: 20364, umbrella: 52933, gamma: 53034, acme: 57615, globex: 51822, ops: 55291, rescue: 23532 };
  assert.deepEqual(Object.fromEntries(Object.keys(seen).map((name) => [name, profilePort(name)])), seen);
  assert.deepEqual(
    ['hooli', 'dev', 'team-b', 'alpha'].map((name) => profilePort(name)),
    [38502, 38556, 38627, 38667],
  );
  assert.deepEqual(
    ['', 'default', '../x', 'a b'].map((name) => profilePort(name)),
    [undefined, undefined, undefined, undefined],
  );
});

const settings = (config: Record<string, unknown>, environment: Record<string, string> = {}) => readSettings({ config, environment });

test('the environment goes before the config, the config before the profile, the profile before the default', () => {
  const port = (config: object, environment: Record<string, string>) => settings({ gateway: config }, environment).network;
  assert.deepEqual(port({}, {}).port, { value: 18789, from: 'default' });
  assert.deepEqual(port({}, { OPENCLAW_PROFILE: 'client972' }).port, { value: 20364, from: 'profile:client972' });
  assert.deepEqual(port({ port: 20000 }, { OPENCLAW_PROFILE: 'client972' }).port, { value: 20000, from: 'config:gateway.port' });
  const both = port({ port: 20000 }, { OPENCLAW_GATEWAY_PORT: '[::1]:20120' });
  assert.deepEqual(both.port, { value: 20120, from: 'env:OPENCLAW_GATEWAY_PORT' });
  assert.deepEqual(both.overruledPort, { value: 20000, from: 'config:gateway.port' });
  assert.equal(port({ port: 20000 }, { OPENCLAW_GATEWAY_PORT: 'localhost:20000' }).overruledPort, undefined);
  assert.equal(port({ port: 20000 }, { OPENCLAW_GATEWAY_PORT: 'many' }).port.value, 20000);
});

test('the block ends 110 above the base, and falls back to 18800-18899 where that does not exist', () => {
  const blocks = (port: number) => takenPorts(settings({ gateway: { port } })).map(({ first, last }) => `${first}-${last}`);
  assert.deepEqual(blocks(20000), ['20000-20110']);
  assert.deepEqual(blocks(65425), ['65425-65535']);
  assert.deepEqual(blocks(65426), ['65426-65436', '18800-18899']);
});

test('fixed listeners are told with the address they bind to', () => {
  const channels = {
    telegram: { webhookUrl: 'https://a.example', accounts: { b: { webhookPort: 0 }, c: { webhookPort: 9000, webhookHost: '0.0.0.0' } } },
    'nextcloud-talk': { baseUrl: 'https://cloud.example' },
  };
  const seen = takenPorts(settings({ channels })).filter(({ kind }) => kind === 'service');
  assert.deepEqual(
    seen.map(({ label, address, first }) => `${label} ${address}:${first}`),
    ['Telegram webhook loopback:8787', 'Telegram webhook any:9000', 'Nextcloud Talk webhook any:8788'],
  );
  assert.deepEqual(takenPorts(settings({ channels: { telegram: { enabled: false, webhookUrl: 'https://a.example' } } })).length, 1);
});
