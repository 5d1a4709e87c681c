import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BulkheadError } from '../core/error.ts';
import { sampleBlueprint } from '../../test/support/sample.ts';
import { onEach, placed } from './by-host.ts';
import { layoutsFrom } from './layouts.ts';

const own = {
  instance: 'bh12ab',
  stateDir: '/home/ops/.local/state/bulkhead',
  runDir: '/home/ops/.local/state/bulkhead/run',
  tenantsDir: '/home/ops/.local/state/bulkhead/tenants',
  install: { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '2026.9.6' },
};
const blueprints = [
  { ...sampleBlueprint('acme'), host: 'edge-2' },
  { ...sampleBlueprint('globex'), host: 'edge-1' },
  { ...sampleBlueprint('initech'), host: 'edge-2' },
];
const places = placed({ layoutOf: layoutsFrom(own) }, blueprints);

test('another machine is used as its root, in places of the operator’s own instance', () => {
  const layoutOf = layoutsFrom(own);
  assert.equal(layoutOf('local'), own);
  const { instance, stateDir, runDir, tenantsDir, install } = layoutOf('edge-1');
  assert.deepEqual(
    [instance, stateDir, runDir, tenantsDir, install.root],
    ['bh12ab', '/var/lib/bulkhead-12ab', '/run/bulkhead/bh12ab', '/var/lib/bulkhead-12ab/tenants', '/var/lib/bulkhead/runtime/openclaw-2026.9.6'],
  );
  assert.equal(layoutsFrom({ ...own, instance: 'bh' })('edge-1').stateDir, '/var/lib/bulkhead');
});

test('tenants of a host are together, hosts in the manifest’s order', () => {
  assert.deepEqual(
    places.map(({ id, blueprints: of }) => [id, of.map(({ tenant }) => tenant)]),
    [
      ['edge-2', ['acme', 'initech']],
      ['edge-1', ['globex']],
    ],
  );
});

test('a host that fails keeps none of the others from its work, and is told after it', async () => {
  const done: string[] = [];
  const cut = new BulkheadError('host', 'host edge-2 cannot be reached', 'ssh edge-2 true');
  const work = onEach(places, async ({ id }) => {
    if (id === 'edge-2') throw cut;
    await new Promise((resolve) => setTimeout(resolve, 20));
    done.push(id);
  });
  await assert.rejects(work, (error) => error === cut);
  assert.deepEqual(done, ['edge-1']);
});

test('of several failures all are told, with the code of the one that changed something', async () => {
  const failures: Readonly<Record<string, Error>> = {
    'edge-2': new BulkheadError('host', 'host edge-2 cannot be reached', 'ssh edge-2 true'),
    'edge-1': new BulkheadError('apply', 'globex on edge-1: could not start', 'bulkhead logs globex'),
  };
  await assert.rejects(
    onEach(places, ({ id }) => Promise.reject(failures[id] ?? new Error('none'))),
    { code: 'apply', message: 'globex on edge-1: could not start\nhost edge-2 cannot be reached', hint: 'bulkhead logs globex' },
  );
  await assert.rejects(
    onEach(places, () => Promise.reject(new TypeError('a bug'))),
    TypeError,
  );
});
