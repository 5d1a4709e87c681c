import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import { localHost } from './local.ts';

const never = new AbortController().signal;
const sh = (script: string, more: Partial<Command> = {}): Command => ({ title: 'run a script', argv: ['sh', '-c', script], ...more });

/** A killed process takes its time to go. */
async function ends(pid: number): Promise<void> {
  for (let tries = 0; isAlive(pid); tries += 1) {
    assert.ok(tries < 200, `process ${pid} goes on`);
    await sleep(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('A program gets its input and exactly the given environment', async () => {
  const host = localHost({ environment: { COLOUR: 'blue' } });
  const result = await host.run({ title: 'show', argv: ['env'] }, never);
  assert.deepEqual(result.stdout.trim().split('\n').toSorted(), ['COLOUR=blue', 'LC_ALL=C', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin']);
  const echoed = await host.run({ title: 'echo', argv: ['cat'], stdin: 'grüße\n' }, never);
  assert.equal(echoed.stdout, 'grüße\n');
  assert.equal(echoed.exit, 0);
});

test('Arguments are never read by a shell', async () => {
  const result = await localHost().run({ title: 'print', argv: ['printf', '%s|', '$(id)', '; ls', '`x`'] }, never);
  assert.equal(result.stdout, '$(id)|; ls|`x`|');
});

test('Without input, standard input is empty', async () => {
  const result = await localHost().run({ title: 'count', argv: ['wc', '-c'] }, never);
  assert.equal(result.stdout.trim(), '0');
});

test('A program that ends without reading a large input is judged by its exit code', async () => {
  const result = await localHost().run({ title: 'ignore', argv: ['true'], stdin: 'x'.repeat(4_000_000) }, never);
  assert.equal(result.exit, 0);
});

test('Exit codes, signals and standard error come back as they are', async () => {
  const failed = await localHost().run(sh('echo oops >&2; exit 7'), never);
  assert.equal(failed.exit, 7);
  assert.equal(failed.stderr, 'oops\n');
  const killed = await localHost().run(sh('kill -KILL $$'), never);
  assert.equal(killed.exit, null);
  assert.equal(killed.signal, 'SIGKILL');
});

test('Output beyond the limit is dropped and the result says so', async () => {
  const host = localHost({ maxBytes: 1000 });
  const result = await host.run(sh('head -c 5000000 /dev/zero | tr "\\0" a'), never);
  assert.equal(result.stdout.length, 1000);
  assert.equal(result.truncated, true);
  assert.equal(result.exit, 0);
  assert.equal((await host.run(sh('printf %01000d 0'), never)).truncated, false);
});

test('A timeout kills the whole process group, also members that ignore SIGTERM', async () => {
  // Long enough for a busy machine to start three shells first.
  const result = await localHost().run(
    sh('(trap "" TERM; echo $(exec sh -c \'echo $PPID\'); while :; do sleep 0.2; done) & wait', { timeoutMs: 3000 }),
    never,
  );
  assert.equal(result.timedOut, true);
  assert.notEqual(result.exit, 0);
  const pid = Number(result.stdout.trim());
  assert.ok(pid > 1);
  await ends(pid);
});

test('A group leader that ignores SIGTERM is killed after the grace', async () => {
  const result = await localHost().run(sh('trap "" TERM; while :; do sleep 0.1; done', { timeoutMs: 100 }), never);
  assert.equal(result.signal, 'SIGKILL');
  assert.equal(result.timedOut, true);
});

test('An abort kills the program and rejects with the reason', async () => {
  const controller = new AbortController();
  let pid = 0;
  const running = localHost().stream(
    sh('echo $$; sleep 60'),
    (line) => {
      pid = Number(line);
      controller.abort(new Error('stopped by the test'));
    },
    controller.signal,
  );
  await assert.rejects(running, /stopped by the test/);
  assert.ok(pid > 1);
  await ends(pid);
  await assert.rejects(localHost().run(sh('true'), controller.signal), /stopped by the test/);
});

test('A missing program is a host error that names it and its package', async () => {
  const missing = localHost({ environment: { PATH: '/nonexistent' } }).run({ title: 'list firewall', argv: ['nft', 'list'] }, never);
  await assert.rejects(
    missing,
    (error) => error instanceof BulkheadError && error.code === 'host' && /"nft"/.test(error.message) && error.hint === 'apt-get install nftables',
  );
  const unexecutable = localHost().run({ title: 'run a text file', argv: ['/etc'] }, never);
  await assert.rejects(unexecutable, (error) => error instanceof BulkheadError && /may not be executed/.test(error.message));
});

test('A NUL in an argument is a host error, not a crash', async () => {
  await assert.rejects(localHost().run({ title: 'print', argv: ['echo', 'a\0b'] }, never), BulkheadError);
});

test('A daemon that keeps the pipes open does not hold up the result', async () => {
  const result = await localHost().run(sh('sleep 3 & echo started'), never);
  assert.equal(result.stdout, 'started\n');
  assert.ok(result.durationMs < 2500, `took ${result.durationMs} ms`);
});

test('Lines stream as they come; a line without end and a split character are kept', async () => {
  const lines: string[] = [];
  const result = await localHost().stream(sh('printf "a\\nb\\303"; sleep 0.1; printf "\\274\\n\\nlast"'), (line) => lines.push(line), never);
  assert.deepEqual(lines, ['a', 'bü', '', 'last']);
  assert.equal(result.stdout, '');
});

test('An endless line is cut', async () => {
  const lines: string[] = [];
  const result = await localHost({ maxLineChars: 10 }).stream(
    sh('head -c 100000 /dev/zero | tr "\\0" a; echo; echo b'),
    (line) => lines.push(line),
    never,
  );
  assert.deepEqual(lines, ['aaaaaaaaaa', 'b']);
  assert.equal(result.truncated, true);
});

test('A reader that throws stops the program and its error comes out', async () => {
  const running = localHost().stream(
    sh('echo x; sleep 60'),
    () => {
      throw new Error('cannot read this');
    },
    never,
  );
  await assert.rejects(running, /cannot read this/);
});
