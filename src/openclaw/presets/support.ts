/**
 * `support`: answers customers. Messages, and reads its own workspace; runs nothing, writes nothing, schedules nothing.
 * Source: openclaw 2026.9.6 docs/gateway/config-tools/tool-policy.md. `group:fs` includes `read`, so writing tools are denied one by one; denying
 * `write` does not deny `apply_patch`. No sandbox: it needs a container runtime, and without one every turn fails. Reading is held to the
 * workspace by `fs.workspaceOnly`. `conversations_list` is denied: it would show one customer the addresses of the others; `intent`, which comes with `alsoAllow`: a standing intent
 * of one customer would be put into the conversations of all.
 */
import type { Preset } from './preset.ts';

export const support: Preset = {
  name: 'support',
  purpose: 'Answers people from outside: it messages, and reads its own workspace.',
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
        'conversations_list',
        'conversations_send',
        'conversations_turn',
        'subagents',
        'skill_workshop',
        'intent',
        'bundle-mcp',
      ],
      exec: { security: 'deny', ask: 'always' },
      sessions: { visibility: 'self' },
      message: { crossContext: { allowWithinProvider: false, allowAcrossProviders: false } },
    },
  },
  browser: 'refused',
  channels: true,
  senders: { dmPolicy: 'allowlist', groupPolicy: 'disabled' },
  leaves: [
    'Whoever may write to the agent can have it tell everything that lies in its workspace.',
    'All its customers are one boundary: they share the workspace, the model key and the bot.',
  ],
};
