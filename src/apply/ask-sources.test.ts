import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { secretReference, type SecretSource } from '../core/fleet.ts';
import { sampleBlueprint } from '../../test/support/sample.ts';
import { encryptTo, newIdentity } from './age.ts';
import { askSources, isPassed, type Asking } from './ask-sources.ts';
import { resolveSecrets } from './secret-values.ts';

const PLANTED = 'sk-planted-in-ask-sources-0123456789';

describe('what programs and encrypted files give', () => {
  let folder = '';
  let asking: Asking;
  const ran: string[] = [];
  const blueprints = (...sources: readonly SecretSource[]) =>
    sources.map((apiKey, index) => ({ ...sampleBlueprint(`tenant-${index}`), models: [{ provider: 'anthropic', apiKey }] }));
  const exec = (...argv: [string, ...string[]]): SecretSource => ({ kind: 'exec', argv });
  const age = (path: string, key?: string): SecretSource => ({ kind: 'age', path, ...(key === undefined ? {} : { key }) });
  const ask = async (source: SecretSource, more: Partial<Asking> = {}): Promise<string> => {
    const asked = await askSources(blueprints(source), { ...asking, ...more });
    assert.equal(asked.size, 1);
    return JSON.stringify([...asked.values()][0]);
  };
  const script = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o700);
    return path;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-ask-'));
    const { key, recipient } = await newIdentity();
    writeFileSync(join(folder, 'identity'), `# created: today\n# public key: ${recipient}\n${key}\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'other'), `${(await newIdentity()).key}\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'one.age'), await encryptTo([recipient], `${PLANTED}\n`));
    writeFileSync(join(folder, 'many.age'), await encryptTo([recipient, (await newIdentity()).recipient], `acme: ${PLANTED}\nglobex: other\n`));
    const env = { PATH: process.env['PATH'], HOME: folder, OP_ACCOUNT: 'mine', ACME_TOKEN: 'not-for-programs' };
    asking = { folder, identity: join(folder, 'identity'), env, signal: new AbortController().signal, onProgram: (one) => void ran.push(one) };
  });
  after(() => rmSync(folder, { recursive: true }));

  test('a program’s output is the secret; each is run once for all who name it', async () => {
    const path = script('count', `echo run >>${folder}/runs; echo ${PLANTED}`);
    const two = blueprints(exec(path, 'a'), exec(path, 'a'));
    const asked = await askSources(two, asking);
    assert.deepEqual([...asked], [[`exec:${path} a`, { ok: true, value: PLANTED }]]);
    assert.equal(readFileSync(join(folder, 'runs'), 'utf8'), 'run\n');
    const secrets = resolveSecrets(two, {}, asked);
    assert.deepEqual(secrets.missing, []);
    assert.equal(secrets.valueOf('tenant-1', 'model:anthropic'), PLANTED);
    assert.deepEqual(
      resolveSecrets(two, {}).missing.map(({ why }) => why),
      ['it is not asked here: apply and secrets check ask it', 'it is not asked here: apply and secrets check ask it'],
    );
  });

  test('arguments reach the program word by word, without a shell, and it is looked up in PATH', async () => {
    assert.equal(await ask(exec('printf', '%s|%s', '$(id)', 'a b; c')), '{"ok":true,"value":"$(id)|a b; c"}');
  });

  test('it gets the variables that lead to a store of secrets, and no others', async () => {
    process.env['OP_BULKHEAD_TEST'] = 'given';
    process.env['ACME_TOKEN'] = 'not-for-programs';
    try {
      const { value } = JSON.parse(await ask(exec('env'), { env: process.env })) as { value: string };
      assert.match(value, /^OP_BULKHEAD_TEST=given$/m);
      assert.doesNotMatch(value, /not-for-programs/);
    } finally {
      delete process.env['OP_BULKHEAD_TEST'];
      delete process.env['ACME_TOKEN'];
    }
    for (const name of ['HOME', 'PATH', 'VAULT_TOKEN', 'BWS_ACCESS_TOKEN', 'PASSWORD_STORE_DIR', 'SSH_AUTH_SOCK', 'https_proxy'])
      assert.ok(isPassed(name), name);
    for (const name of ['NODE_OPTIONS', 'LD_PRELOAD', 'OPENAI_API_KEY', 'TELEGRAM_TOKEN', 'OP_', 'BASH_ENV']) assert.ok(!isPassed(name), name);
  });

  test('a program that fails, hangs, says nothing, says too much or is not there: why, without a word of what it said', async () => {
    const failing = script('failing', `echo ${PLANTED}; echo "cannot: ${PLANTED}" >&2; exit 3`);
    const said = [
      [await ask(exec(failing)), /ended with 3; .* run it by hand/],
      [await ask(exec('sleep', '60'), { timeoutMs: 200 }), /ended after 0.2 s/],
      [await ask(exec('true')), /printed nothing/],
      [await ask(exec('head', '-c', '70000', '/dev/zero')), /more than 65536 bytes/],
      [await ask(exec('no-such-program')), /no-such-program is not on this machine/],
    ] as const;
    for (const [answer, why] of said) {
      assert.match(answer, /"ok":false/);
      assert.match(answer, why);
      assert.doesNotMatch(answer, /planted/);
    }
  });

  test('an encrypted file is found beside the manifest, whole or by name', async () => {
    assert.equal(await ask(age('one.age')), JSON.stringify({ ok: true, value: PLANTED }));
    assert.equal(await ask(age('many.age', 'acme')), JSON.stringify({ ok: true, value: PLANTED }));
    const { armor } = await import('age-encryption');
    writeFileSync(join(folder, 'binary.age'), armor.decode(readFileSync(join(folder, 'one.age'), 'utf8')));
    assert.equal(await ask(age('binary.age')), JSON.stringify({ ok: true, value: PLANTED }));
    assert.match(await ask(age('many.age', 'initech')), /holds no value named initech/);
    assert.match(await ask(age('many.age')), /name one value of it with key/);
  });

  test('a wrong, open, missing or broken identity, and what age did not encrypt, are told apart', async () => {
    assert.match(await ask(age('one.age'), { identity: join(folder, 'other') }), /no identity in .*other opens it/);
    assert.match(await ask(age('one.age'), { identity: join(folder, 'none') }), /identity .*none: the file cannot be opened \(ENOENT\)/);
    writeFileSync(join(folder, 'open'), 'AGE-SECRET-KEY-1X\n', { mode: 0o644 });
    assert.match(await ask(age('one.age'), { identity: join(folder, 'open') }), /mode is 644/);
    chmodSync(join(folder, 'open'), 0o600);
    const mistyped = await ask(age('one.age'), { identity: join(folder, 'open') });
    assert.match(mistyped, /a key in it is mistyped/);
    assert.doesNotMatch(mistyped, /SECRET-KEY-1X/);
    writeFileSync(join(folder, 'plain'), PLANTED);
    assert.match(await ask(age('plain')), /not a whole file encrypted with age/);
    writeFileSync(join(folder, 'cut.age'), readFileSync(join(folder, 'one.age')).subarray(0, 200));
    assert.match(await ask(age('cut.age')), /not a whole file encrypted with age/);
    assert.match(await ask(age('none.age')), /cannot be opened \(ENOENT\)/);
  });
});

test('references are equal for equal sources only', () => {
  const exec = (...argv: [string, ...string[]]): SecretSource => ({ kind: 'exec', argv });
  assert.equal(secretReference(exec('op', 'read', 'op://acme/token')), 'exec:op read op://acme/token');
  const different = [exec('op', 'a b'), exec('op', 'a', 'b'), exec('op', '"a', 'b"'), exec('op', 'a" "b'), exec('op', '')].map(secretReference);
  assert.equal(new Set(different).size, different.length);
  assert.equal(secretReference({ kind: 'age', path: 'secrets.age', key: 'acme' }), 'age:secrets.age#acme');
});
