/** Containers of two tenants are on one network. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'net.container-network-shared',
  title: 'Containers of two tenants are on one network',
  why: 'Each reaches every port of the other there, by name, whatever is published.',
  fix: 'Give each tenant a bridge of its own; share neither the network of the host nor that of another container.',
  how: 'Networks that the container engine names for each gateway are compared; the network of the host or of another container counts as shared. Pods have one where no network policy selects either, or where policies let one reach the other.',
  source: 'docs.docker.com/engine/network (bridge, host and container modes)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['container'],
  phases: ['observed'],
  item: 'loopback',
  *judge(facts) {
    for (const { tenant, container } of facts.tenants) {
      const networks = container.known ? (container.value?.networks ?? []) : [];
      const lent = networks.filter((name) => name === 'host' || name.startsWith('container:'));
      if (lent.length > 0) yield { tenants: [tenant], message: `the container of ${tenant} has no network of its own`, evidence: lent };
    }
    const shared = sharedBy(facts.tenants, ({ host, container }) =>
      (container.known ? (container.value?.networks ?? []) : []).map((name) => ({ key: `${host} ${name}`, where: `network ${name}` })),
    );
    for (const group of shared) yield sharing(group, 'one container network');
  },
});
