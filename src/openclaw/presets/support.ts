/**
 * `support`: answers customers. Messages, and reads its own workspace; runs nothing, writes nothing, schedules nothing.
 * Source: openclaw 2026.9.6 docs/gateway/config-tools.md. `group:fs` includes `read`, so writing tools are denied one by one; denying
 * `write` does not deny `apply_patch`. No sandbox: it needs a container runtime. Reading is held to the workspace by `fs.workspaceOnly`.
 */
import type { Preset } from './index.ts';

export const support: Preset = {
  name: 'support',
  config: {
    session: { dmScope: 'per-account-channel-peer' },
    tools: {
      profile: 'messaging',
      alsoAllow: ['read'],
      deny: [
        'group:runtime',
        'write',
        'edit',
        'apply_patch',
        'group:automation',
        'group:nodes',
        'group:ui',
        'sessions_spawn',
        'sessions_send',
        'conversations_send',
        'conversations_turn',
        'subagents',
        'skill_workshop',
        'bundle-mcp',
      ],
      exec: { security: 'deny', ask: 'always' },
      sessions: { visibility: 'self' },
      message: { crossContext: { allowWithinProvider: false, allowAcrossProviders: false } },
    },
  },
  senders: { dmPolicy: 'allowlist', groupPolicy: 'disabled' },
};
