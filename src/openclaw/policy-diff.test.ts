import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from './merge.ts';
import { ownKeys, policyDiff } from './policy-diff.ts';
import { policyConfig } from './config.ts';
import { readLiveConfig } from './live-config.ts';

const declared = { gateway: { bind: 'loopback', port: 1 }, ...policyConfig({ preset: 'support', allow: [], alsoAllow: [], deny: [] }) };
const copy = (): Record<string, Json> => structuredClone(declared) as Record<string, Json>;

test('what a tenant set for itself is named apart from the keys of the boundary', () => {
  const live = { ...copy(), meta: { lastTouchedVersion: 'x' }, messages: { ackReaction: 'x' }, gateway: { bind: 'lan', port: 1 } };
  assert.deepEqual(ownKeys(declared, live), ['messages.ackReaction', 'meta.lastTouchedVersion']);
  assert.deepEqual(ownKeys({ ...declared, cron: { enabled: false } }, live), ['cron.enabled', 'messages.ackReaction', 'meta.lastTouchedVersion']);
  assert.deepEqual(ownKeys(declared, copy()), []);
});

test('a changed, a missing and an added key of the boundary are told with both sides; others are the tenant’s own', () => {
  const live = copy();
  const { deny, ...tools } = live['tools'] ?? {};
  const changed = {
    ...live,
    gateway: { bind: 'lan', port: 1 },
    tools: { ...tools, byProvider: { own: { allow: ['exec'] } } },
    agents: { entries: { ops: { tools: { profile: 'full' }, name: 'Ops' } } },
    meta: { lastTouchedVersion: 'x' },
    commands: { plugins: true, native: true },
  };
  assert.deepEqual(policyDiff(declared, changed), [
    { key: 'agents.entries.ops.tools.profile', live: 'full' },
    { key: 'commands.plugins', live: true },
    { key: 'gateway.bind', declared: 'loopback', live: 'lan' },
    { key: 'tools.byProvider.own.allow', live: ['exec'] },
    { key: 'tools.deny', declared: deny },
  ]);
  assert.deepEqual(policyDiff(declared, copy()), []);
});

test('what a preset sets elsewhere is the boundary’s too, while it is that preset', () => {
  const quarantine = policyConfig({ preset: 'quarantine', allow: [], alsoAllow: [], deny: [] });
  const live = { ...quarantine, cron: { enabled: true, skipMissedJobs: true } };
  assert.deepEqual(policyDiff(quarantine, live, 'quarantine'), [{ key: 'cron.enabled', declared: false, live: true }]);
  assert.deepEqual(policyDiff(quarantine, live), []);
});

test('no filling hides a change: what lies outside of the boundary is not walked, and too much inside is a difference', () => {
  const filling = (prefix: string): Json => Object.fromEntries(Array.from({ length: 30_000 }, (_, at) => [`${prefix}${at}`, at]));
  const hidden = { ...copy(), models: filling('m'), env: { vars: { NODE_OPTIONS: '--require /tmp/x' } } };
  assert.deepEqual(policyDiff(declared, hidden), [{ key: 'env.vars.NODE_OPTIONS', live: '--require /tmp/x' }]);
  assert.ok(policyDiff(declared, { gateway: filling('g'), ...copy(), env: filling('e') }).length > 0);
});

test('a live config of any shape is no error, and a fact names at most a hundred keys', () => {
  for (const live of [null, 1, 'x', [], { tools: 7 }, { tools: { __proto__: null } }])
    assert.ok((readLiveConfig(live, 'support', declared).policy.drifted ?? []).length > 0);
  const env = { vars: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`A${at}`, 'b'])) };
  assert.equal(readLiveConfig({ ...declared, env }, 'support', declared).policy.drifted?.length, 100);
});
