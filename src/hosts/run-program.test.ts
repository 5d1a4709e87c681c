import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { BulkheadError } from '../core/error.ts';
import type { Host } from '../core/host.ts';
import { localHost } from './local.ts';
import { runSelfContained } from './run-program.ts';

const never = new AbortController().signal;

function programOf(context: TestContext, body: string) {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-program-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'program.ts');
  writeFileSync(file, `export async function main(request: { readonly word: string }): Promise<unknown> { ${body} }\n`);
  return { program: pathToFileURL(file), request: { word: 'hello' }, node: process.execPath, title: 'look at it' };
}

test('a program of ours runs in this process where that is the host, in one of its own elsewhere or when it is long', async (context) => {
  const run = programOf(context, 'return { pid: process.pid, word: request.word, left: undefined };');
  const host = localHost();
  const wrapped: Host = { ...host, run: (command, signal) => host.run(command, signal) };
  assert.deepEqual(await runSelfContained(host, run, never), { pid: process.pid, word: 'hello' });
  for (const apart of [
    runSelfContained<{ pid: number }>(wrapped, run, never),
    runSelfContained<{ pid: number }>(host, { ...run, apart: true }, never),
  ])
    assert.notEqual((await apart).pid, process.pid);
});

test('a program that fails says so in the same words wherever it runs', async (context) => {
  const run = programOf(context, "throw new TypeError('no such thing');");
  for (const apart of [false, true])
    await assert.rejects(
      runSelfContained(localHost(), { ...run, apart }, never),
      (error) =>
        error instanceof BulkheadError && error.code === 'host' && /could not look at it on local: TypeError: no such thing/.test(error.message),
    );
});

test('a program that does not answer is given up after its time, and at once when it is aborted', async (context) => {
  const run = { ...programOf(context, 'return new Promise(() => {});'), timeoutMs: 50 };
  await assert.rejects(runSelfContained(localHost(), run, never), /it took too long/);
  const controller = new AbortController();
  const asked = runSelfContained(localHost(), { ...run, timeoutMs: 60_000 }, controller.signal);
  controller.abort(new Error('stop'));
  await assert.rejects(asked, /stop/);
});
