/**
 * `operator`: works for the tenant's own staff, with files and a shell as the tenant's OS user. Exec asks nobody (an unattended agent would wait
 * for ever), so the boundary around the OS user is what holds. Tools that change the gateway, its plugins or what it shows its operators are
 * denied: `coding` includes `plugins`, `portal`, `screen` and `terminal`. Source: openclaw 2026.9.6 docs/gateway/config-tools/tool-policy.md.
 */
import type { Preset } from './preset.ts';

export const operator: Preset = {
  name: 'operator',
  purpose: 'Works for the tenant’s own staff: files, programs, the web and schedules, as the tenant’s OS user.',
  config: {
    session: { dmScope: 'per-channel-peer' },
    tools: {
      profile: 'coding',
      deny: ['gateway', 'plugins', 'openclaw', 'portal', 'screen', 'terminal', 'group:nodes', 'sessions_send'],
      exec: { host: 'gateway', security: 'full', ask: 'off', applyPatch: { workspaceOnly: true } },
      sessions: { visibility: 'agent' },
    },
  },
  browser: 'possible',
  channels: true,
  senders: { dmPolicy: 'allowlist', groupPolicy: 'disabled' },
  leaves: [
    'Programs run as the tenant’s OS user: they read and change everything of the tenant, its model key included, and reach what its network allows.',
    'Denying `write` or `edit` on top does not make it read-only: a shell writes files.',
  ],
};
