import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MachineSeen } from '../core/machine.ts';
import { enginePackages, engineNeed, wantedEngines } from './prepare-engine.ts';
import { READY } from './ready-machine.ts';

const seen = (programs: readonly string[], engines: MachineSeen['engines'] = []): MachineSeen => ({ ...READY, programs, engines });

test('only tenants in containers want an engine, by name or any', () => {
  assert.deepEqual(wantedEngines([{ isolation: 'os-user' }, { isolation: 'container', engine: 'docker', rootless: true }, {}]), []);
  assert.deepEqual(wantedEngines([{ isolation: 'container' }, { isolation: 'host', inside: 'container', engine: 'podman' }, {}]), ['any', 'podman']);
});

test('a host without containers is asked for no engine', () => {
  assert.equal(engineNeed(seen([]), [], true), undefined);
  assert.deepEqual(enginePackages(seen([]), []), []);
});

test('any engine that is there will do, and Docker is brought where none is', () => {
  assert.equal(engineNeed(seen(['podman'], ['podman']), ['any'], true)?.state, 'fine');
  assert.deepEqual(enginePackages(seen(['podman']), ['any']), []);
  assert.equal(engineNeed(seen([]), ['any'], true)?.state, 'lacking');
  assert.deepEqual(enginePackages(seen([]), ['any', 'docker']), ['docker.io']);
  assert.deepEqual(enginePackages(seen(['docker']), ['any', 'podman']), ['podman']);
});

test('one that does not answer, and one that nothing can bring, stand in the way', () => {
  const silent = engineNeed(seen(['docker', 'podman'], ['podman']), ['docker'], true);
  assert.deepEqual([silent?.state, silent?.seen], ['blocked', 'docker is there and does not answer']);
  const alien = engineNeed(seen([]), ['podman'], false);
  assert.deepEqual([alien?.state, alien?.fix], ['blocked', 'install podman']);
});
