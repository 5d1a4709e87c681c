import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playDemo, whatWasSeen, type DemoHands } from './demo.ts';

const EVIL = 'said \u001b]0;owned\u0007';
const summary = { findings: 1, unknown: 1, checksPassed: 3, attacks: 2, attacksHeld: 1, breaches: 0 };
const report = JSON.stringify({
  verdict: 'unknown',
  exitCode: 3,
  summary,
  findings: [
    { id: 'a.fine', verdict: 'pass', severity: 'high', message: 'fine' },
    { id: 'b.dim', verdict: 'unknown', severity: 'high', message: EVIL },
    { id: 'c.broken', verdict: 'fail', severity: 'critical', message: EVIL },
  ],
  probes: [{ id: 'agent.exec', attacker: 'acme', victim: 'globex', verdict: 'contained', detail: EVIL }],
});

test('of a report that is not what it had to be, what is not in order is said, escaped', () => {
  assert.deepEqual(whatWasSeen(report), [
    '   → UNKNOWN (exit 3): 3 checks passed, 1 of 2 attacks held, 0 breaches, 1 unknown',
    'unknown b.dim: said \\u{1b}]0;owned\\u{7}',
    'fail c.broken: said \\u{1b}]0;owned\\u{7}',
  ]);
  assert.deepEqual(whatWasSeen('one\ntwo \u001b'), ['one', 'two \\u{1b}']);
});

test('what an agent or a gateway said reaches the terminal escaped', async () => {
  const said: string[] = [];
  const hands: DemoHands = {
    say: (text) => void said.push(text),
    run: async () => report,
    startModels: async () => undefined,
    sabotage: async () => 'broken',
    restore: async () => undefined,
  };
  await playDemo(hands, { rung: 'os-user' });
  const lines = said.filter((line) => line !== report).join('\n');
  assert.match(lines, /acme’s agent, told to reach globex’s canary \(agent\.exec\): said \\u\{1b\}/);
  assert.match(lines, /c\.broken: said \\u\{1b\}/);
  assert.ok(!lines.includes('\u001b'));
});
