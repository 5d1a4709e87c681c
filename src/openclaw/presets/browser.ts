/**
 * `browser`: automates the web with one account of the tenant's own. Needs `browser: on`. Pages cannot be given script to run
 * (`evaluateEnabled: false`, rendered for every browser). Its debugging port has no password, so the tenant needs a loopback of its own: the rung
 * os-user. The managed profile keeps its usual name: that is where its data directory is looked for. Chromium's own sandbox stays on; OpenClaw's
 * needs a container runtime. Source: openclaw 2026.9.6 docs/tools/browser/configuration.md.
 */
import type { Preset } from './preset.ts';

export const browser: Preset = {
  name: 'browser',
  purpose: 'Drives a browser of its own with one account of the tenant’s, and reports.',
  config: {
    session: { dmScope: 'per-channel-peer' },
    tools: {
      allow: ['browser', 'web_fetch', 'read', 'session_status', 'message'],
      deny: ['group:runtime', 'write', 'edit', 'apply_patch', 'group:automation', 'group:nodes', 'sessions_spawn', 'sessions_send', 'bundle-mcp'],
      exec: { security: 'deny', ask: 'always' },
      sessions: { visibility: 'self' },
      message: { crossContext: { allowWithinProvider: false, allowAcrossProviders: false } },
    },
  },
  browser: 'needed',
  channels: true,
  senders: { dmPolicy: 'allowlist', groupPolicy: 'disabled' },
  leaves: [
    'Whatever the signed-in account may do, a page that misleads the agent may do with it.',
    'Everybody who may write to the agent uses that one account.',
  ],
};
