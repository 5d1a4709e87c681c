import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MASKING } from '../credentials/masking-rules.ts';
import { makeMasker } from '../masking.ts';
import { readSettings } from './index.ts';

/** As a collector hands a config on. */
function endpoints(browser: object): readonly string[] {
  const config = makeMasker('ab'.repeat(32), MASKING).config({ browser }) as Record<string, unknown>;
  assert.doesNotMatch(JSON.stringify(config), /VALUE|OTHER/);
  return readSettings({ config, environment: {} }).browser.endpoints.map(({ value }) => value);
}

test('a debugging address keeps where it leads, and nothing of what it carries', () => {
  const profiles = (urls: readonly string[]): object => Object.fromEntries(urls.map((cdpUrl, at) => [`p${at}`, { cdpUrl }]));
  const [first, second, ...more] = endpoints({ profiles: profiles(['wss://u:VALUE@b.example/x?key=VALUE', 'wss://b.example/x?key=OTHER']) });
  assert.match(first ?? '', /^b\.example:443#[0-9a-f]{64}$/);
  assert.match(second ?? '', /^b\.example:443#[0-9a-f]{64}$/);
  assert.notEqual(first, second);
  assert.deepEqual(more, []);
});

test('a browser of a machine is one, whatever follows its address', () => {
  const uuid = '0f9c1a52-93a3-4c56-8d57-1f2f6a2f9d11';
  const profiles = {
    a: { cdpUrl: 'http://127.0.0.1:9222/json/version' },
    b: { cdpUrl: `ws://[::1]:9222/devtools/browser/${uuid}` },
    c: { driver: 'existing-session', mcpArgs: ['-y', `--wsEndpoint=ws://localhost:9222/devtools/browser/${uuid}`] },
    d: { cdpUrl: `ws://192.0.2.1:9222/devtools/browser/${uuid}` },
  };
  assert.deepEqual(endpoints({ profiles }), ['loopback:9222', 'loopback:9222', 'loopback:9222', '192.0.2.1:9222']);
});
