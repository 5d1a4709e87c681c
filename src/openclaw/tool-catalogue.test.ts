import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { requires, testInstall } from '../../test/support/requires.ts';
import { isObject } from './merge.ts';
import { allowsTool, expandTools, isPolicyName, PROFILES, TOOL_GROUPS } from './tool-catalogue.ts';

/** What OpenClaw's own catalogue exports; its build gives the exports short names. */
async function openclawCatalogue(): Promise<readonly unknown[]> {
  const [file, ...others] = globSync(join(dirname(testInstall().openclaw), 'dist/tool-catalog-*.mjs'));
  assert.ok(file !== undefined && others.length === 0, 'one catalogue');
  return Object.values((await import(file)) as object);
}

test('groups and profiles are those of the installed OpenClaw', { skip: requires({ openclaw: true }) }, async () => {
  const exported = await openclawCatalogue();
  const groups = exported.find((value) => isObject(value) && 'group:fs' in value);
  assert.ok(isObject(groups));
  const sorted = (of: Readonly<Record<string, unknown>>): unknown =>
    Object.fromEntries(Object.entries(of).map(([name, tools]) => [name, (tools as string[]).toSorted()]));
  assert.deepEqual(sorted(TOOL_GROUPS), sorted(groups));
  const policyOf = (profile: string): readonly string[] => {
    for (const value of exported) {
      const said: unknown = typeof value === 'function' ? value(profile) : undefined;
      if (isObject(said) && Array.isArray(said['allow'])) return said['allow'] as string[];
    }
    return [];
  };
  // In a limited profile `gateway` can only ask for an update.
  for (const [profile, tools] of Object.entries(PROFILES)) assert.deepEqual([...tools, 'gateway'].toSorted(), policyOf(profile).toSorted(), profile);
});

test('names are folded, groups and aliases spelled out, patterns kept', () => {
  assert.deepEqual(expandTools(['Bash', 'cron', 'apply-patch', 'group:nodes', 'out*']), [
    'exec',
    'automations',
    'apply_patch',
    'nodes',
    'computer',
    'mobile_ui',
    'out*',
  ]);
  assert.ok(allowsTool(['write'], 'apply_patch') && !allowsTool(['edit'], 'apply_patch'));
});

test('what OpenClaw would ignore is no name of a policy', () => {
  for (const name of ['exec', 'EXEC', 'group:fs', 'cron', 'bundle-mcp', 'acme*', 'outlook__send_mail']) assert.ok(isPolicyName(name), name);
  for (const name of ['exce', 'image', 'group:files', 'group:constructor', '__proto__', 'constructor', '__x']) assert.ok(!isPolicyName(name), name);
});
