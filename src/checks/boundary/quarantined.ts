/** A tenant is in quarantine. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'boundary.quarantined',
  title: 'A tenant is in quarantine',
  why: 'It is closed on purpose and serves nobody: what is verified of it says little of how it will run once it is released.',
  fix: 'When the incident is over, run: bulkhead release TENANT, then bulkhead verify.',
  how: 'The tenant is built with the policy quarantine, by the command of that name or by its manifest.',
  source: 'openclaw 2026.9.6 docs/gateway/config-tools/tool-policy.md',
  severity: { team: 'info', clients: 'info', adversarial: 'info' },
  needs: ['policy'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, policy } of facts.tenants) {
      if (policy.known && policy.value.preset === 'quarantine')
        yield { tenants: [tenant], message: `${tenant} is in quarantine: no channels, no tools, no egress`, evidence: ['policy: quarantine'] };
    }
  },
});
