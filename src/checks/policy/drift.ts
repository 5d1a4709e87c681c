/** The config of a tenant is not the one that was rendered. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'policy.drift',
  title: 'The config of a tenant is not the one that was rendered',
  why: 'Somebody changed a key that the boundary rests on.',
  fix: 'See what was changed: bulkhead policy diff TENANT; put it back: bulkhead policy reconcile TENANT --yes.',
  how: 'The keys that the boundary owns are compared, one by one, between the rendered config and the one in the tenant’s tree.',
  source: 'bulkhead: src/openclaw/config.ts names the keys',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['policy'],
  phases: ['observed'],
  ofDeclaration: true,
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, policy } of facts.tenants) {
      const drifted = policy.known ? (policy.value.drifted ?? []) : [];
      if (drifted.length > 0)
        yield {
          tenants: [tenant],
          message: `the config of ${tenant} is not as rendered: ${drifted.slice(0, 3).join(', ')}${drifted.length > 3 ? ` and ${drifted.length - 3} more` : ''}`,
          evidence: drifted,
        };
    }
  },
});
