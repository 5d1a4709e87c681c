/**
 * `team`: one company's own Gateway with several agents. They are personas, not tenants: one OS user, one state directory, and with a shell each
 * reads what the others keep. Their sessions are apart and they call no other agent, which keeps conversations tidy and stops nobody. As
 * `operator` it runs programs, so nobody from outside may write to it; the checks of senders refuse that. No sandbox: it needs a container runtime.
 * Source: openclaw 2026.9.6 docs/concepts/multi-agent.md, docs/gateway/config-tools/sessions-and-subagents.md.
 */
import type { Preset } from './preset.ts';

export const team: Preset = {
  name: 'team',
  label: 'personas, not tenants',
  purpose: 'Several agents of one company that trusts itself: files, programs and the web, as one OS user.',
  config: {
    session: { dmScope: 'per-channel-peer' },
    tools: {
      profile: 'coding',
      deny: ['group:automation', 'intent', 'portal', 'screen', 'terminal', 'group:nodes', 'sessions_send'],
      exec: { host: 'gateway', security: 'full', ask: 'off', applyPatch: { workspaceOnly: true } },
      sessions: { visibility: 'agent' },
    },
  },
  browser: 'possible',
  channels: true,
  senders: { dmPolicy: 'allowlist', groupPolicy: 'disabled' },
  leaves: [
    'Nothing between the agents: any of them reads, through a program, the workspace, the sessions and the keys of all.',
    'Who must not see what another sees needs a tenant of their own.',
  ],
};
