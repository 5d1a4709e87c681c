/** A gateway asks nobody for a token. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'gateway.auth-none',
  title: 'A gateway asks for no token',
  why: 'Whoever reaches its port is its operator: on a shared loopback that is every other tenant.',
  fix: 'Set gateway.auth.mode to token.',
  how: 'The effective authentication mode is none.',
  source: 'openclaw 2026.9.6 docs/gateway/configuration-reference.md (gateway.auth)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'gateway',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { value, from } = settings.network.authMode;
      if (value === 'none')
        yield { tenants: [tenant.tenant], message: `the gateway of ${tenant.tenant} asks for no token`, evidence: [`${from}: ${value}`] };
    }
  },
});
