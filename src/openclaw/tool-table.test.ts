import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyConfig } from './config.ts';
import { TOOL_NAMES } from './tool-catalogue.ts';
import { toolTable } from './tool-table.ts';

const may = (config: object): readonly string[] =>
  toolTable({ ...config })
    .filter((row) => row.may)
    .map(({ tool }) => tool);

test('every tool has a row, and what decides is named', () => {
  const rows = toolTable(policyConfig({ preset: 'support', allow: [], alsoAllow: [], deny: ['ask_user'] }));
  assert.deepEqual(
    rows.map(({ tool }) => tool),
    [...TOOL_NAMES, 'bundle-mcp'],
  );
  const by = new Map(rows.map((row) => [row.tool, `${row.may ? 'may' : 'not'} ${row.by}`]));
  assert.equal(by.get('read'), 'may tools.alsoAllow');
  assert.equal(by.get('message'), 'may tools.profile=messaging');
  assert.equal(by.get('exec'), 'not tools.deny');
  assert.equal(by.get('ask_user'), 'not tools.deny');
  assert.equal(by.get('web_fetch'), 'not not in tools.profile=messaging');
});

test('support may message and read, research may read the web, api and quarantine may nothing', () => {
  const of = (preset: 'support' | 'research' | 'api' | 'quarantine'): readonly string[] =>
    may(policyConfig({ preset, allow: [], alsoAllow: [], deny: [] }));
  assert.deepEqual(of('support'), [
    'read',
    'sessions',
    'sessions_list',
    'sessions_history',
    'sessions_search',
    'sessions_yield',
    'session_status',
    'message',
    'ask_user',
  ]);
  assert.deepEqual(of('research'), ['read', 'web_search', 'web_fetch', 'x_search', 'memory_search', 'memory_get', 'session_status']);
  assert.deepEqual([of('api'), of('quarantine')], [[], []]);
});

test('allow takes the place of what a preset gives, within what it does not deny', () => {
  assert.deepEqual(may(policyConfig({ preset: 'operator', allow: ['read', 'plugins', 'write'], alsoAllow: [], deny: ['write'] })), [
    'read',
    'apply_patch',
  ]);
});

test('what the policy grants and a switch refuses is not in reach', () => {
  const rows = toolTable({ tools: { allow: ['exec', 'browser'], exec: { security: 'deny' } }, browser: { enabled: false } });
  assert.deepEqual(
    rows.filter(({ tool }) => tool === 'exec' || tool === 'browser').map(({ may: is, by }) => [is, by]),
    [
      [false, 'tools.exec.security=deny'],
      [false, 'browser.enabled=false'],
    ],
  );
});
