import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingHost } from './recording.ts';

const signal = new AbortController().signal;

test('Commands are recorded in order and answered from the table', async () => {
  const host = recordingHost([
    { when: 'id -u', give: { stdout: '0\n' } },
    { when: /^nft /, give: { exit: 1, stderr: 'no table' } },
  ]);
  assert.equal((await host.run({ title: 'who', argv: ['id', '-u'] }, signal)).stdout, '0\n');
  assert.equal((await host.run({ title: 'list', argv: ['nft', 'list', 'ruleset'] }, signal)).exit, 1);
  assert.deepEqual(
    host.commands.map(({ argv }) => argv[0]),
    ['id', 'nft'],
  );
});

test('A command without an answer is refused, so that silence never looks like success', async () => {
  await assert.rejects(recordingHost().run({ title: 'x', argv: ['x', 'y'] }, signal), /no answer for: x y/);
  assert.equal((await recordingHost([], { otherwise: 'succeed' }).run({ title: 'x', argv: ['x'] }, signal)).exit, 0);
});

test('An Error as answer rejects, and stdout streams as lines', async () => {
  const host = recordingHost([
    { when: 'boom', give: new Error('gone') },
    { when: 'lines', give: { stdout: 'a\nb\n' } },
  ]);
  await assert.rejects(host.run({ title: 'boom', argv: ['boom'] }, signal), /gone/);
  const lines: string[] = [];
  await host.stream({ title: 'lines', argv: ['lines'] }, (line) => lines.push(line), signal);
  assert.deepEqual(lines, ['a', 'b']);
});
