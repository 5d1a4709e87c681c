/**
 * `api`: the model behind an API, for one customer's Open WebUI or product. No tool at all: `minimal` holds `session_status` and `gateway`, and both
 * are denied with their groups. Named tools can be added back only where no group denies them, e.g. `alsoAllow: [web_search]`. No sandbox, as
 * nothing runs. Source: openclaw 2026.9.6 docs/gateway/openai-http-api.md, docs/gateway/config-tools/tool-policy.md.
 */
import type { Preset } from './preset.ts';

export const api: Preset = {
  name: 'api',
  purpose: 'Answers one customer’s program over the API: the model alone, without tools.',
  config: {
    gateway: {
      http: { endpoints: { chatCompletions: { images: { allowUrl: false } }, responses: { enabled: false } } },
      tools: { deny: ['browser', 'message', 'read'] },
    },
    session: { dmScope: 'per-account-channel-peer' },
    tools: {
      profile: 'minimal',
      deny: ['group:fs', 'group:runtime', 'group:automation', 'group:nodes', 'group:ui', 'group:sessions', 'group:messaging', 'bundle-mcp'],
      exec: { security: 'deny', ask: 'always' },
      sessions: { visibility: 'self' },
      message: { crossContext: { allowWithinProvider: false, allowAcrossProviders: false } },
    },
  },
  browser: 'refused',
  channels: true,
  senders: { dmPolicy: 'allowlist', groupPolicy: 'disabled' },
  leaves: [
    'The key is an operator’s: whoever holds it chooses session keys and reads every conversation of this Gateway. One Gateway, one key, one customer.',
    'It limits no one in how much of the model’s quota is used.',
  ],
};
