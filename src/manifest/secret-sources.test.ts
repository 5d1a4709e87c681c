import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseManifest } from './parse.ts';

const manifest = (apiKey: string, more = ''): string => `fleet: hexa
trust: clients
tenants:
  acme:
    boundary: { owner: a@example.com, data: tickets, members: [] }
    policy: support
    models: { anthropic: { apiKey: ${apiKey} } }
${more}`;

const sourceOf = (apiKey: string): unknown => {
  const parsed = parseManifest(manifest(apiKey), 'bulkhead.yaml', '');
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.problems.map(({ message }) => message).join('; '));
  return parsed.fleet.tenants[0]?.models[0]?.apiKey;
};

test('a secret may come from a program or from a file encrypted with age', () => {
  assert.deepEqual(sourceOf('{ exec: [op, read, "op://acme/anthropic/key"] }'), { kind: 'exec', argv: ['op', 'read', 'op://acme/anthropic/key'] });
  assert.deepEqual(sourceOf('{ exec: [/usr/local/bin/vault, kv, get, -field=key, secret/acme] }'), {
    kind: 'exec',
    argv: ['/usr/local/bin/vault', 'kv', 'get', '-field=key', 'secret/acme'],
  });
  assert.deepEqual(sourceOf('{ exec: [gcloud, secrets, versions, access, latest, --secret=acme] }'), {
    kind: 'exec',
    argv: ['gcloud', 'secrets', 'versions', 'access', 'latest', '--secret=acme'],
  });
  assert.deepEqual(sourceOf('{ age: ./keys//acme.age }'), { kind: 'age', path: 'keys/acme.age' });
  assert.deepEqual(sourceOf('{ age: keys.age, key: acme.anthropic }'), { kind: 'age', path: 'keys.age', key: 'acme.anthropic' });
  assert.deepEqual(sourceOf('{ age: /etc/bulkhead/keys.age, key: acme }'), { kind: 'age', path: '/etc/bulkhead/keys.age', key: 'acme' });
});

for (const [what, apiKey] of [
  ['a command line as text', '{ exec: "op read SECRET" }'],
  ['no program', '{ exec: [] }'],
  ['a program named by a relative path', '{ exec: [./SECRET, a] }'],
  ['a flag in the place of the program', '{ exec: [--SECRET] }'],
  ['a token among the arguments', '{ exec: [vault, read, -token=SECRET, secret/acme] }'],
  ['a password among the arguments', '{ exec: [bw, get, --password=SECRET] }'],
  ['an argument that is no text', '{ exec: [op, 1] }'],
  ['a second source beside it', '{ exec: [op], env: SECRET }'],
  ['a folder', '{ age: keys/ }'],
  ['a name with a space', '{ age: keys.age, key: "SECRET x" }'],
  ['a key without a file', '{ key: SECRET }'],
] as const) {
  test(`${what} is refused, and not repeated`, () => {
    const parsed = parseManifest(manifest(apiKey), 'bulkhead.yaml', '');
    assert.equal(parsed.ok, false);
    assert.ok(!parsed.ok && parsed.problems.length === 1, JSON.stringify(parsed));
    assert.match(JSON.stringify(parsed), /exec is a list|write \{ env: NAME \}/);
    assert.doesNotMatch(JSON.stringify(parsed), /SECRET/);
  });
}

test('whom encrypted files are encrypted to is declared once; a secret key is refused and not repeated', () => {
  const good = `age1${'q'.repeat(58)}`;
  const parsed = parseManifest(manifest('{ env: K }', `secrets: { recipients: [${good}] }\n`), 'bulkhead.yaml', '');
  assert.deepEqual(parsed.ok && parsed.fleet.recipients, [good]);
  const wrong = parseManifest(manifest('{ env: K }', 'secrets: { recipients: [AGE-SECRET-KEY-1QQQ] }\n'), 'bulkhead.yaml', '');
  assert.equal(wrong.ok, false);
  assert.doesNotMatch(JSON.stringify(wrong), /1QQQ/);
});

test('every source in docs/secrets.md is one that the manifest takes', () => {
  const page = readFileSync(new URL('../../docs/secrets.md', import.meta.url), 'utf8');
  const shown = [...page.matchAll(/(?:apiKey|botToken): (\{ .*? \})/g)].map((match) => match[1] ?? '');
  assert.ok(shown.length >= 7, String(shown.length));
  for (const source of shown) sourceOf(source);
});
