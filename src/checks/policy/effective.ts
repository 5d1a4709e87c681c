/** A running gateway gives tools that the rendered policy does not. */
import { defineCheck } from '../../core/check.ts';
import { giver } from '../../openclaw/settings/tools.ts';

export const check = defineCheck({
  id: 'policy.effective',
  title: 'A running gateway gives its agent tools that its policy does not',
  why: 'What counts is what the agent can call. A changed config, a plugin or an agent’s own policy can hand out what the manifest holds back.',
  fix: 'See what was changed: bulkhead policy diff TENANT; put it back: bulkhead policy reconcile TENANT --yes. Where nothing differs: bulkhead restart TENANT.',
  how: 'The gateway is asked, with its own token and after its listener was shown to be its own, which tools the newest session of each agent has; each of them must be given by the rendered policy. Of plugins’ tools only those that it denies by name count. Fewer tools are no finding: many appear only with a provider, a device or a model. It is the gateway’s own word: the attacks through its agent try it.',
  source: 'openclaw 2026.9.6 docs/gateway/protocol/operator-methods.md (tools.effective)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['policy', 'effective'],
  phases: ['observed'],
  ofDeclaration: true,
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, policy, effective } of facts.tenants) {
      if (!policy.known || !effective.known || policy.value.rendered === undefined) continue;
      const isGiven = giver(policy.value.rendered);
      const beyond = effective.value.tools.filter((tool) => !isGiven(tool));
      if (beyond.length > 0)
        yield {
          tenants: [tenant],
          message: `the gateway of ${tenant} gives tools beyond its policy: ${beyond.slice(0, 3).join(', ')}${beyond.length > 3 ? ', …' : ''}`,
          evidence: beyond.slice(0, 40),
        };
    }
  },
});
