import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { conformsToHost, ends, sh } from '../../test/conformance/host.ts';
import { requires } from '../../test/support/requires.ts';
import { SSHD_PROGRAMS, startSshd, type Sshd } from '../../test/support/sshd.ts';
import { BulkheadError } from '../core/error.ts';
import type { Host } from '../core/host.ts';
import { runSelfContained } from './run-program.ts';
import { sshArgv, sshHost, type ReachedHost, type SshHostOptions } from './ssh.ts';

const never = new AbortController().signal;
const skip = requires({ root: true, linux: true, programs: SSHD_PROGRAMS });

let sshd: Sshd;
const opened: ReachedHost[] = [];
const reach = (more: Partial<SshHostOptions> = {}): ReachedHost => {
  const host = sshHost({ id: 'edge-1', destination: 'edge', become: 'root', config: sshd.config, ...more });
  opened.push(host);
  return host;
};
before(async () => {
  if (skip === false) sshd = await startSshd();
});
after(async () => {
  for (const host of opened) await host.close();
  if (skip === false) await sshd.end();
});

let shared: ReachedHost | undefined;
conformsToHost({ name: 'ssh', make: async (limits) => (limits === undefined ? (shared ??= reach()) : reach(limits)), skip, runs: 60 });

test('ssh gets the destination behind --, and its caution before any config', () => {
  const argv = sshArgv({ id: 'edge-1', destination: 'ops@edge-1', become: 'sudo', config: '/c' }, 'perl');
  assert.deepEqual(argv.slice(0, 3), ['ssh', '-F', '/c']);
  assert.deepEqual(argv.slice(-3), ['--', 'ops@edge-1', 'exec sudo -n -- perl']);
  for (const option of ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'ForwardAgent=no', 'ClearAllForwardings=yes', 'PermitLocalCommand=no'])
    assert.equal(argv[argv.indexOf(option) - 1], '-o');
  assert.throws(() => sshHost({ id: 'x', destination: '-oProxyCommand=id', become: 'root' }), /no SSH destination/);
});

const fails = (destination: string, message: RegExp, hint: RegExp) =>
  assert.rejects(
    reach({ destination }).run(sh('true'), never),
    (error) => error instanceof BulkheadError && error.code === 'host' && message.test(error.message) && hint.test(error.hint),
  );

test('an unknown host key is refused although the config would take it, and is not kept', { skip }, async () => {
  for (const again of [1, 2])
    await fails('stranger', /^host edge-1 .* key is not known/, /^once by hand.*: ssh -F \S+ stranger$/).catch((error: unknown) =>
      assert.fail(`${again}: ${String(error)}`),
    );
});

test('a changed host key, a key that is not let in, a name that is not known, and nobody there: each is told', { skip }, async () => {
  await fails('changed', /host key is not the one that is known/, /ssh-keygen -R/);
  await fails('nobody-known', /does not let you in/, /ssh -F \S+ nobody-known true$/);
  await fails('no-such-host.invalid', /its name is not known/, /hosts\.edge-1\.ssh/);
  await fails('closed', /cannot be reached/, /-v true$/);
});

test('nothing of the config runs, is asked for or is forwarded', { skip }, async () => {
  const { stdout } = await reach().run(sh('tty; ls -l /proc/self/fd/0'), never);
  assert.match(stdout, /not a tty/);
  assert.equal(existsSync(join(sshd.folder, 'local-command-ran')), false);
});

test('what the config says of the way there is done: a jump', { skip }, async () => {
  assert.equal((await reach({ destination: 'jumped' }).run(sh('echo there'), never)).stdout, 'there\n');
});

test('one connection carries all commands', { skip }, async () => {
  const host = reach();
  const parents = await Promise.all([1, 2, 3].map(() => host.run(sh('echo $PPID'), never)));
  assert.equal(new Set(parents.map(({ stdout }) => stdout)).size, 1);
});

test('a cut connection is an error of the command, its processes end, and the next command connects anew', { skip }, async () => {
  const host = reach();
  let pid = 0;
  const running = host.stream(
    sh('echo $$; sleep 60'),
    (line) => {
      pid = Number(line);
      void sshd.cut();
    },
    never,
  );
  await assert.rejects(
    running,
    (error) =>
      error instanceof BulkheadError && /connection to edge-1 was cut in the middle of: run a script/.test(error.message) && /again/.test(error.hint),
  );
  assert.ok(pid > 1);
  await ends(pid);
  assert.equal((await host.run(sh('echo back'), never)).stdout, 'back\n');
});

test('closing ends what runs there', { skip }, async () => {
  const host = reach();
  let pid = 0;
  const running = host.stream(
    sh('echo $$; sleep 60'),
    (line) => {
      pid = Number(line);
      void host.close();
    },
    never,
  );
  await assert.rejects(running, BulkheadError);
  await ends(pid);
});

test('programs of ours share a Node there, which a wrapped host does not have; it ends with the connection', { skip }, async () => {
  const host = sshHost({ id: 'edge-1', destination: 'edge', become: 'root', config: sshd.config });
  const file = join(sshd.folder, 'who.ts');
  writeFileSync(file, 'export async function main(): Promise<number> { return process.pid; }\n');
  const program = pathToFileURL(file);
  const ask = (of: Host): Promise<number> => runSelfContained<number>(of, { program, request: {}, node: process.execPath, title: 'ask' }, never);
  const [one, other, alone] = await Promise.all([ask(host), ask(host), ask({ ...host })]);
  assert.equal(one, other);
  assert.notEqual(one, alone);
  await host.close();
  await ends(one);
});

test('a host that is not reached is not tried again for each command', { skip }, async () => {
  const host = reach({ destination: 'stranger' });
  const failure = () =>
    host.run(sh('true'), never).then(
      () => assert.fail('it was reached'),
      (error: unknown) => error,
    );
  assert.equal(await failure(), await failure(), 'the very same error');
});
