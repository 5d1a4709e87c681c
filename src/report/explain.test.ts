import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRules, probeRules } from '../cli/rules.ts';
import { ruleText, topicText } from './explain.ts';
import { bannedClaims } from './honest-words.ts';
import { TOPICS } from './topics.ts';

test('hostile tenants on one Gateway: the answer begins with No', () => {
  const topic = TOPICS.find(({ id }) => id === 'hostile-one-gateway');
  assert.ok(topic !== undefined);
  assert.match(topicText(topic, { width: 80 }), /^No\. /u);
});

test('every answer claims only what can be shown, and has an id of its own', () => {
  const ids = [...TOPICS, ...checkRules(), ...probeRules()].map(({ id }) => id);
  assert.deepEqual(ids, [...new Set(ids)]);
  for (const topic of TOPICS) assert.deepEqual(bannedClaims(topicText(topic, { width: 80 })), [], topic.id);
});

test('a rule is told with its reason, its method, its severities and its remedy', () => {
  const [rule] = checkRules();
  assert.ok(rule !== undefined);
  const text = ruleText({ ...rule, how: 'By looking.', source: 'a page' }, { color: false, width: 60 });
  for (const word of [rule.id, 'By looking.', 'a page', `clients ${rule.severity.clients}`, 'fix', 'why']) assert.ok(text.includes(word), word);
});
