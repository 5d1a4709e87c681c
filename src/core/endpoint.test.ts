import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointOf, endpointText, hostOf } from './endpoint.ts';

function text(url: string): string {
  const endpoint = endpointOf(url);
  return endpoint === undefined ? 'none' : endpointText(endpoint);
}

test('what reaches one listener has one spelling', () => {
  const loopback = [
    'http://localhost:9222',
    'http://LOCALHOST.:9222/',
    'ws://127.0.0.1:9222//',
    'http://127.1:9222',
    'http://2130706433:9222',
    'http://[::1]:9222',
    'http://[::ffff:127.0.0.1]:9222',
    'http://a.localhost:9222?x=y#z',
    'localhost:9222',
    ' http://u:p@127.0.0.1:9222 ',
  ];
  for (const url of loopback) assert.equal(text(url), 'loopback:9222', url);
  assert.equal(text('https://A.example'), text('wss://a.example:443/'));
  assert.equal(text('http://[2001:DB8::1]/v1/'), '[2001:db8::1]:80/v1');
  assert.equal(text('unix:/run/x.sock'), 'none');
  assert.equal(text('http://'), 'none');
});

test('every address, the loopback and one of the host are told apart', () => {
  for (const any of ['', '*', '0.0.0.0', '::', '[::]']) assert.equal(hostOf(any), 'any', any);
  assert.equal(hostOf('127.9.9.9'), 'loopback');
  assert.equal(hostOf('10.0.0.1'), '10.0.0.1');
  assert.equal(hostOf('localhost.example'), 'localhost.example');
});

test('an endpoint says whether it carries a key', () => {
  assert.deepEqual(
    ['http://a/?k=1', 'http://u@a', 'http://a/x'].map((url) => endpointOf(url)?.keyed),
    [true, true, false],
  );
});
