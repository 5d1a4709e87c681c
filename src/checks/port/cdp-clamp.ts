/** A gateway port is too high for its derived ports. */
import { defineCheck } from '../../core/check.ts';
import { HIGHEST_SOUND_BASE } from '../../openclaw/ports.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'port.cdp-clamp',
  title: 'A gateway port is too high for its derived ports',
  why: 'Above 65425 the browser debugging ports silently become 18800-18899, those of every gateway with the default port.',
  fix: 'Choose a gateway port of at most 65425.',
  how: 'The effective base port is compared with the highest one whose derived ports all exist.',
  source: 'openclaw 2026.9.6 dist (browser port derivation); config validate accepts 65430',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { value, from } = settings.network.port;
      if (value > HIGHEST_SOUND_BASE)
        yield {
          tenants: [tenant.tenant],
          message: `the gateway port of ${tenant.tenant} is above ${HIGHEST_SOUND_BASE}`,
          evidence: [`${from}: ${value}`],
        };
    }
  },
});
