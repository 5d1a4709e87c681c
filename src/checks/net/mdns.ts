/** A gateway announces itself on the network. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'net.mdns',
  title: 'A gateway announces itself on the network',
  why: 'Its name, port and, in full mode, paths are told to every neighbour; a client that trusts the announcement may pair with the wrong one.',
  fix: 'Set discovery.mdns.mode to off and take discovery.wideArea out.',
  how: 'The announcing plugin is on, its mode is not off and OPENCLAW_DISABLE_BONJOUR is not set; domains of wide-area discovery are compared.',
  source: 'openclaw 2026.9.6 docs/gateway/discovery.md, docs/gateway/config-runtime.md (mDNS, wide-area)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'gateway',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { value, from } = settings.network.announces;
      if (value !== 'off')
        yield { tenants: [tenant.tenant], message: `${tenant.tenant} announces itself by multicast`, evidence: [`${from}: ${value}`] };
    }
    const shared = sharedBy(facts.tenants, ({ settings }) => {
      const domain = settings.known ? settings.value.network.wideArea : undefined;
      return domain === undefined ? [] : [{ key: domain.value.toLowerCase().replace(/\.$/, ''), where: `${domain.from}: ${domain.value}` }];
    });
    for (const group of shared) yield sharing(group, 'one discovery domain');
  },
});
