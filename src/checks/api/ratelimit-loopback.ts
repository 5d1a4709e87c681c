/** Wrong tokens from a shared loopback are never locked out. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy } from '../join.ts';

export const check = defineCheck({
  id: 'api.ratelimit-loopback',
  title: 'Wrong tokens from a shared loopback are never locked out',
  why: 'A program of another tenant may try tokens for as long as it likes.',
  fix: 'Give each tenant a loopback of its own (isolation os-user), or set gateway.auth.rateLimit.exemptLoopback to false.',
  how: 'Of gateways in one network namespace, those are told whose limit is missing or spares the loopback.',
  source: 'openclaw 2026.9.6 docs/gateway/config-gateway.md (auth.rateLimit.exemptLoopback defaults to true)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['ports', 'settings'],
  phases: ['desired', 'observed'],
  item: 'gateway-token',
  *judge(facts) {
    const crowded = sharedBy(facts.tenants, ({ host, ports }) =>
      ports.known && ports.value.namespace !== 'own' ? [{ key: `${host} ${ports.value.namespace}`, where: '' }] : [],
    );
    const shared = new Set(crowded.flatMap(({ tenants }) => tenants));
    for (const { tenant, settings } of facts.tenants) {
      if (!settings.known || !shared.has(tenant)) continue;
      const { value, from } = settings.value.network.loginLimit;
      if (value !== 'everywhere')
        yield {
          tenants: [tenant],
          message: `wrong tokens for ${tenant} are not limited on the loopback it shares`,
          evidence: [`limited ${value} (${from})`],
        };
    }
  },
});
