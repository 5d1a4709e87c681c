import assert from 'node:assert/strict';
import { test } from 'node:test';
import { covers, networkOf } from './networks.ts';

test('networks that share an address cover each other, whatever their spelling', () => {
  const yes = [
    ['10.0.0.0/8', '10.213.4.1'],
    ['0.0.0.0/0', '127.0.0.1'],
    ['::/0', '::1'],
    ['::ffff:127.0.0.1', '127.0.0.0/8'],
    ['::ffff:10.0.0.0/104', '10.1.2.3'],
    ['fd00::/8', 'fdab:1::2'],
    ['0:0:0:0:0:0:0:1', '::1'],
  ] as const;
  for (const [left, right] of yes) assert.ok(covers(left, right) && covers(right, left), `${left} ${right}`);
  const no = [
    ['10.0.0.0/16', '10.213.0.0/16'],
    ['127.0.0.1', '::1'],
    ['192.168.1.0/24', '192.168.2.1'],
    ['x', '127.0.0.1'],
  ] as const;
  for (const [left, right] of no) assert.ok(!covers(left, right), `${left} ${right}`);
});

test('text that is no network is none', () => {
  for (const text of ['', '256.1.1.1', '1.2.3', '1.2.3.4/33', '1::2::3', ':::', '1.2.3.4/x', '12345::', '::/129', 'fe80::1%eth0'])
    assert.equal(networkOf(text), undefined, text);
});
