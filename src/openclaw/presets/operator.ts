/**
 * `operator`: works for the tenant's own staff, with files and a shell as the tenant's OS user. Exec asks nobody (an unattended agent
 * would wait for ever), so the boundary around the OS user is what holds. Source: openclaw 2026.9.6 docs/gateway/config-tools.md.
 */
import type { Preset } from './index.ts';

export const operator: Preset = {
  name: 'operator',
  config: {
    session: { dmScope: 'per-channel-peer' },
    tools: {
      profile: 'coding',
      deny: ['gateway', 'group:nodes', 'sessions_send'],
      exec: { host: 'gateway', security: 'full', ask: 'off', applyPatch: { workspaceOnly: true } },
      sessions: { visibility: 'agent' },
    },
  },
  senders: { dmPolicy: 'allowlist', groupPolicy: 'disabled' },
};
