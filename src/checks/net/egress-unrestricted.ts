/** Nothing holds back what leaves a tenant. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'net.egress-unrestricted',
  title: 'Nothing holds back what leaves a tenant',
  why: 'A steered agent reaches services of the host, private networks and the cloud’s metadata, which hands out credentials.',
  fix: 'Use isolation os-user, whose rules refuse them, and run: bulkhead apply.',
  how: 'The rung filters what leaves it, and the kernel holds its rules exactly as they were loaded.',
  source: 'nft(8); what the rules refuse is in src/isolation/os-user/README.md',
  severity: { team: '-', clients: 'warn', adversarial: 'high' },
  needs: ['egress'],
  phases: ['observed'],
  item: 'loopback',
  *judge(facts) {
    for (const { tenant, egress } of facts.tenants) {
      if (egress.known && !egress.value.filtered)
        yield { tenants: [tenant], message: `nothing holds back what leaves ${tenant}`, evidence: [egress.value.how] };
    }
  },
});
