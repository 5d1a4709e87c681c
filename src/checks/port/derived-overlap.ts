/** Port blocks of two gateways overlap. */
import { defineCheck } from '../../core/check.ts';
import { overlaps } from '../port-overlaps.ts';

export const check = defineCheck({
  id: 'port.derived-overlap',
  title: 'Port blocks of two gateways overlap',
  why: 'Browser control and debugging ports are derived from the gateway port; the debugging port asks for no password.',
  fix: 'Leave the port to the allocator, or keep gateway ports at least 120 apart.',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['ports'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    for (const { left, right } of overlaps(facts)) {
      if (left.first === right.first) continue;
      yield {
        tenants: [left.tenant, right.tenant],
        message: `ports of ${left.tenant} and ${right.tenant} overlap`,
        evidence: [left, right].map(({ tenant, first, last }) => `${tenant}: ${first}-${last}`),
      };
    }
  },
});
