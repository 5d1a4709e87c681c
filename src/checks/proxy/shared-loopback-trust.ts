/** Any program on the loopback, or another tenant, may speak as a trusted proxy. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';
import { covers, isLoopbackNetwork, TENANT_LINKS } from '../networks.ts';

export const check = defineCheck({
  id: 'proxy.shared-loopback-trust',
  title: 'A gateway takes the word of the loopback for who is calling',
  why: 'Identity is then a header: any local program, another tenant’s too, names whichever user it likes.',
  fix: 'Give the proxy an address of its own, trust that address alone, and leave allowLoopback off.',
  how: 'allowLoopback must be off, and the networks in trustedProxies must hold neither the loopback nor links of tenants.',
  source: 'openclaw 2026.9.6 docs/gateway/trusted-proxy-auth.md (allowLoopback)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'gateway-token',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { loopback, trusted } = settings.proxy;
      const evidence = [
        ...(loopback.value ? [`${loopback.from}: true`] : []),
        ...trusted.value
          .filter((network) => isLoopbackNetwork(network) || covers(network, TENANT_LINKS))
          .map((network) => `${trusted.from}: ${network}`),
      ];
      if (evidence.length > 0) yield { tenants: [tenant.tenant], message: `local programs may speak as the proxy of ${tenant.tenant}`, evidence };
    }
  },
});
