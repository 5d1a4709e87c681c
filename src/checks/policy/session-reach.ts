/** Agents of one gateway reach into each other’s sessions. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.session-reach',
  title: 'Agents of one gateway reach into each other’s sessions',
  why: 'A turn of one agent can read and steer conversations of the others.',
  fix: 'Set tools.sessions.visibility to self, tree or agent, and tools.agentToAgent.enabled to false.',
  how: 'More than one agent is configured, and session tools see all sessions or agents may call each other.',
  source: 'openclaw 2026.9.6 docs/gateway/config-tools/sessions-and-subagents.md',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { agents, sessionReach, agentToAgent } = settings.tools;
      const open = [...(sessionReach.value === 'all' ? [sessionReach.from] : []), ...(agentToAgent.value ? [agentToAgent.from] : [])];
      if (agents > 1 && open.length > 0)
        yield { tenants: [tenant.tenant], message: `the ${agents} agents of ${tenant.tenant} reach into each other’s sessions`, evidence: open };
    }
  },
});
