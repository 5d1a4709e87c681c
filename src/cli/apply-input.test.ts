import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { SAMPLE_LAYOUT } from '../../test/support/sample.ts';
import type { Fleet, FleetWatch } from '../core/fleet.ts';
import { watchServiceOf } from './apply-input.ts';

const fleet = (verify?: FleetWatch): Fleet => ({
  name: 'hexa',
  trust: 'clients',
  relations: [],
  hosts: [],
  tenants: [],
  namedRisks: [],
  source: { path: 'fleets/bulkhead.yaml', sha256: '' },
  ...(verify === undefined ? {} : { verify }),
});
const of = (verify: FleetWatch | undefined, env: Readonly<Record<string, string>> = {}) =>
  watchServiceOf({ cwd: '/srv', env }, { fleet: fleet(verify), layout: SAMPLE_LAYOUT });

test('a declared watch is a command that needs neither the folder nor the variables of whoever applies it', () => {
  const service = of(
    { every: '30s', attackEvery: '6h', webhookFile: '/etc/bulkhead/webhook' },
    { ACME_TELEGRAM_TOKEN: 'planted', HOME: '/home/ops' },
  );
  const [node, program = '', ...rest] = service?.argv ?? [];
  assert.equal(node, SAMPLE_LAYOUT.install.node);
  assert.ok(existsSync(program), program);
  assert.equal(
    rest.join(' '),
    'verify --watch -f /srv/fleets/bulkhead.yaml --state-dir /var/lib/bulkhead --every 30s --attack-every 6h --webhook-file /etc/bulkhead/webhook',
  );
  assert.deepEqual(Object.keys(service?.environment ?? {}), ['PATH', 'HOME']);
});

test('where the runtime lies elsewhere the watch is told, and without a declaration there is none', () => {
  assert.equal(of({ every: '30s', attackEvery: '6h' }, { BULKHEAD_RUNTIMES: '/opt/runtimes' })?.environment['BULKHEAD_RUNTIMES'], '/opt/runtimes');
  assert.equal(of(undefined), undefined);
});
