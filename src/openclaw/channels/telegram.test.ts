import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

const TOKEN = '7001:AAExampleExampleExampleExampleExample';

test('a bot is told from its token: inline, by a file, of a disabled account, by the variable of the default account', () => {
  assert.deepEqual(accounts({ channels: { telegram: { botToken: ` ${TOKEN}\n` } } }), ['telegram 7001']);
  assert.deepEqual(accounts({ channels: { telegram: { tokenFile: '/s/bot' } }, files: { '/s/bot': `${TOKEN}\n` } }), ['telegram 7001']);
  assert.deepEqual(accounts({ channels: { telegram: { accounts: { old: { enabled: false, botToken: TOKEN } } } } }), ['telegram 7001']);
  assert.deepEqual(accounts({ variables: { TELEGRAM_BOT_TOKEN: TOKEN } }), ['telegram 7001']);
});

test('a reference tells the bot that its value tells', () => {
  const botToken = { source: 'env', provider: 'default', id: 'BOT' };
  assert.deepEqual(accounts({ channels: { telegram: { botToken } }, variables: { BOT: TOKEN } }), ['telegram 7001']);
  assert.deepEqual(accounts({ channels: { telegram: { botToken: '${BOT}' } }, variables: { BOT: TOKEN } }), ['telegram 7001']);
  const config = {
    channels: { telegram: { botToken: { source: 'file', provider: 'all', id: '/tg' } } },
    secrets: { providers: { all: { source: 'file', path: '~/s.json' } } },
  };
  assert.deepEqual(accounts({ config }), []);
});

test('what is no bot token tells nothing', () => {
  for (const botToken of ['', 'x', '700123', '700123:', ':AA', '12 3:AA', '1:A\u001b[2J'])
    assert.deepEqual(accounts({ channels: { telegram: { botToken, name: '7001:x' } } }), []);
});
