import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BulkheadError } from '../core/error.ts';
import type { Plan, Receipt } from '../core/plan.ts';
import { recordingHost, type Answer } from '../hosts/recording.ts';
import { runPlan } from './run-plan.ts';

const step = (id: string, argv: [string, ...string[]], extra: object = {}) => ({
  id,
  stage: 'boundary' as const,
  tenant: 'acme',
  command: { title: `do ${id}`, argv, ...extra },
});

async function run(plan: Plan, answers: readonly Answer[]): Promise<{ receipts: Receipt[]; commands: readonly unknown[]; error?: unknown }> {
  const receipts: Receipt[] = [];
  const host = recordingHost(answers);
  const options = {
    plan,
    runId: 'r',
    hostOf: () => host,
    keep: (receipt: Receipt) => void receipts.push(receipt),
    onStep: () => undefined,
    now: () => new Date(0),
  };
  try {
    await runPlan(options, new AbortController().signal);
    return { receipts, commands: host.commands };
  } catch (error) {
    return { receipts, commands: host.commands, error };
  }
}

test('each step leaves one receipt, and the first failure ends the run', async () => {
  const plan = { steps: [step('a', ['one']), step('b', ['two']), step('c', ['three'])], later: [] };
  const { receipts, error } = await run(plan, [
    { when: 'one', give: {} },
    { when: 'two', give: { exit: 3, stderr: 'no room' } },
  ]);
  assert.deepEqual(
    receipts.map(({ step: id, outcome, exit }) => [id, outcome, exit]),
    [
      ['a', 'done', 0],
      ['b', 'failed', 3],
    ],
  );
  assert.ok(error instanceof BulkheadError);
  assert.match(error.message, /acme on recording: could not do b .*ended with 3.*no room/);
});

test('neither receipt nor error holds what a step with a secret got or said', async () => {
  const plan = { steps: [step('a', ['put'], { stdin: 'hunter2-token', redact: true })], later: [] };
  const { receipts, error } = await run(plan, [{ when: 'put', give: { exit: 1, stderr: 'bad hunter2-token' } }]);
  assert.doesNotMatch(JSON.stringify(receipts) + String(error), /hunter2/);
});

test('a host that fails in the middle leaves a receipt that says interrupted', async () => {
  const { receipts, error } = await run({ steps: [step('a', ['one'])], later: [] }, [{ when: 'one', give: new Error('gone') }]);
  assert.equal(receipts[0]?.outcome, 'interrupted');
  assert.match(String(error), /gone/);
});

test('of a Node program that threw, only what it threw is said', async () => {
  const stderr = '[eval]:20\n  throw new Error(`no answer`);\n  ^\n\nError: no answer\n    at main ([eval]:20:11)\n\nNode.js v24.21.0\n';
  const { error } = await run({ steps: [step('a', ['one'])], later: [] }, [{ when: 'one', give: { exit: 1, stderr } }]);
  assert.equal(String(error), 'BulkheadError: acme on recording: could not do a (step a ended with 1): Error: no answer');
});
