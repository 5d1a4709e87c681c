/**
 * `quarantine`: for an incident. No tool, no channel, no browser, no schedule, no heartbeat; the gateway still answers whoever holds its token on
 * the loopback, so that it can be looked at and verified. The manifest's `browser: on` is overruled, not refused: the state is to pass.
 * Source: openclaw 2026.9.6 `openclaw config schema` (cron.enabled, agents.defaults.heartbeat), docs/gateway/heartbeat.md (0m is off).
 */
import type { Preset } from './preset.ts';

export const quarantine: Preset = {
  name: 'quarantine',
  purpose: 'Stands still during an incident: no tools, no channels, no browser, nothing scheduled.',
  config: {
    session: { dmScope: 'per-account-channel-peer' },
    agents: { defaults: { heartbeat: { every: '0m' } } },
    cron: { enabled: false },
    tools: {
      deny: ['*'],
      exec: { security: 'deny', ask: 'always' },
      sessions: { visibility: 'self' },
      message: { crossContext: { allowWithinProvider: false, allowAcrossProviders: false } },
    },
  },
  browser: 'off',
  channels: false,
  senders: { dmPolicy: 'allowlist', groupPolicy: 'disabled' },
  leaves: [
    'Keys that have already leaked stay valid until they are rotated or revoked.',
    'What was planted in the state directory or the workspace is still there, and is read again when the quarantine ends.',
    'Whoever holds the gateway’s token can still have the model answer.',
  ],
};
