import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMasker, type Masked } from './masking.ts';

const RULES = { tells: [{ name: 'jwt.email', kind: 'jwt', claim: 'email' } as const], keys: ['odd.*.here'], plain: ['openai-project', 'home'] };
const masker = makeMasker('ab'.repeat(32), RULES);

test('equal values agree whatever blank surrounds them, and only under one key', () => {
  assert.equal(masker.text('value-one').masked, masker.text(' value-one\n').masked);
  assert.notEqual(masker.text('value-one').masked, masker.text('value-two').masked);
  assert.notEqual(masker.text('value-one').masked, makeMasker('cd'.repeat(32), RULES).text('value-one').masked);
});

test('secrets of a config are masked: by name, by place, in headers, variables, lists and addresses', () => {
  const config = {
    a: { botToken: 'VALUE', keys: [{ apiKey: 'VALUE' }] },
    odd: { x: { here: 'VALUE' } },
    models: { headers: { 'X-Any': 'VALUE', 'OpenAI-Project': 'proj_1' } },
    env: { vars: { ANY: 'VALUE', HOME: '/h' } },
    mcp: {
      url: 'https://user:VALUE@mcp.example/sse',
      other: 'https://mcp.example/s/VALUEVALUEVALUEVALUEVALUE/mcp',
      third: 'https://mcp.example/?k=VALUE',
    },
    channels: { googlechat: { serviceAccount: { private_key: 'VALUE', client_email: 'a@b' } } },
  };
  const text = JSON.stringify(masker.config(config));
  assert.doesNotMatch(text, /VALUE/);
  for (const kept of ['proj_1', '"/h"', 'https://mcp.example']) assert.ok(text.includes(kept), kept);
});

test('references and names of files stay as they are', () => {
  const config = {
    botToken: '${BOT}',
    apiKey: { source: 'env', provider: 'default', id: 'X' },
    tokenFile: '/x',
    maxTokens: 5,
    url: 'http://127.0.0.1:1/v1',
  };
  assert.deepEqual(JSON.parse(JSON.stringify(masker.config(config))), config);
});

test('nobody passes for masked, and a hostile name stays a name', () => {
  const forged = { token: { masked: 'aa', tells: { 'telegram.bot': '1' } } };
  assert.deepEqual(JSON.parse(JSON.stringify(masker.config(forged))), { token: null });
  const named = masker.config(JSON.parse('{"__proto__":{"x":1}}')) as object;
  assert.ok(Object.hasOwn(named, '__proto__'));
});

test('only the public part of a token is told', () => {
  const jwt = ['{"alg":"none"}', '{"email":"desk@a.example","jti":"VALUE"}'].map((part) => Buffer.from(part).toString('base64url')).join('.');
  const told: Masked = masker.text(`${jwt}.VALUE`);
  assert.deepEqual(told.tells, { 'jwt.email': 'desk@a.example' });
  assert.doesNotMatch(JSON.stringify(told), /VALUE/);
  assert.equal(masker.text('a.b.c').tells, undefined);
});

test('how strong a value looks', () => {
  const looks = (value: string): string => masker.text(value).strength;
  for (const value of [
    '',
    ' ',
    'undefined',
    'changeme',
    'your-token-here',
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'example-openai-key-not-real',
    'admin',
  ])
    assert.equal(looks(value), 'placeholder', value);
  assert.equal(looks('Tr0ub4dor&3'), 'short');
  assert.equal(looks('a'.repeat(40)), 'weak');
  assert.equal(looks('1212121212121212121212121212'), 'weak');
  for (const value of ['7c6a180b36896a0a8c02787eeafb0e4c7c6a180b36896a0a', 'correct horse battery staple for ever'])
    assert.equal(looks(value), 'strong', value);
});
