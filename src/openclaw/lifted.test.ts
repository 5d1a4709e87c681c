import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liftedConfig, liftedEnvironment } from './lifted.ts';

const STAND = { directory: '/srv/acme/tmp/clone', port: 20_107 };
const RENDERED = {
  gateway: { port: 20_000, bind: 'loopback', auth: { mode: 'token', token: { source: 'file', provider: 'p', id: 'value' } } },
  secrets: { providers: { p: { source: 'file', path: '/secrets/acme/gateway-token' } } },
  agents: {
    defaults: { workspace: '/srv/acme/workspace', model: { primary: 'scripted/scripted-1' }, sandbox: { mode: 'all' } },
    entries: { sales: { name: 'Sales', tools: { deny: ['exec'] }, sandbox: { mode: 'all' } } },
  },
  models: { mode: 'merge' },
  tools: { profile: 'messaging', deny: ['exec'], fs: { workspaceOnly: true } },
  channels: { telegram: { enabled: true } },
  hooks: { enabled: true },
  browser: { enabled: true },
  logging: { file: '/srv/acme/state/logs/gateway.log' },
};

test('a config is lifted: no policy, no channel, another port and log; agents, models, workspace and token as they were', () => {
  assert.deepEqual(liftedConfig(RENDERED, STAND), {
    gateway: { ...RENDERED.gateway, port: 20_107 },
    secrets: RENDERED.secrets,
    agents: {
      defaults: { workspace: '/srv/acme/workspace', model: { primary: 'scripted/scripted-1' }, sandbox: { mode: 'off' }, skipBootstrap: true },
      entries: { sales: { name: 'Sales' } },
    },
    models: { mode: 'merge' },
    tools: {
      profile: 'full',
      exec: { host: 'gateway', security: 'full', ask: 'off', applyPatch: { workspaceOnly: false } },
      fs: { workspaceOnly: false },
    },
    browser: { enabled: false },
    cron: { enabled: false },
    logging: { file: '/srv/acme/tmp/clone/gateway.log' },
  });
});

test('everything that it writes is told to be below its own directory', () => {
  const before = {
    HOME: '/srv/acme/home',
    PATH: '/usr/bin',
    OPENCLAW_STATE_DIR: '/srv/acme/state',
    OPENCLAW_CONFIG_PATH: '/srv/acme/config/openclaw.json',
  };
  const lifted = liftedEnvironment(before, STAND);
  assert.equal(lifted['PATH'], '/usr/bin');
  for (const name of ['HOME', 'TMPDIR', 'OPENCLAW_HOME', 'OPENCLAW_STATE_DIR', 'OPENCLAW_CONFIG_PATH'])
    assert.ok(lifted[name]?.startsWith(`${STAND.directory}/`), name);
  assert.equal(lifted['OPENCLAW_GATEWAY_PORT'], '20107');
  assert.equal(lifted['OPENCLAW_SKIP_CHANNELS'], '1');
});
