import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJob } from './plist.ts';

test('a launchd job says its label, words, variables and directory', () => {
  const text = `<?xml version="1.0"?><plist version="1.0"><dict>
    <key>Label</key><string>ai.openclaw.rescue</string>
    <key>ProgramArguments</key>
    <array><string>/usr/local/bin/node</string><string>/opt/openclaw/openclaw.mjs</string><string>gateway</string></array>
    <key>EnvironmentVariables</key><dict><key>OPENCLAW_STATE_DIR</key><string>/Users/a&amp;b/.openclaw-rescue</string></dict>
    <key>WorkingDirectory</key><string>/Users/ann</string></dict></plist>`;
  assert.deepEqual(readJob(text), {
    label: 'ai.openclaw.rescue',
    argv: ['/usr/local/bin/node', '/opt/openclaw/openclaw.mjs', 'gateway'],
    environment: [['OPENCLAW_STATE_DIR', '/Users/a&b/.openclaw-rescue']],
    directory: '/Users/ann',
  });
});

test('a list without a program is no job', () => assert.equal(readJob('<plist><dict/></plist>'), undefined));
