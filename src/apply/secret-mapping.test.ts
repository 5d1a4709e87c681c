import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pick, withValue } from './secret-mapping.ts';

const PLAIN = '# keys of clients\nacme.anthropic: sk-acme\nglobex: "0012"\nnested: { a: b }\nkey: |\n  line one\n  line two\n';

test('a value is picked by its name, as text', () => {
  assert.deepEqual(pick(PLAIN, 'acme.anthropic'), { ok: true, value: 'sk-acme' });
  assert.deepEqual(pick('acme: 0012\nglobex: true\n', 'acme'), { ok: true, value: '0012' });
  assert.deepEqual(pick('acme: 0012\nglobex: true\n', 'globex'), { ok: true, value: 'true' });
  assert.deepEqual(pick(PLAIN, 'key'), { ok: true, value: 'line one\nline two' });
  assert.deepEqual(pick('{"acme":"sk-json"}', 'acme'), { ok: true, value: 'sk-json' });
  assert.deepEqual(pick('sk-alone\n', undefined), { ok: true, value: 'sk-alone' });
});

test('what is not there is said without quoting what is', () => {
  const said = [
    pick(PLAIN, undefined),
    pick('{"acme":"sk-json"}', undefined),
    pick(PLAIN, 'initech'),
    pick(PLAIN, 'nested'),
    pick('acme: ""', 'acme'),
    pick('sk-alone', 'acme'),
    pick('acme: sk-one\nacme: sk-two\n', 'acme'),
    pick('acme: [sk-open\nglobex: sk-x\n', 'acme'),
  ];
  for (const read of said) {
    assert.equal(read.ok, false);
    assert.doesNotMatch(JSON.stringify(read), /sk-/);
  }
  assert.match(JSON.stringify(said[6]), /line 2/);
});

test('a value is set, and comments, order and other values stay', () => {
  const changed = withValue(PLAIN, 'globex', 'new: #value\n');
  assert.ok(changed.ok);
  assert.match(changed.value, /^# keys of clients\nacme\.anthropic: sk-acme\n/);
  assert.deepEqual(pick(changed.value, 'globex'), { ok: true, value: 'new: #value' });
  assert.deepEqual(pick(changed.value, 'key'), { ok: true, value: 'line one\nline two' });
  const first = withValue('', 'acme', '0012');
  assert.deepEqual(first.ok && pick(first.value, 'acme'), { ok: true, value: '0012' });
  assert.equal(withValue('sk-alone', 'acme', 'x').ok, false);
});
