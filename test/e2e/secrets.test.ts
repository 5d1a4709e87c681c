/** Secrets of every source are planted, and everything that is written, printed or started is searched for them, whatever happens on the way. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { encryptTo, newIdentity } from '../../src/apply/age.ts';
import { demoManifest } from '../../src/demo/fleet.ts';
import { startModels } from '../../src/demo/models.ts';
import { instanceOf, trial, type Trial } from '../support/bulkhead.ts';
import { holding, inFiles, inProcesses, needlesOf } from '../support/planted.ts';
import { requires } from '../support/requires.ts';

const skip = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip', 'prlimit'], openclaw: true });
const MODEL_PORT = 8178;
const random = (): string => randomBytes(24).toString('hex');
const PLANTED = {
  variable: `7000001:AA${random()}`,
  file: `sk-file-${random()}`,
  program: `sk-program-${random()}`,
  encrypted: `sk-encrypted-${random()}`,
  /** Nobody's yet: in the encrypted file beside the one above. */
  other: `sk-other-${random()}`,
};
/** Which tenant may hold which. */
const OWNERS = { variable: 'acme', program: 'acme', file: 'globex', encrypted: 'globex' } as const;

interface Ended {
  readonly exit: number | null;
  readonly signal: string | null;
  readonly said: string;
}

describe('planted secrets', { skip, timeout: 1_200_000 }, () => {
  let here: Trial;
  let models: { close(): Promise<void> } | undefined;
  let runDir = '';
  let identityKey = '';
  let sampler: NodeJS.Timeout | undefined;
  let samples = 0;
  const spared = new Set<number>();
  const seenRunning = new Set<string>();
  const needles = needlesOf(PLANTED);
  let printed = '';

  const start = (words: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const environment = {
      PATH: process.env['PATH'],
      HOME: join(here.folder, 'home'),
      BULKHEAD_DEBUG: '1',
      BULKHEAD_AGE_IDENTITY: join(here.folder, 'keys/identity'),
      ACME_TELEGRAM: PLANTED.variable,
      ...more,
    };
    const [program, first = '', ...rest] = here.argv(words[0] ?? '', ...words.slice(words[0] === 'secrets' ? 2 : 1));
    const args = words[0] === 'secrets' ? [first, words[1] ?? '', ...rest] : [first, ...rest];
    const child = spawn(program, args, { cwd: here.folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid !== undefined) spared.add(child.pid);
    return child;
  };
  const ended = (child: ReturnType<typeof start>): Promise<Ended> => {
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (said += chunk.toString('utf8')));
    return new Promise((resolve) =>
      child.on('close', (exit, signal) => {
        printed += said;
        resolve({ exit, signal, said });
      }),
    );
  };
  const run = (words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> => ended(start(words, more));
  /** Sends a signal as soon as a step with this title begins. */
  const killedAt = async (title: RegExp, signal: NodeJS.Signals): Promise<Ended> => {
    const child = start(['apply']);
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (title.test(line)) child.kill(signal);
    });
    return await ended(child);
  };
  const script = (text: string): void => {
    const path = join(here.folder, 'keys/print');
    rmSync(path, { force: true });
    writeFileSync(path, `#!/bin/sh\necho asked >>${here.folder}/asked\n${text}\n`);
    chmodSync(path, 0o700);
  };
  const asked = (): number => (existsSync(join(here.folder, 'asked')) ? readFileSync(join(here.folder, 'asked'), 'utf8').split('\n').length - 1 : 0);
  /** All that the product may have written, but for what the operator keeps in `keys`. */
  const written = () => {
    const own = readdirSync(here.folder).flatMap((name) => (name === 'keys' ? [] : [join(here.folder, name)]));
    return inFiles([...own, runDir, '/etc/systemd/system'], [...needles, ...needlesOf({ identity: identityKey })]);
  };
  const isOwn = (line: string): boolean =>
    Object.entries(OWNERS).some(([name, tenant]) => line.startsWith(`${name} (text) in ${join(here.stateDir, 'secrets', tenant)}/`));
  const strangers = (): readonly string[] => written().found.filter((line) => !isOwn(line));

  before(async () => {
    here = trial();
    mkdirSync(join(here.folder, 'home'));
    mkdirSync(here.stateDir, { mode: 0o711 });
    runDir = `/run/bulkhead/${instanceOf(here.stateDir)}`;
    const { key, recipient } = await newIdentity();
    identityKey = key;
    here.write('keys/identity', `${key}\n`);
    here.write('keys/wrong', `${(await newIdentity()).key}\n`);
    here.write('keys/anthropic', PLANTED.file);
    here.write('secrets.age', await encryptTo([recipient], `globex.scripted: ${PLANTED.encrypted}\nother: ${PLANTED.other}\n`));
    script(`echo ${PLANTED.program}`);
    const demo = demoManifest({ rung: 'os-user', modelPort: MODEL_PORT, keys: '/KEYS', until: '2099-01-01' });
    const manifest = demo
      .replace('{ file: /KEYS/acme.key }', `{ exec: [${here.folder}/keys/print, acme] }`)
      .replace('{ file: /KEYS/globex.key }', '{ age: secrets.age, key: globex.scripted }')
      .replace('    policy: operator\n', '    policy: operator\n    channels: { telegram: { botToken: { env: ACME_TELEGRAM } } }\n')
      .replace(/(globex:[^]*?models:\n)/, `$1      anthropic: { apiKey: { file: ${here.folder}/keys/anthropic } }\n`);
    here.write('bulkhead.yaml', manifest);
    sampler = setInterval(() => {
      samples += 1;
      for (const line of inProcesses(needles, spared)) seenRunning.add(line);
    }, 50);
  });
  after(async () => {
    clearInterval(sampler);
    await models?.close();
    await here.end(['acme', 'globex']);
  });

  test('the search itself finds one in a file, a command line, variables and text, in each form', async () => {
    const control = { control: random() };
    const own = needlesOf(control);
    const text = Buffer.from(control.control);
    const path = here.write('control', `a${text.toString('base64')} ${Buffer.from(`xy${control.control}`).toString('base64')}`);
    assert.deepEqual(inFiles([here.folder], own).found, [`control (base64) in ${path}`]);
    rmSync(path);
    const digest = createHash('sha256').update(text).digest('hex');
    assert.deepEqual(holding(Buffer.from(`${text.toString('hex')} ${digest}`), own, 'x'), ['control (hex) in x', 'control (sha256) in x']);
    const sleeper = spawn('sleep', ['60'], { argv0: control.control, env: { KEY: control.control } });
    await new Promise((resolve) => sleeper.once('spawn', resolve));
    assert.deepEqual(inProcesses(own, new Set()), ['control (text) in cmdline of sleep', 'control (text) in environ of sleep']);
    sleeper.kill('SIGKILL');
  });

  test('plan asks no program and opens no encrypted file, and says so', async () => {
    for (const words of [['plan'], ['plan', '--json']]) assert.equal((await run(words)).exit, 0);
    assert.match(printed, /acme: exec:.*keys\/print acme \(model:scripted\) is not asked by plan; apply asks it/);
    assert.match(printed, /globex: age:secrets\.age#globex\.scripted \(model:scripted\) is not asked by plan/);
    assert.equal(asked(), 0);
  });

  test('a program that fails while it prints the secret, and a wrong identity: told by name, nothing changed', async () => {
    script(`echo ${PLANTED.program}; echo "error: ${PLANTED.program}" >&2; exit 7`);
    const wrong = { BULKHEAD_AGE_IDENTITY: join(here.folder, 'keys/wrong') };
    for (const words of [
      ['secrets', 'check'],
      ['secrets', 'check', '--json'],
    ]) {
      const { exit, said } = await run(words, wrong);
      assert.equal(exit, 3, said);
      assert.match(said, /ended with 7/);
      assert.match(said, /no identity in .*keys\/wrong opens it/);
    }
    const failed = await run(['apply'], wrong);
    assert.equal(failed.exit, 5, failed.said);
    assert.match(failed.said, /the secret exec:.*print acme \(model:scripted\) is not provided: it ended with 7/);
    assert.ok(!existsSync(join(here.stateDir, 'secrets')));
    script(`echo ${PLANTED.program}`);
    const good = await run(['secrets', 'check', '--json']);
    assert.equal(good.exit, 0, good.said);
  });

  test('apply that is killed, aborted or crashes on the way leaves no secret but in its place', async () => {
    assert.equal((await killedAt(/put secrets of acme/, 'SIGKILL')).signal, 'SIGKILL');
    assert.equal((await killedAt(/put secrets of globex/, 'SIGABRT')).signal, 'SIGABRT');
    const crash = here.write('crash.mjs', "setTimeout(() => { throw new Error('a planted crash'); }, 700);\n");
    const crashed = await run(['apply'], { NODE_OPTIONS: `--import=${crash}` });
    assert.equal(crashed.exit, 1, crashed.said);
    assert.match(crashed.said, /a planted crash/);
    assert.deepEqual(strangers(), []);
    assert.ok(!existsSync(join(here.folder, 'core')));
  });

  test('a whole life of two tenants, every command: each secret stands in its own tenant’s files, and nowhere else', async () => {
    const before = asked();
    const built = await run(['apply', '--json']);
    assert.equal(built.exit, 0, built.said);
    assert.equal(asked(), before + 1, 'the program was asked once');
    const addresses = [];
    for (const tenant of ['acme', 'globex']) {
      const { said } = await run(['exec', tenant, '--', 'cat', '/etc/hosts']);
      addresses.push(/^([0-9.]+) host\.bh$/m.exec(said)?.[1] ?? assert.fail(said));
    }
    models = await startModels(addresses, MODEL_PORT);
    for (const words of [
      ['status'],
      ['status', '--json'],
      ['verify', '--no-audit', '--json'],
      ['verify', '--no-audit', '--no-probes'],
      ['show', 'acme'],
      ['show', 'globex', '--json'],
      ['secrets', 'check'],
      ['secrets', 'check', '--json'],
      ['checklist'],
      ['checklist', 'acme', '--markdown'],
      ['logs', 'acme'],
      ['logs', 'globex'],
      ['apply', '--json'],
    ]) {
      const { exit, said } = await run(words);
      assert.ok(exit !== null && exit !== 70, `${words.join(' ')}: ${exit} ${said}`);
    }
    const all = written();
    assert.ok(all.bytes > 100_000, String(all.bytes));
    const own = all.found.filter(isOwn);
    for (const name of Object.keys(OWNERS)) assert.equal(own.filter((line) => line.startsWith(`${name} `)).length, 1, `${name} in ${own.join(', ')}`);
    assert.deepEqual(strangers(), []);
  });

  test('a gateway that crashes leaves no core dump', () => {
    const limits = readdirSync('/proc').flatMap((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return text.includes(`OPENCLAW_CONFIG_PATH=${here.stateDir}`) ? [readFileSync(`/proc/${pid}/limits`, 'utf8')] : [];
      } catch {
        return []; // it has ended, or is no process
      }
    });
    assert.ok(limits.length >= 2);
    for (const text of limits) assert.match(text, /^Max core file size +1 +1 +bytes/m);
  });

  test('what was removed left nothing behind', async () => {
    for (const tenant of ['acme', 'globex']) assert.equal((await run(['remove', tenant, '--confirm', tenant])).exit, 0);
    assert.deepEqual(written().found, []);
  });

  test('nothing that was printed holds a secret', () => {
    assert.ok(printed.length > 5_000);
    assert.deepEqual(holding(Buffer.from(printed), [...needles, ...needlesOf({ identity: identityKey })], 'what was printed'), []);
  });

  test('no process had one among its arguments or variables', () => {
    assert.ok(samples > 100, `${samples} looks at all processes`);
    assert.deepEqual([...seenRunning], []);
  });
});
