import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('a mailbox counts by user and server', () => {
  const config = { plugins: { entries: { imap: { config: { accounts: { a: { host: 'IMAP.example', user: 'Desk@a.example', password: 'x' } } } } } } };
  assert.deepEqual(accounts({ config }), ['imap desk@a.example at imap.example']);
});
