import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('a nick counts on its network, folded as servers fold it', () => {
  assert.deepEqual(accounts({ channels: { irc: { host: 'IRC.example.', nick: 'Bot[1]' } } }), ['irc bot{1} on irc.example']);
  assert.deepEqual(accounts({ channels: { irc: { host: 'irc.example', accounts: { b: { nick: 'bot{1}' } } } } }), ['irc bot{1} on irc.example']);
  assert.deepEqual(accounts({ variables: { IRC_HOST: 'irc.example', IRC_NICK: 'bot' } }), ['irc bot on irc.example']);
});
