/** A gateway port is too high for its derived ports. */
import { defineCheck } from '../../core/check.ts';
import { HIGHEST_SOUND_BASE } from '../../openclaw/ports.ts';

export const check = defineCheck({
  id: 'port.cdp-clamp',
  title: 'A gateway port is too high for its derived ports',
  why: 'Above 65425 the browser debugging ports silently become 18800-18899, those of every gateway with the default port.',
  fix: 'Choose a gateway port of at most 65425.',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: [],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    for (const { tenant, declared } of facts.tenants) {
      if (declared.gatewayPort > HIGHEST_SOUND_BASE)
        yield {
          tenants: [tenant],
          message: `the gateway port of ${tenant} is above ${HIGHEST_SOUND_BASE}`,
          evidence: [`port ${declared.gatewayPort}`],
        };
    }
  },
});
