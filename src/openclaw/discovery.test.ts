import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  argvOfStateName,
  defaultLogFile,
  isGatewayCommand,
  isOpenclawImage,
  isStateName,
  nameOfState,
  packageOfWord,
  stateOfOpenFile,
} from './discovery.ts';

test('a gateway by its command line, whatever comes between the program and the command', () => {
  for (const argv of [
    ['/usr/bin/openclaw', 'gateway'],
    ['node', '/opt/x/node_modules/openclaw/openclaw.mjs', '--profile', 'a', 'gateway', 'run'],
    ['docker-entrypoint.sh', 'node', 'dist/index.js', 'gateway', '--bind', 'lan'],
  ])
    assert.ok(isGatewayCommand(argv), argv.join(' '));
  for (const argv of [['openclaw', 'status'], ['openclaw', 'gateway', 'status'], ['grep', 'gateway'], ['/usr/bin/openclawx', 'gateway'], []])
    assert.ok(!isGatewayCommand(argv), argv.join(' '));
});

test('names of state directories and what they stand for', () => {
  assert.deepEqual(['.openclaw', '.openclaw-a', '.openclaw-', '.openclawx', 'openclaw'].map(isStateName), [true, true, false, false, false]);
  assert.deepEqual([argvOfStateName('.openclaw'), argvOfStateName('.openclaw-shop')], [[], ['--profile', 'shop']]);
  assert.deepEqual(['/home/ann/.openclaw', '/home/ann/.openclaw-shop', '/srv/acme/state', '/'].map(nameOfState), ['ann', 'shop', 'acme', undefined]);
});

test('the state by the database that is open, the package by the words of a helper', () => {
  assert.equal(stateOfOpenFile('/srv/a/state/openclaw.sqlite'), '/srv/a');
  assert.equal(stateOfOpenFile('/srv/a/state/openclaw.sqlite-wal'), undefined);
  assert.equal(packageOfWord('/opt/node_modules/openclaw/dist/infra/x.worker.js'), '/opt/node_modules/openclaw');
  assert.equal(packageOfWord('/opt/oc/openclaw.mjs'), '/opt/oc');
});

test('an image of OpenClaw', () => {
  assert.deepEqual(['ghcr.io/openclaw/openclaw:latest', 'openclaw', 'local/openclaw@sha256:0', 'x/openclaw-ui:1', 'nginx'].map(isOpenclawImage), [
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('the log that all gateways of a user share, and that of a user who does not own the common directory', () => {
  const where = { uid: 1001, tmp: '/tmp', day: '2026-11-24' };
  assert.equal(defaultLogFile({}, where), '/tmp/openclaw/openclaw-2026-11-24.log');
  assert.equal(defaultLogFile({ profile: 'a' }, { ...where, common: { uid: 1001, mode: 0o700 } }), '/tmp/openclaw/openclaw-a-2026-11-24.log');
  assert.equal(defaultLogFile({}, { ...where, common: { uid: 0, mode: 0o700 } }), '/tmp/openclaw-1001/openclaw-2026-11-24.log');
});
