/** `bulkhead secrets` as an operator uses it: on a terminal with an editor, and from a script. The plain text never stays. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openAgeFile, readIdentities } from '../../src/apply/age.ts';
import { inFiles, needlesOf } from '../support/planted.ts';
import { requires } from '../support/requires.ts';

const skip = requires({ linux: true, programs: ['script'] });
const LAUNCHER = new URL('../../bulkhead', import.meta.url).pathname;
const SECRET = `sk-edit-${randomBytes(24).toString('hex')}`;

interface Ended {
  readonly exit: number | null;
  readonly said: string;
}

describe('bulkhead secrets', { skip, timeout: 240_000 }, () => {
  let folder = '';
  let identity = '';
  const environment = (more: Readonly<Record<string, string>> = {}) => ({ PATH: process.env['PATH'], HOME: folder, TERM: 'dumb', ...more });

  const start = (argv: readonly string[], more?: Readonly<Record<string, string>>) => {
    const [program = '', ...args] = argv;
    return spawn(program, args, { cwd: folder, env: environment(more), stdio: ['pipe', 'pipe', 'pipe'] });
  };
  const end = async (child: ReturnType<typeof start>): Promise<Ended> => {
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (said += chunk.toString('utf8')));
    return { exit: await new Promise<number | null>((resolve) => child.on('close', resolve)), said };
  };
  const piped = async (input: string, ...words: readonly string[]): Promise<Ended> => {
    const child = start([LAUNCHER, 'secrets', ...words]);
    child.stdin.end(input);
    return await end(child);
  };
  /** With a terminal of its own, and an editor that runs this script on `$1`. */
  const onTerminal = (editor: string) => {
    const path = join(folder, 'editor');
    writeFileSync(path, `#!/bin/sh\n${editor}\n`);
    chmodSync(path, 0o700);
    return start(['script', '-qefc', `${LAUNCHER} secrets edit secrets.age`, '/dev/null'], { EDITOR: `${path} --wait` });
  };
  const plain = async (): Promise<string> => {
    const read = await openAgeFile(join(folder, 'secrets.age'), readIdentities(join(folder, '.config/bulkhead/age-identity')));
    return read.ok ? read.value : assert.fail(read.why);
  };
  /** Folders for plain text that are there. */
  const left = (): readonly string[] =>
    ['/dev/shm', tmpdir()].flatMap((place) => readdirSync(place).filter((name) => name.startsWith('bulkhead-edit-')));

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-secrets-'));
    const made = await piped('', 'init', '--json');
    assert.equal(made.exit, 0, made.said);
    const { recipients, identity: path } = JSON.parse(made.said) as { recipients: string[]; identity: string };
    identity = path;
    const tenants = 'tenants: { acme: { boundary: { owner: a@a.test, data: d, members: [] }, policy: support } }';
    writeFileSync(join(folder, 'bulkhead.yaml'), `fleet: f\ntrust: clients\n${tenants}\nsecrets: { recipients: [${recipients.join(', ')}] }\n`);
  });
  after(() => rmSync(folder, { recursive: true }));

  test('the identity is made once, for its owner alone', async () => {
    assert.equal(statSync(identity).mode & 0o777, 0o600);
    const again = await piped('', 'init', '--json');
    assert.equal((JSON.parse(again.said) as { made: boolean }).made, false);
  });

  test('a value comes from standard input; the file then holds it, encrypted', async () => {
    const { exit, said } = await piped(`${SECRET}\n`, 'edit', 'secrets.age', '--set', 'acme.key', '--json');
    assert.equal(exit, 0, said);
    assert.equal(await plain(), `acme.key: ${SECRET}\n`);
    assert.match(readFileSync(join(folder, 'secrets.age'), 'utf8'), /^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    assert.ok(!said.includes(SECRET));
    assert.deepEqual(inFiles([folder], needlesOf({ secret: SECRET })).found, []);
  });

  test('check says what is there, what is missing and why, and who would share one; each with its exit status', async () => {
    const tenant = (id: string, source: string): string =>
      `${id}: { boundary: { owner: a@a.test, data: d, members: [] }, policy: support, models: { openai: { apiKey: ${source} } } }`;
    const check = async (acme: string, globex: string): Promise<readonly [number | null, string]> => {
      const hosts = 'hosts: { local: { admins: [{ name: ops, how: root }] } }';
      const text = `fleet: f\ntrust: clients\n${hosts}\ntenants:\n  ${tenant('acme', acme)}\n  ${tenant('globex', globex)}\n`;
      writeFileSync(join(folder, 'two.yaml'), text);
      const { exit, said } = await piped('', 'check', '-f', 'two.yaml', '--state-dir', join(folder, 'state'), '--json');
      const { exitCode, secrets, shared } = JSON.parse(said.slice(said.indexOf('{'))) as {
        exitCode: number;
        secrets: { tenant: string; role: string; state: string; why?: string }[];
        shared: { check: string; tenants: string[] }[];
      };
      assert.equal(exit, exitCode);
      assert.ok(!said.includes(SECRET));
      const states = secrets.filter(({ role }) => role !== 'gateway-token').map(({ state, why = '' }) => `${state} ${why}`.trim());
      return [exit, [...states, ...shared.map((one) => `${one.check} ${one.tenants.join('+')}`)].join('; ')];
    };
    const mine = '{ age: secrets.age, key: acme.key }';
    assert.deepEqual(await check(mine, '{ exec: [echo, another] }'), [0, 'there; there']);
    assert.deepEqual(await check(mine, '{ exec: ["false"] }'), [
      3,
      'there; missing it ended with 1; what it said is not repeated, since it may hold the secret: run it by hand',
    ]);
    writeFileSync(join(folder, 'same'), SECRET, { mode: 0o600 });
    assert.deepEqual(await check(mine, `{ file: ${folder}/same }`), [1, 'there; there; model.credential-shared acme+globex']);
    rmSync(join(folder, 'same'));
  });

  test('what changes nothing, is empty, or cannot be opened is refused, and the file stays', async () => {
    const before = readFileSync(join(folder, 'secrets.age'));
    writeFileSync(join(folder, 'other'), readFileSync(identity, 'utf8').replace(/^AGE.*$/m, 'AGE-SECRET-KEY-1X'), { mode: 0o600 });
    for (const [input, words, why] of [
      [SECRET, [], /nothing was changed/],
      ['\n', [], /standard input is empty/],
      ['x', ['--identity', 'other'], /mistyped|not a file of/],
      ['x'.repeat(70_000), [], /more than 65536 bytes/],
    ] as const) {
      const { exit, said } = await piped(input, 'edit', 'secrets.age', '--set', 'acme.key', ...words);
      assert.ok(exit === 2 && why.test(said), said);
    }
    writeFileSync(join(folder, 'none.yaml'), readFileSync(join(folder, 'bulkhead.yaml'), 'utf8').replace(/^secrets.*\n/m, ''));
    const { exit, said } = await piped('x', 'edit', 'secrets.age', '-f', 'none.yaml', '--set', 'acme.key');
    assert.equal(exit, 2);
    assert.match(said, /none\.yaml names no secrets\.recipients/);
    assert.deepEqual(readFileSync(join(folder, 'secrets.age')), before);
  });

  test('an editor gets a private file in memory, by its words and without a shell', async () => {
    const look = `printf '%s\\n' "$1" >${folder}/looked; stat -c '%a' "$2" "$(dirname "$2")" >>${folder}/looked; stat -f -c %T "$2" >>${folder}/looked; dirname "$2" >>${folder}/looked`;
    const { exit, said } = await end(onTerminal(`${look}; echo 'globex.key: typed' >>"$2"`));
    assert.equal(exit, 0, said);
    assert.equal(await plain(), `acme.key: ${SECRET}\nglobex.key: typed\n`);
    const [flag, file, parent, kind, place = ''] = readFileSync(join(folder, 'looked'), 'utf8').split('\n');
    assert.deepEqual([flag, file, parent, kind], ['--wait', '600', '700', 'tmpfs']);
    assert.ok(!existsSync(place));
    assert.ok(!said.includes(SECRET));
  });

  test('an editor that changes nothing or fails, Ctrl-C and Ctrl-C twice: the file stays, the plain text goes', async () => {
    const before = readFileSync(join(folder, 'secrets.age'));
    const idle = await end(onTerminal('true'));
    assert.equal(idle.exit, 2, idle.said);
    assert.match(idle.said, /nothing was changed/);
    const failed = await end(onTerminal('echo changed >"$2"; exit 3'));
    assert.match(failed.said, /ended with 3; nothing was changed/);
    for (const [times, editor] of [
      [1, `touch ${folder}/up; exec sleep 60`],
      [2, `trap '' INT TERM; touch ${folder}/up; sleep 5`],
    ] as const) {
      rmSync(join(folder, 'up'), { force: true });
      const child = onTerminal(editor);
      const ended = end(child);
      while (!existsSync(join(folder, 'up'))) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(left().length, 1);
      for (let press = 0; press < times; press += 1) {
        child.stdin.write('\u0003');
        await new Promise((resolve) => setTimeout(resolve, 1100)); // within a second it is the same press
      }
      assert.equal((await ended).exit, 130);
    }
    assert.deepEqual(left(), []);
    assert.deepEqual(readFileSync(join(folder, 'secrets.age')), before);
  });
});
