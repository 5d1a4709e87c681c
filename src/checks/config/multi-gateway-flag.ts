/** A gateway lets another one run from its config. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'config.multi-gateway-flag',
  title: 'A gateway lets another one run from its config',
  why: 'The lock that keeps two gateways from one config is off: the second starts without a word, and both follow one policy.',
  fix: 'Unset OPENCLAW_ALLOW_MULTI_GATEWAY.',
  how: 'OPENCLAW_ALLOW_MULTI_GATEWAY is on in the effective environment.',
  source: 'openclaw 2026.9.6 docs/gateway/gateway-lock.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'config',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { value, from } = settings.places.multiGateway;
      if (value)
        yield { tenants: [tenant.tenant], message: `the gateway of ${tenant.tenant} lets another one run from its config`, evidence: [from] };
    }
  },
});
