import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../core/command.ts';
import type { Stage } from '../core/plan.ts';
import { planFleet } from './plan-fleet.ts';

const command = (title: string): Command => ({ title, argv: ['true'] });
const tenant = (name: string, later: readonly Stage[] = []) => ({
  tenant: name,
  plan: {
    steps: [
      { stage: 'boundary' as const, command: command(`wall of ${name}`) },
      { stage: 'health' as const, command: command(`wait for ${name}`) },
    ],
    later,
  },
});

test('a fleet is watched once every gateway is up', () => {
  const plan = planFleet({ install: [], supervisor: [command('register')], watch: [command('watch')], tenants: [tenant('acme'), tenant('globex')] });
  assert.deepEqual(
    plan.steps.map(({ id, command: { title } }) => `${id}: ${title}`),
    [
      'acme/boundary/1: wall of acme',
      'globex/boundary/1: wall of globex',
      'host/service/1: register',
      'acme/health/1: wait for acme',
      'globex/health/1: wait for globex',
      'host/watch/1: watch',
    ],
  );
  assert.deepEqual(plan.later, []);
});

test('while something of a tenant is left for later, so is the watch', () => {
  const plan = planFleet({ install: [], supervisor: [], watch: [command('watch')], tenants: [tenant('acme', ['files'])] });
  assert.ok(plan.steps.every(({ id }) => !id.startsWith('host/watch')));
  assert.deepEqual(plan.later, ['acme: files', 'the watch']);
  assert.deepEqual(planFleet({ install: [], supervisor: [], tenants: [tenant('acme', ['files'])] }).later, ['acme: files']);
});
