import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Blueprint } from '../../core/blueprint.ts';
import { NOTHING_YET, sampleBlueprint, sampleLayout } from '../os-user/sample.ts';
import { container } from './container.ts';
import { withOwnJournals } from './gvisor.ts';
import type { ContainerObserved } from './observe.ts';

const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '2026.9.6' };
const layout = sampleLayout('bh1a2b', '/var/lib/b', install);
const acme: Blueprint = { ...sampleBlueprint('acme', 20_000, layout), rung: 'container', engine: 'docker', runtime: 'runsc' };
const known = { runsc: { path: '/usr/bin/runsc', words: ['--network=host'] } };
const user = { uid: 12_001, gid: 12_001, mark: 'bulkhead /var/lib/b acme' };
const stopped: ContainerObserved = {
  engine: 'docker',
  base: { ...NOTHING_YET, user },
  image: `sha256:${'a'.repeat(64)}`,
  imageThere: true,
  container: null,
  network: null,
  runtimes: known,
};
const running = (runtime: string): ContainerObserved => ({
  ...stopped,
  base: { ...stopped.base, boundary: { pid: 4242, joins: [] } },
  container: { id: 'c0ffee', pid: 4242, joins: [], mark: user.mark, runtime },
});
const words = (argv: readonly string[]): string => argv.map((word) => (word.includes('\n') ? 'PROGRAM' : word)).join(' ');

test('an engine that does not know the runtime, or gives it another network, is refused with what the operator has to write', () => {
  const entry = '{"runtimes":{"runsc":{"path":"/usr/bin/runsc","runtimeArgs":["--network=host"]}}}';
  assert.throws(() => container.converge(acme, layout, { ...stopped, runtimes: { runc: { path: 'runc', words: [] } } }), {
    code: 'apply',
    message: 'acme on local: docker knows no runtime runsc',
    hint: `apt-get install runsc, in /etc/docker/daemon.json ${entry}, then systemctl reload docker`,
  });
  assert.throws(() => container.converge(acme, layout, { ...stopped, runtimes: { runsc: { path: '/opt/runsc', words: [] } } }), {
    message: 'acme on local: docker starts the runtime runsc without --network=host',
    hint: `apt-get install runsc, in /etc/docker/daemon.json ${entry.replace('/usr/bin/', '/opt/')}, then systemctl reload docker`,
  });
  assert.ok(container.converge(acme, layout, stopped).length > 0);
});

test('its service names the runtime and leaves its sandbox threads, and its forwarder enters the network alone', () => {
  const { argv, publish } = container.service(acme, layout, stopped);
  assert.match(words(argv), / run --rm --pull=never --runtime=runsc --name bh1a2b-acme .* --pids-limit=1024 /);
  assert.match(words(publish?.argv ?? []), / docker bh1a2b-acme bulkhead \/var\/lib\/b acme nsenter -t \{container\} --net -- prlimit /);
  const { runtime: _, ...plain } = acme;
  assert.doesNotMatch(words(container.service(plain, layout, stopped).argv), /--runtime/);
});

test('it is entered by its engine, with an end inside; one that runs under another runtime as any container', () => {
  const program = { title: 'look', argv: ['true'] as const, stdin: 'secret', redact: true, timeoutMs: 2500, env: { A: 'b' } };
  const { argv, ...rest } = container.enter(acme, layout, running('runsc'), program);
  assert.match(
    words(argv),
    /^docker exec --interactive c0ffee \/usr\/bin\/timeout --kill-after=5 3 env -i --chdir=\/var\/lib\/b\/tenants\/acme\/workspace .* A=b \/usr\/bin\/perl -e PROGRAM \d+ [0-9a-f]+ true$/,
  );
  assert.deepEqual(rest, { title: 'look', stdin: 'secret', redact: true, timeoutMs: 2500 });
  assert.match(words(container.enter(acme, layout, running('runc'), program).argv), / nsenter -t 4242 /);
  assert.throws(() => container.enter(acme, layout, stopped, program), { code: 'apply', hint: 'bulkhead start acme' });
});

test('databases that were written elsewhere get a journal that works there, before the gateway takes the program’s place', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-journals-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const [state, elsewhere] = [join(folder, 'state'), join(folder, 'elsewhere')];
  for (const path of [join(state, 'agents/main'), elsewhere]) mkdirSync(path, { recursive: true });
  const inLog = (path: string): number => readFileSync(path).subarray(18, 20).readUInt16BE();
  const files = [join(state, 'openclaw.sqlite'), join(state, 'agents/main/agent.sqlite'), join(elsewhere, 'other.sqlite')] as const;
  for (const file of files) {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE kept (word); INSERT INTO kept VALUES (1)');
    database.close();
    assert.equal(inLog(file), 0x0202);
  }
  symlinkSync(elsewhere, join(state, 'led-out'));
  symlinkSync(files[2], join(state, 'led-out.sqlite'));
  writeFileSync(join(state, 'none.sqlite'), 'SQLite format 3');
  const its = { ...acme, paths: { ...acme.paths, state }, install: { ...install, node: process.execPath } };
  const run = (): { readonly stdout: string; readonly stderr: string } => {
    const [program = '', ...args] = withOwnJournals(its, ['echo', 'the gateway']);
    return spawnSync(program, args, { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
  };
  const first = run();
  assert.equal(first.stdout, 'the gateway\n');
  assert.equal(first.stderr.match(/was written by a gateway outside of gVisor/g)?.length, 2, first.stderr);
  assert.deepEqual(files.map(inLog), [0x0101, 0x0101, 0x0202]);
  assert.equal(new DatabaseSync(files[1]).prepare('SELECT word FROM kept').get()?.['word'], 1);
  assert.deepEqual([run().stdout, run().stderr], ['the gateway\n', '']);
  const { runtime: _, ...plain } = acme;
  assert.deepEqual(withOwnJournals(plain, ['gateway']), ['gateway']);
});
