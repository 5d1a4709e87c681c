import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleBlueprint } from '../../test/support/sample.ts';
import { planText, shellQuoted } from './plan-text.ts';
import { showText } from './show-text.ts';
import { duration, statusText } from './status-text.ts';

const PLAIN = { color: false, width: 60 };

test('a plan shows numbered steps per tenant with their exact argv', () => {
  const text = planText(
    [
      { title: 'load firewall', argv: ['nft', '-f', '-'], stdin: 'table inet bh {\n}\n' },
      { tenant: 'acme', title: 'create OS user bh-acme', argv: ['useradd', '--comment', 'bulkhead /var/lib/bulkhead acme', '--system', 'bh-acme'] },
    ],
    PLAIN,
  );
  assert.equal(
    text,
    [
      '2 steps; each is run as it stands here, without a shell',
      '',
      'the host',
      '    1  load firewall',
      '       $ nft -f -',
      '       < table inet bh {',
      '       < }',
      '',
      'acme',
      '    2  create OS user bh-acme',
      '       $ useradd --comment \\',
      "           'bulkhead /var/lib/bulkhead acme' --system \\",
      '           bh-acme',
      '',
    ].join('\n'),
  );
});

test('a secret on standard input is announced, never shown', () => {
  const text = planText([{ tenant: 'acme', title: 'write token', argv: ['tee', '/x'], stdin: 'hunter2', redact: true }], PLAIN);
  assert.match(text, /\(secret on standard input\)/u);
  assert.doesNotMatch(text, /hunter2/u);
});

test('arguments are quoted so that a shell would read them back, whatever they hold', () => {
  assert.equal(shellQuoted("it's"), String.raw`'it'\''s'`);
  assert.equal(shellQuoted(''), "''");
  assert.equal(shellQuoted('a\nb\u001b'), String.raw`$'a\nb\U0000001b'`);
  assert.equal(shellQuoted('--bind=/a:/b'), '--bind=/a:/b');
});

test('the status table has one line per tenant and the reasons below', () => {
  const text = statusText(
    [
      {
        tenant: 'acme',
        rung: 'os-user',
        host: 'local',
        state: 'running',
        port: 20000,
        pid: 4711,
        version: '2026.9.6',
        uptimeSeconds: 3700,
        restarts: 0,
      },
      { tenant: 'globex', rung: 'os-user', host: 'local', state: 'failed', port: 20120, restarts: 5, reason: 'exit 78: configuration' },
    ],
    { color: false, width: 100 },
  );
  assert.equal(
    text,
    [
      'tenant  rung     state    port   pid   version   up     restarts',
      'acme    os-user  running  20000  4711  2026.9.6  1h 1m  0',
      'globex  os-user  failed   20120  -     -         -      5',
      '  globex: exit 78: configuration',
      '',
    ].join('\n'),
  );
  assert.equal(duration(0), '0s');
});

test('a blueprint is shown with every path, port, variable and config key', () => {
  const blueprint = sampleBlueprint('acme');
  const text = showText(blueprint, [{ name: 'browser debugging', first: 20011, last: 20110 }], PLAIN);
  for (const value of [...Object.values(blueprint.paths), ...Object.keys(blueprint.environment), '20011-20110', '"port": 20000', 'acme@example.test'])
    assert.ok(text.includes(String(value)), String(value));
});
