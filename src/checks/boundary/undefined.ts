/** A tenant has no owner or no named data. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'boundary.undefined',
  title: 'A tenant has no owner or no named data',
  why: 'A boundary that nobody owns and that protects nothing named cannot be judged.',
  fix: 'Fill in boundary.owner and boundary.data in the manifest.',
  how: 'The manifest’s boundary.owner and boundary.data are empty.',
  source: 'openclaw 2026.9.6 docs/gateway/security/trust-model.md',
  severity: { team: 'critical', clients: 'critical', adversarial: 'critical' },
  needs: [],
  phases: ['desired', 'observed'],
  ofDeclaration: true,
  item: 'boundary',
  *judge(facts) {
    for (const { tenant, boundary } of facts.tenants) {
      const empty = [...(boundary.owner.trim() === '' ? ['owner'] : []), ...(boundary.data.trim() === '' ? ['data'] : [])];
      if (empty.length > 0) yield { tenants: [tenant], message: `the boundary of ${tenant} does not say its ${empty.join(' and ')}`, evidence: [] };
    }
  },
});
