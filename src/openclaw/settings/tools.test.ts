import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Power } from '../../core/tool-settings.ts';
import { policyConfig } from '../config.ts';
import { PRESETS } from '../presets/index.ts';
import { surfacesOf } from './surfaces.ts';
import { toolSettings } from './tools.ts';

const reach = (config: object): readonly Power[] => Object.keys(toolSettings({ config: { ...config }, environment: {} }).reach).toSorted() as Power[]; // keys of the record

test('no policy leaves everything in reach, minimal nothing', () => {
  assert.deepEqual(reach({}), ['browser', 'control', 'exec', 'nodes', 'read', 'schedule', 'write']);
  assert.deepEqual(reach({ tools: { profile: 'full' }, browser: { enabled: false } }), ['control', 'exec', 'nodes', 'read', 'schedule', 'write']);
  assert.deepEqual(reach({ tools: { profile: 'minimal' } }), []);
  assert.deepEqual(reach({ tools: { profile: 'coding' }, browser: { enabled: false } }), ['control', 'exec', 'read', 'schedule', 'write']);
});

test('deny wins over everything, by name, group, alias and pattern', () => {
  assert.deepEqual(reach({ tools: { profile: 'coding', deny: ['group:Runtime', 'cron', 'plugins', 'group:ui'] } }), ['read', 'write']);
  assert.deepEqual(reach({ tools: { profile: 'coding', alsoAllow: ['exec'], deny: ['*'] } }), []);
  assert.deepEqual(
    reach({ tools: { profile: 'coding', deny: ['group:runtime', 'group:automation', 'group:ui', 'write', 'edit'] } }),
    ['read', 'write'],
    'apply_patch is left',
  );
});

test('alsoAllow adds to a profile, allow narrows it', () => {
  assert.deepEqual(reach({ tools: { profile: 'messaging', alsoAllow: ['read'] } }), ['read']);
  assert.deepEqual(reach({ tools: { allow: ['group:web', 'read'] } }), ['read']);
  assert.deepEqual(reach({ tools: { profile: 'messaging', allow: ['exec'] } }), []);
});

test('who may write may patch, as OpenClaw has it; a list of directories is reading', () => {
  assert.deepEqual(reach({ tools: { allow: ['write'], deny: ['write'] } }), ['write']);
  assert.deepEqual(reach({ tools: { allow: ['ls'] } }), ['read']);
});

test('an agent of its own can be the weak one', () => {
  const common = { profile: 'messaging', deny: ['plugins', 'group:ui'], fs: { workspaceOnly: true } };
  const config = {
    tools: common,
    agents: { entries: { ops: { tools: { profile: 'coding', fs: { workspaceOnly: false } }, sandbox: { mode: 'off' } } } },
  };
  assert.deepEqual(reach(config), ['exec', 'read', 'schedule', 'write']);
  const settings = toolSettings({ config, environment: {} });
  assert.deepEqual(settings.workspaceOnly, { value: false, from: 'config:agents.entries.ops.tools.fs.workspaceOnly' });
  assert.equal(settings.reach.exec, 'config:agents.entries.ops.tools.profile=coding');
});

test('exec that is refused when it is called is out of reach', () => {
  assert.deepEqual(reach({ tools: { profile: 'coding', deny: ['group:automation', 'group:ui'], exec: { security: 'deny' } } }), ['read', 'write']);
});

test('what each preset reaches, and none changes its gateway', () => {
  const reached = Object.values(PRESETS).map(({ name, browser }) => [
    name,
    reach({
      ...policyConfig({ preset: name, allow: [], alsoAllow: [], deny: [] }, true),
      browser: { enabled: browser !== 'refused' && browser !== 'off' },
    }),
  ]);
  assert.deepEqual(Object.fromEntries(reached), {
    support: ['read'],
    operator: ['browser', 'exec', 'read', 'schedule', 'write'],
    api: [],
    research: ['read'],
    browser: ['browser', 'read'],
    team: ['browser', 'exec', 'read', 'write'],
    quarantine: [],
  });
});

test('who is admitted: anyone, a group, the listed, the paired or nobody', () => {
  const admits = (telegram: object): string => surfacesOf({ config: { channels: { telegram } }, environment: {} })[0]?.admits ?? '';
  assert.equal(admits({ dmPolicy: 'open' }), 'anyone');
  assert.equal(admits({ dmPolicy: 'allowlist', allowFrom: ['*'] }), 'anyone');
  assert.equal(admits({ dmPolicy: 'allowlist', groups: { '-100': {} } }), 'group');
  assert.equal(admits({ dmPolicy: 'allowlist', groups: { '-100': {} }, groupAllowFrom: [4242] }), 'listed');
  assert.equal(admits({}), 'paired');
  assert.equal(admits({ dmPolicy: 'allowlist', groupPolicy: 'disabled' }), 'nobody');
  assert.equal(admits({ enabled: false, dmPolicy: 'open' }), 'nobody');
});

test('accounts inherit what they do not say, and are surfaces of their own', () => {
  const config = {
    channels: {
      telegram: { dmPolicy: 'open', accounts: { sales: { dmPolicy: 'allowlist', groupPolicy: 'disabled', allowFrom: ['7'] }, lobby: {} } },
    },
  };
  assert.deepEqual(
    surfacesOf({ config, environment: {} }).map(({ name, admits }) => [name, admits]),
    [
      ['telegram account sales', 'listed'],
      ['telegram account lobby', 'anyone'],
    ],
  );
});

test('hostile values are read without a throw', () => {
  for (const tools of [null, 7, [], { deny: 'x', allow: { a: 1 }, profile: [] }])
    toolSettings({ config: { tools, agents: { entries: [null] }, channels: 'x' }, environment: {} });
  const slow = toolSettings({ config: { tools: { deny: [`${'*a'.repeat(2000)}b`] } }, environment: {} });
  assert.ok(slow.reach.exec !== undefined);
});
