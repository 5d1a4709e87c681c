import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bannedClaims } from './honest-words.ts';

test('claims that no test can show are found, whatever their case or hyphen', () => {
  for (const claim of [
    'Fully isolated',
    'completely-isolated',
    'secure multi-tenant',
    'secure multitenancy',
    'impossible',
    'cannot ever',
    'bank-grade',
    'zero risk',
    '100% secure',
    'complete isolation',
  ])
    assert.equal(bannedClaims(`Your data is ${claim} here.`).length, 1, claim);
});

test('a dated account of what was tried is allowed', () => {
  assert.deepEqual(bannedClaims('On 2026-11-24 we tried to read the state of globex from acme; it was refused with EACCES.'), []);
});
