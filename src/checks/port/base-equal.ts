/** Two gateways are given one port. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'port.base-equal',
  title: 'Two gateways are given one port',
  why: 'Either may answer in the place of the other, or keep it from starting.',
  fix: 'Leave the port out of the manifest: the allocator gives each tenant a block.',
  how: 'The published ports of one host are compared, and the effective base ports within one network namespace.',
  source: 'openclaw 2026.9.6 docs/gateway/multiple-gateways.md, docs/gateway/config-gateway.md (port)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['ports', 'settings'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    const ports = sharedBy(facts.tenants, ({ host, ports: fact, settings }) => {
      if (!fact.known || !settings.known) return [];
      const { published, namespace } = fact.value;
      const { value, from } = settings.value.network.port;
      const own = namespace === 'own' ? [] : [{ key: `${host} ${namespace} ${value}`, where: `port ${value} (${from})` }];
      return [...(published === undefined ? [] : [{ key: `${host} published ${published}`, where: `port ${published}` }]), ...own];
    });
    for (const group of ports) yield sharing(group, 'one port');
  },
});
