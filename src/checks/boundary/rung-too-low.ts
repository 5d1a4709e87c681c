/** A tenant stands on a lower rung than its trust demands. */
import { defineCheck } from '../../core/check.ts';
import { leastRung, rungIsAtLeast } from '../../core/words.ts';
import { indexTrust } from '../trust-index.ts';

export const check = defineCheck({
  id: 'boundary.rung-too-low',
  title: 'A tenant stands on a lower rung than its trust demands',
  why: 'Between clients, one OS user for all stops accidents only; between adversaries, one kernel for all is a shared item.',
  fix: 'Raise isolation, move the tenant to a machine of its own, or name the risk with an owner and an expiry.',
  how: 'The rung of each tenant is compared with the least one that its strictest trust demands.',
  source: 'openclaw 2026.9.6 docs/gateway/security/trust-model.md, docs/gateway/multi-tenant-hosting.md',
  severity: { team: '-', clients: 'high', adversarial: 'critical' },
  needs: [],
  phases: ['desired', 'observed'],
  item: 'isolation-rung',
  *judge(facts) {
    const trust = indexTrust(
      facts.trust,
      facts.tenants.map(({ tenant }) => tenant),
    );
    for (const { tenant, rung } of facts.tenants) {
      const strictest = trust.strictestOf(tenant);
      const least = leastRung(strictest);
      if (rungIsAtLeast(rung, least)) continue;
      yield {
        tenants: [tenant],
        message: `${tenant} stands on ${rung}; the trust ${strictest} demands ${least}`,
        evidence: [`isolation: ${rung}`],
        trust: strictest,
      };
    }
  },
});
