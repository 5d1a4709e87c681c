/** Two tenants are served by one gateway. */
import { defineCheck } from '../../core/check.ts';
import { pathsOf, sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'boundary.shared-gateway',
  title: 'Two tenants are served by one gateway',
  why: 'Whoever holds the gateway token is operator of the whole gateway; sessions, agents and scopes in it are no boundary.',
  fix: 'Give each trust boundary a gateway of its own.',
  severity: { team: 'info', clients: 'critical', adversarial: 'critical' },
  needs: ['ports', 'paths'],
  phases: ['desired', 'observed'],
  item: 'gateway',
  *judge(facts) {
    const gateways = sharedBy(facts.tenants, (tenant) => {
      const process = tenant.process.known ? tenant.process.value : null;
      const ports = tenant.ports.known
        ? [{ key: `${tenant.host} port ${tenant.ports.value.published}`, where: `127.0.0.1:${tenant.ports.value.published}` }]
        : [];
      const states = pathsOf(tenant, 'state').map(({ real, declared }) => ({ key: `${tenant.host} state ${real}`, where: declared }));
      const running =
        process === null ? [] : [{ key: `${tenant.host} process ${process.pid} ${process.startTicks}`, where: `process ${process.pid}` }];
      return [...ports, ...states, ...running];
    });
    for (const group of gateways) yield sharing(group, 'one gateway');
  },
});
