/** Two gateways are given one port. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'port.base-equal',
  title: 'Two gateways are given one port',
  why: 'Either may answer in the place of the other, or keep it from starting.',
  fix: 'Leave the port out of the manifest: the allocator gives each tenant a block.',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['ports'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    const ports = sharedBy(facts.tenants, ({ host, ports: fact, declared }) => {
      if (!fact.known) return [];
      const { published, namespace } = fact.value;
      const own = namespace === 'own' ? [] : [{ key: `${host} ${namespace} ${declared.gatewayPort}`, where: `port ${declared.gatewayPort}` }];
      return [{ key: `${host} published ${published}`, where: `port ${published}` }, ...own];
    });
    for (const group of ports) yield sharing(group, 'one port');
  },
});
