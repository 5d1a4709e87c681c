import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentLines, readUnit, unitWords } from './unit-file.ts';

const specifiers = { h: '/home/ann', u: 'ann', i: 'acme' };

test('what a unit starts, as whom, where and with which variables', () => {
  const said = readUnit(
    [
      '[Unit]\nDescription=x\n[Service]\nUser=%u\nWorkingDirectory=~\nExecStart=-/usr/bin/openclaw --profile "a b" \\\n  gateway\nEnvironment="A=1 2" B=%h/x\nEnvironmentFile=-/etc/%i.env\n',
    ],
    specifiers,
  );
  assert.deepEqual(said, {
    argv: ['/usr/bin/openclaw', '--profile', 'a b', 'gateway'],
    user: 'ann',
    directory: '/home/ann',
    environment: [
      ['A', '1 2'],
      ['B', '/home/ann/x'],
    ],
    environmentFiles: [{ path: '/etc/acme.env', optional: true }],
  });
});

test('a drop-in adds variables, replaces the command, and an empty assignment takes back', () => {
  const unit = '[Service]\nExecStart=/a gateway\nEnvironment=A=1\nEnvironmentFile=/one\n';
  const { argv, environment, environmentFiles } = readUnit(
    [unit, '[Service]\nExecStart=\nExecStart=/b gateway\nEnvironment=\nEnvironment=B=2\nEnvironmentFile=\n'],
    specifiers,
  );
  assert.deepEqual([argv, environment, environmentFiles], [['/b', 'gateway'], [['B', '2']], []]);
});

test('settings of other sections and comments are left out', () => {
  assert.deepEqual(readUnit(['[Install]\nExecStart=/no\n[Service]\n# ExecStart=/no\n;User=no\n'], specifiers), {
    argv: [],
    environment: [],
    environmentFiles: [],
  });
});

test('words with quotes and escapes', () => {
  assert.deepEqual(unitWords(`a "b c" 'd "e' f\\sg "" "h\\"i"`), ['a', 'b c', 'd "e', 'f g', '', 'h"i']);
});

test('lines of an environment file', () => {
  assert.deepEqual(environmentLines('# no\n; no\nA = "x y" \nB=\'z\'\nnot a line\nC=1 # kept\n'), [
    ['A', 'x y'],
    ['B', 'z'],
    ['C', '1 # kept'],
  ]);
});
