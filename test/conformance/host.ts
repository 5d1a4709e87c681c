/** What every host must do, however commands get there. A host's own test makes it and calls this. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Command } from '../../src/core/command.ts';
import { BulkheadError } from '../../src/core/error.ts';
import type { Host } from '../../src/core/host.ts';

export interface HostSubject {
  readonly name: string;
  /** Runs on this machine, so that the test can look at processes. With these limits where they are given. */
  make(limits?: { readonly maxBytes?: number; readonly maxLineChars?: number }): Promise<Host>;
  /** A skip reason, or false. */
  readonly skip: string | false;
  /** How often the hostile strings are drawn. */
  readonly runs: number;
}

const never = new AbortController().signal;
export const sh = (script: string, more: Partial<Command> = {}): Command => ({ title: 'run a script', argv: ['sh', '-c', script], ...more });

/** A killed process takes its time to go. */
export async function ends(pid: number): Promise<void> {
  for (let tries = 0; isAlive(pid); tries += 1) {
    assert.ok(tries < 300, `process ${pid} goes on`);
    await sleep(20);
  }
}

export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** What a shell, printf, ssh or an option parser could take for something else. */
const HOSTILE = [
  '',
  ' ',
  '\n',
  '\r',
  '\t',
  "'",
  '"',
  '\\',
  '`id`',
  '$(id)',
  '${HOME}',
  '; ls',
  '&',
  '|',
  '*',
  '~',
  '%',
  '%n',
  '!!',
  '#',
  '-',
  '--',
  '-oProxyCommand=id',
  'ü',
  '€',
  '😀',
  '\u2028',
  '\u0001',
  '\u007f',
];

export function conformsToHost({ name, make, skip, runs }: HostSubject): void {
  conformsInInput({ name, make, skip, runs });
  conformsInEnds({ name, make, skip, runs });
  conformsInStreams({ name, make, skip, runs });
}

function conformsInInput({ name, make, skip, runs }: HostSubject): void {
  test(`${name}: arguments and input arrive as they are, whatever they hold`, { skip }, async () => {
    const host = await make();
    const word = fc
      .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme' })), { maxLength: 8 })
      .map((parts) => parts.join('').replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), word, async (args, stdin) => {
        // What it was given, as the kernel keeps it, then its input.
        const { stdout, exit } = await host.run(
          { title: 'echo', argv: ['perl', '-e', 'print map({ "$_\\0" } @ARGV), <STDIN>', '--', ...args], stdin },
          never,
        );
        const wanted = Buffer.from([...args.map((arg) => `${arg}\0`), stdin].join('')).toString();
        assert.deepEqual([exit, stdout], [0, wanted]);
      }),
      { numRuns: runs },
    );
  });

  test(`${name}: output that is no UTF-8 comes back with replacement characters`, { skip }, async () => {
    const { stdout } = await (await make()).run(sh("printf 'a\\377\\303b'"), never);
    assert.equal(stdout, 'a\uFFFD\uFFFDb');
  });

  test(`${name}: a program gets exactly the given environment, and no more`, { skip }, async () => {
    const { stdout } = await (await make()).run({ title: 'show', argv: ['env'] }, never);
    assert.deepEqual(stdout.trim().split('\n').toSorted(), ['LC_ALL=C', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin']);
  });

  test(`${name}: variables of the operator go along by name`, { skip }, async () => {
    process.env['BULKHEAD_TEST_PASSED'] = 'a b$(id)\nc';
    const { stdout } = await (
      await make()
    ).run({ title: 'show', argv: ['printenv', 'BULKHEAD_TEST_PASSED'], passEnvironment: ['BULKHEAD_TEST_PASSED'] }, never);
    delete process.env['BULKHEAD_TEST_PASSED'];
    assert.equal(stdout, 'a b$(id)\nc\n');
  });

  test(`${name}: it works in /, and without input its input is empty`, { skip }, async () => {
    const { stdout } = await (await make()).run(sh('pwd; wc -c'), never);
    assert.equal(stdout, '/\n0\n');
  });

  test(`${name}: twenty megabytes of input arrive whole, in both ways`, { skip }, async () => {
    const host = await make();
    const size = 20 * 1024 * 1024;
    const text = await host.run({ title: 'count', argv: ['wc', '-c'], stdin: 'x'.repeat(size) }, never);
    assert.equal(text.stdout.trim(), String(size));
    const sum = (command: Omit<Command, 'title'>) => host.run({ title: 'sum', ...command }, never);
    const printed = ['perl', '-e', `print pack('N', $_) for 1 .. ${size / 4}`] as const;
    const [here, there] = await Promise.all([
      sum({ argv: ['sh', '-c', `perl -e "$1" | md5sum`, 'sh', printed[2]] }),
      sum({ argv: ['md5sum'], stdinOf: printed }),
    ]);
    assert.equal(there.stdout, here.stdout);
    assert.match(there.stdout, /^[0-9a-f]{32} /);
  });

  test(`${name}: where what makes the input fails, so does the command`, { skip }, async () => {
    const host = await make();
    const failing: Command = { title: 'unpack', argv: ['cat'], stdinOf: ['sh', '-c', 'echo half; echo "no such tree" >&2; exit 3'] };
    await assert.rejects(
      host.run(failing, never),
      (error) => error instanceof BulkheadError && /could not unpack: sh .*no such tree/.test(error.message),
    );
    const missing: Command = { title: 'unpack', argv: ['cat'], stdinOf: ['/nonexistent/tar'] };
    await assert.rejects(host.run(missing, never), BulkheadError);
    // One that nobody reads to its end is ended, and is no failure.
    assert.equal((await host.run({ title: 'take a little', argv: ['head', '-c', '5'], stdinOf: ['yes'] }, never)).stdout, 'y\ny\ny');
  });

  test(`${name}: a program that ends without reading a large input is judged by its exit code`, { skip }, async () => {
    assert.equal((await (await make()).run({ title: 'ignore', argv: ['true'], stdin: 'x'.repeat(4_000_000) }, never)).exit, 0);
  });
}

function conformsInEnds({ name, make, skip }: HostSubject): void {
  test(`${name}: exit codes, signals and standard error come back as they are`, { skip }, async () => {
    const host = await make();
    const failed = await host.run(sh('echo oops >&2; exit 7'), never);
    assert.deepEqual([failed.exit, failed.signal, failed.stderr], [7, null, 'oops\n']);
    const killed = await host.run(sh('kill -KILL $$'), never);
    assert.deepEqual([killed.exit, killed.signal], [null, 'SIGKILL']);
  });

  test(`${name}: output beyond the limit is dropped and the result says so`, { skip }, async () => {
    const host = await make({ maxBytes: 1000 });
    const result = await host.run(sh('head -c 5000000 /dev/zero | tr "\\0" a'), never);
    assert.deepEqual([result.stdout.length, result.truncated, result.exit], [1000, true, 0]);
    assert.equal((await host.run(sh('printf %01000d 0'), never)).truncated, false);
  });

  test(`${name}: a timeout kills the whole process group, also members that ignore SIGTERM`, { skip }, async () => {
    const script = '(trap "" TERM; echo $(exec sh -c \'echo $PPID\'); while :; do sleep 0.2; done) & wait';
    // Long enough for a busy machine to start three shells first.
    const result = await (await make()).run(sh(script, { timeoutMs: 3000 }), never);
    assert.equal(result.timedOut, true);
    assert.notEqual(result.exit, 0);
    const pid = Number(result.stdout.trim());
    assert.ok(pid > 1);
    await ends(pid);
  });

  test(`${name}: a group leader that ignores SIGTERM is killed after the grace`, { skip }, async () => {
    const result = await (await make()).run(sh('trap "" TERM; while :; do sleep 0.1; done', { timeoutMs: 300 }), never);
    assert.deepEqual([result.signal, result.timedOut], ['SIGKILL', true]);
  });

  test(`${name}: an abort kills the program and rejects with the reason`, { skip }, async () => {
    const host = await make();
    const controller = new AbortController();
    let pid = 0;
    const running = host.stream(
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
    await assert.rejects(host.run(sh('true'), controller.signal), /stopped by the test/);
  });

  test(`${name}: a program that cannot be started is a host error that names it and its package`, { skip }, async () => {
    const host = await make();
    const tried = (argv: readonly [string, ...string[]]) => host.run({ title: 'try', argv }, never);
    const says = (message: RegExp, hint: RegExp) => (error: unknown) =>
      error instanceof BulkheadError && error.code === 'host' && message.test(error.message) && hint.test(error.hint);
    await assert.rejects(tried(['/nonexistent/nft']), says(/"\/nonexistent\/nft" is not on/, /apt-get install nftables$/));
    await assert.rejects(tried(['/etc']), says(/may not be executed/, /ls -l \/etc$/));
    await assert.rejects(tried(['true', 'x'.repeat(200_000)]), says(/arguments .* too long/, /./));
    await assert.rejects(tried(['echo', 'a\0b']), says(/could not be started/, /./));
    assert.equal((await tried(['true'])).exit, 0);
  });

  test(`${name}: a daemon that keeps the pipes open does not hold up the result`, { skip }, async () => {
    const result = await (await make()).run(sh('sleep 3 & echo started'), never);
    assert.equal(result.stdout, 'started\n');
    assert.ok(result.durationMs < 2500, `took ${result.durationMs} ms`);
  });
}

function conformsInStreams({ name, make, skip }: HostSubject): void {
  test(`${name}: lines stream as they come; a line without end and a split character are kept`, { skip }, async () => {
    const lines: string[] = [];
    const script = 'printf "a\\nb\\303"; sleep 0.1; printf "\\274\\n\\nlast"';
    const result = await (await make()).stream(sh(script), (line) => lines.push(line), never);
    assert.deepEqual([lines, result.stdout], [['a', 'bü', '', 'last'], '']);
  });

  test(`${name}: an endless line is cut`, { skip }, async () => {
    const lines: string[] = [];
    const host = await make({ maxLineChars: 10 });
    const result = await host.stream(sh('head -c 100000 /dev/zero | tr "\\0" a; echo; echo b'), (line) => lines.push(line), never);
    assert.deepEqual([lines, result.truncated], [['aaaaaaaaaa', 'b'], true]);
  });

  test(`${name}: a reader that throws stops the program and its error comes out`, { skip }, async () => {
    const throws = (): void => {
      throw new Error('cannot read this');
    };
    await assert.rejects((await make()).stream(sh('echo x; sleep 60'), throws, never), /cannot read this/);
  });

  test(`${name}: commands run side by side, one that reads nothing holds up no other`, { skip }, async () => {
    const host = await make();
    const controller = new AbortController();
    const deaf = host.run({ title: 'sleep', argv: ['sleep', '60'], stdin: 'x'.repeat(8_000_000) }, controller.signal);
    const loud = await Promise.all([1, 2, 3].map((seed) => host.run(sh(`head -c 3000000 /dev/zero | tr '\\0' ${seed}`), never)));
    assert.deepEqual(
      loud.map(({ stdout }) => [stdout.length, new Set(stdout).size]),
      loud.map(() => [3_000_000, 1]),
    );
    controller.abort(new Error('enough'));
    await assert.rejects(deaf, /enough/);
  });
}
