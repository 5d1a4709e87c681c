import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { tree } from '../../test/support/collector.ts';
import { promptRequest } from '../openclaw/prompts.ts';
import { forbiddingLines } from './prompt-lines.ts';

/** The powers that are forbidden, by line, when AGENTS.md has this text and a template has that. */
function powersIn(context: TestContext, text: string, template = ''): readonly string[] {
  const root = tree(context);
  mkdirSync(join(root, 'docs/reference/templates'), { recursive: true });
  writeFileSync(join(root, 'docs/reference/templates/AGENTS.md'), template);
  mkdirSync(join(root, 'workspace'));
  writeFileSync(join(root, 'workspace/AGENTS.md'), text);
  return forbiddingLines(promptRequest([join(root, 'workspace')], { openclaw: join(root, 'openclaw.mjs') })).map(
    ({ line, power }) => `${line} ${power}`,
  );
}

test('a sentence that forbids a power is told by its line, whatever its case', (context) => {
  const text = '# Rules\n\n- NEVER run any commands.\n- You must not edit customer files\nDon’t use the browser!\n- Only read files below docs.\n';
  assert.deepEqual(powersIn(context, text), ['3 exec', '4 write', '5 browser', '6 read']);
});

test('a restriction and a power in different sentences say nothing, nor does a power alone', (context) => {
  assert.deepEqual(powersIn(context, 'Never be rude. Use the browser for prices.\nRun commands in the shell.\n'), []);
});

test('lines of OpenClaw’s own templates are nobody’s restriction, however they are indented', (context) => {
  const text = "  - Don't  run commands without asking.\n- Never run commands.\n";
  assert.deepEqual(powersIn(context, text, "- Don't run commands without asking.\n"), ['2 exec']);
});

test('without a workspace nothing is said, and without the templates nothing is guessed', (context) => {
  const root = tree(context);
  const look = (): unknown => forbiddingLines(promptRequest([join(root, 'workspace')], { openclaw: join(root, 'none/openclaw.mjs') }));
  assert.deepEqual(look(), []);
  mkdirSync(join(root, 'workspace'));
  writeFileSync(join(root, 'workspace/SOUL.md'), 'Never use the shell.\n');
  assert.throws(look, /ENOENT/);
});

test('root follows no link', { skip: process.getuid?.() === 0 ? false : 'only root can show it' }, (context) => {
  const root = tree(context);
  mkdirSync(join(root, 'workspace'));
  writeFileSync(join(root, 'elsewhere'), 'Never use the shell.\n');
  symlinkSync(join(root, 'elsewhere'), join(root, 'workspace/TOOLS.md'));
  assert.throws(() => forbiddingLines(promptRequest([join(root, 'workspace')], { openclaw: join(root, 'openclaw.mjs') })), /ELOOP/);
});
