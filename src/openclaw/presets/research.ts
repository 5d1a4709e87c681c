/**
 * `research`: reads the web and its own workspace, and changes nothing. An allow-list without a profile: what a later OpenClaw adds stays out.
 * Names of metadata services are refused by `web_fetch` itself; the tenant's own network refuses their addresses on the rungs that have one.
 * The tools of memory are a plugin's, which an allow-list names one by one: OpenClaw does not look for them under `group:memory` there.
 * No sandbox: it needs a container runtime, and nothing runs. Source: openclaw 2026.9.6 docs/tools/web-fetch.md, docs/tools/web.md.
 */
import type { Preset } from './preset.ts';

export const research: Preset = {
  name: 'research',
  purpose: 'Reads the web, its memory and its workspace, and changes nothing.',
  config: {
    session: { dmScope: 'per-channel-peer' },
    tools: {
      allow: ['group:web', 'memory_search', 'memory_get', 'read', 'session_status'],
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
        'bundle-mcp',
      ],
      exec: { security: 'deny', ask: 'always' },
      sessions: { visibility: 'self' },
      message: { crossContext: { allowWithinProvider: false, allowAcrossProviders: false } },
      web: { fetch: { ssrfPolicy: { blockedHostnames: ['metadata.google.internal', '*.internal'] } } },
    },
  },
  browser: 'refused',
  channels: true,
  senders: { dmPolicy: 'allowlist', groupPolicy: 'disabled' },
  leaves: [
    'A page can carry instructions: the agent can be led to put what it has read into an address that it fetches next.',
    'Which public addresses it fetches is not limited; `egress: none` with `allow` does that.',
  ],
};
