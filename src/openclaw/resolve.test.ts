import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveLaunch, type Resolved } from './resolve.ts';

const resolve = (environment: Readonly<Record<string, string>>, argv: readonly string[] = []): Resolved =>
  resolveLaunch({ argv, environment, osHome: '/home/ann', directory: '/srv' });

test('without anything: the home of the OS user', () => {
  const { stateDir, configPath, workspace, profileByEnvironmentAlone } = resolve({});
  assert.deepEqual(
    [stateDir, configPath, workspace, profileByEnvironmentAlone],
    ['/home/ann/.openclaw', '/home/ann/.openclaw/openclaw.json', '/home/ann/.openclaw/workspace', false],
  );
});

test('a state directory alone moves the config; a config path alone does not move the state', () => {
  assert.equal(resolve({ OPENCLAW_STATE_DIR: '~/x/../s' }).configPath, '/home/ann/s/openclaw.json');
  const { stateDir, configPath } = resolve({ OPENCLAW_CONFIG_PATH: 'c.json' });
  assert.deepEqual([stateDir, configPath], ['/home/ann/.openclaw', '/srv/c.json']);
});

test('OPENCLAW_HOME before HOME; blank and `undefined` count as not set', () => {
  assert.equal(resolve({ OPENCLAW_HOME: '/o', HOME: '/h' }).stateDir, '/o/.openclaw');
  assert.equal(resolve({ OPENCLAW_HOME: 'undefined', HOME: ' ' }).stateDir, '/home/ann/.openclaw');
});

test('--profile selects; a customised directory wins over it, the canonical one of another profile does not', () => {
  assert.equal(resolve({}, ['gateway', '--profile', 'acme2']).stateDir, '/home/ann/.openclaw-acme2');
  assert.equal(resolve({ OPENCLAW_STATE_DIR: '/srv/own' }, ['--profile=acme2']).stateDir, '/srv/own');
  assert.equal(resolve({ OPENCLAW_STATE_DIR: '/home/ann/.openclaw-other' }, ['--profile=acme2']).stateDir, '/home/ann/.openclaw-acme2');
  assert.equal(resolve({}, ['--profile', 'default']).stateDir, '/home/ann/.openclaw');
});

test('OPENCLAW_PROFILE alone names the profile and selects nothing', () => {
  const { stateDir, profile, profileByEnvironmentAlone } = resolve({ OPENCLAW_PROFILE: 'zed' });
  assert.deepEqual([stateDir, profile, profileByEnvironmentAlone], ['/home/ann/.openclaw', 'zed', true]);
  assert.equal(resolve({ OPENCLAW_PROFILE: 'zed', OPENCLAW_STATE_DIR: '/srv/z' }).profileByEnvironmentAlone, false);
});

test('the port of the command line', () => {
  assert.equal(resolve({}, ['gateway', 'run', '--port', '20100']).portArgument, 20_100);
  assert.equal(resolve({}, ['gateway', '--dev']).portArgument, 19_001);
  assert.equal(resolve({}, ['gateway', '--port']).portArgument, undefined);
});
