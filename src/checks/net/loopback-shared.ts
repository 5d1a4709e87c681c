/** Two gateways share a loopback. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'net.loopback-shared',
  title: 'Two gateways share a loopback',
  why: 'Any program of one tenant reaches the ports of the other there, and a browser debugging port asks for no password.',
  fix: 'Use isolation os-user or higher: it gives each tenant a loopback of its own.',
  how: 'Inodes of the network namespaces of the gateway processes are compared.',
  source: 'network_namespaces(7); openclaw 2026.9.6 docs/gateway/security/network-exposure.md (loopback is a trust boundary)',
  severity: { team: '-', clients: 'warn', adversarial: 'critical' },
  needs: ['process'],
  phases: ['observed'],
  item: 'loopback',
  *judge(facts) {
    const shared = sharedBy(facts.tenants, ({ host, process }) => {
      const inode = process.known ? process.value?.namespaces['net'] : undefined;
      return inode === undefined ? [] : [{ key: `${host} ${inode}`, where: `network namespace ${inode}` }];
    });
    for (const group of shared) yield sharing(group, 'one loopback');
  },
});
