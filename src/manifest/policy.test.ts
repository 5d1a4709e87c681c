import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PRESET_NAMES } from '../core/fleet.ts';
import { formatProblem, parseManifest } from './parse.ts';

const manifest = (...lines: readonly string[]): string =>
  [
    'fleet: a',
    'trust: clients',
    'tenants:',
    '  acme:',
    '    boundary: { owner: o, data: d, members: [m] }',
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');

function problems(...lines: readonly string[]): readonly string[] {
  const parsed = parseManifest(manifest(...lines), 'b.yaml', '0');
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

test('every preset is a word of the manifest', () => {
  for (const preset of PRESET_NAMES) assert.deepEqual(problems(`policy: ${preset}`, ...(preset === 'browser' ? ['browser: on'] : [])), [], preset);
});

test('a tool that OpenClaw does not know is refused, and the one that was meant is named', () => {
  assert.deepEqual(problems('policy: { preset: operator, deny: [exce] }'), [
    'b.yaml:6:40: "exce" in tenants.acme.policy.deny[0] is no tool of OpenClaw, which would ignore it; a tool of a plugin is written as a pattern: "exce*"; did you mean "exec"?',
  ]);
  assert.match(problems('policy: { preset: operator, deny: [exec, "group:filesystem"] }').join(), /^b\.yaml:6:46: "group:filesystem" in/);
  assert.match(problems('policy: { preset: operator, deny: [image] }').join(), /"image" in .* is no tool/);
});

test('groups, aliases, capitals, patterns and tools of MCP servers are known', () => {
  assert.deepEqual(
    problems('policy: { preset: operator, deny: ["group:web", cron, bash, Read, "acme*", outlook__send_mail, "outlook__*", bundle-mcp] }'),
    [],
  );
});

test('what a preset denies cannot be allowed on top of it', () => {
  assert.deepEqual(problems('policy: { preset: support, alsoAllow: [web_fetch, exec] }'), [
    'b.yaml:6:55: tenants.acme.policy.alsoAllow[1] names "exec", which the preset support denies: deny wins, so choose another preset',
  ]);
  assert.equal(problems('policy: { preset: support, allow: ["group:runtime"] }').length, 1);
  assert.equal(problems('policy: { preset: quarantine, alsoAllow: [read] }').length, 1);
  assert.deepEqual(problems('policy: { preset: support, alsoAllow: ["group:fs"] }'), [], 'a part of it is left');
});

test('allow and alsoAllow exclude each other', () => {
  assert.match(problems('policy: { preset: operator, allow: [read], alsoAllow: [tts] }').join(), /^b\.yaml:6:48: .* has "allow" and "alsoAllow"/);
  assert.deepEqual(problems('policy: { preset: operator, allow: [], alsoAllow: [tts] }'), []);
});

test('a preset that rules a browser out or needs one contradicts the manifest where it says otherwise', () => {
  assert.deepEqual(problems('policy: support', 'browser: on'), [
    'b.yaml:7:14: tenants.acme has the policy support, which denies the browser: say "browser: off", or choose one of operator, browser, team',
  ]);
  assert.deepEqual(problems('policy: browser'), ['b.yaml:6:13: tenants.acme has the policy browser, which needs a browser: say "browser: on"']);
  assert.deepEqual(problems('policy: browser', 'browser: off'), [
    'b.yaml:7:14: tenants.acme has the policy browser, which needs a browser: say "browser: on"',
  ]);
  for (const preset of ['operator', 'team', 'quarantine']) assert.deepEqual(problems(`policy: ${preset}`, 'browser: on'), [], preset);
});
