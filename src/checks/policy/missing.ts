/** A tenant has no tool policy. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'policy.missing',
  title: 'A tenant has no tool policy',
  why: 'Without one the agent may use every tool there is.',
  fix: 'Name a policy in the manifest; bulkhead policy list tells which there are.',
  how: 'Neither a profile nor an allow or deny list is set.',
  source: 'openclaw 2026.9.6 docs/gateway/config-tools/tool-policy.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['policy'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, policy } of facts.tenants) {
      if (policy.known && !policy.value.restricted)
        yield { tenants: [tenant], message: `the config of ${tenant} restricts no tool`, evidence: ['tools'] };
    }
  },
});
