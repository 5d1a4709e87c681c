import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { succeeded, type Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import { localHost } from '../hosts/local.ts';
import { recordingHost } from '../hosts/recording.ts';
import { installAt } from '../openclaw/runtime.ts';
import { bringCommands, deliveryCommands } from './deliver-install.ts';

const signal = new AbortController().signal;

/** A tree as an install is one: a program, a link, a name with a space, a file that its group may write. */
function folders(t: TestContext): { readonly from: string; readonly root: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-deliver-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const from = join(folder, 'own');
  mkdirSync(join(from, 'bin'), { recursive: true });
  writeFileSync(join(from, 'bin/program'), 'program', { mode: 0o755 });
  writeFileSync(join(from, 'a name\\with a space'), 'text', { mode: 0o664 });
  chmodSync(join(from, 'a name\\with a space'), 0o664);
  symlinkSync('bin/program', join(from, 'link'));
  return { from, root: join(folder, 'lib/runtime/openclaw') };
}

async function run(commands: readonly Command[]): Promise<string | undefined> {
  for (const command of commands) if (!succeeded(command, await localHost().run(command, signal))) return command.title;
  return undefined;
}

test('an install is brought whole, writable for its owner alone, in the place of what was there', async (t) => {
  const { from, root } = folders(t);
  mkdirSync(`${root}.new/left`, { recursive: true });
  assert.equal(await run(bringCommands(from, root, 'edge-1')), undefined);
  assert.equal(readFileSync(join(root, 'bin/program'), 'utf8'), 'program');
  assert.equal(statSync(join(root, 'bin/program')).mode & 0o777, 0o755);
  assert.equal(statSync(join(root, 'a name\\with a space')).mode & 0o777, 0o644);
  assert.equal(readlinkSync(join(root, 'link')), 'bin/program');
  writeFileSync(join(root, 'old'), 'old');
  assert.equal(await run(bringCommands(from, root, 'edge-1')), undefined);
  assert.throws(() => statSync(join(root, 'old')));
  assert.throws(() => statSync(`${root}.new`));
});

test('a file that is not what it is here keeps the install from its place', async (t) => {
  const { from, root } = folders(t);
  const [clear, outer, inner, bring, compare] = bringCommands(from, root, 'edge-1');
  assert.ok(clear && outer && inner && bring && compare);
  assert.equal(await run([clear, outer, inner, bring]), undefined);
  writeFileSync(`${root}.new/bin/program`, 'changed');
  assert.equal(await run([compare]), compare.title);
  rmSync(`${root}.new/bin/program`);
  assert.equal(await run([compare]), compare.title, 'a missing file is no equal one');
});

test('without an install here there is nothing to bring, and the command that makes one is named', async () => {
  const none = installAt('/nonexistent/openclaw');
  const bare = recordingHost([{ when: 'test -x', give: { exit: 1 } }], { id: 'edge-1' });
  const where = { host: bare, here: localHost() };
  await assert.rejects(
    deliveryCommands({ install: none, from: none, channels: [{ kind: 'slack' }] }, where, signal),
    (error) =>
      error instanceof BulkheadError &&
      error.code === 'apply' &&
      error.message.startsWith('edge-1 ') &&
      error.hint === 'bulkhead install --channel slack',
  );
});
