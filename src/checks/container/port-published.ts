/** A container's port is published beyond the machine. */
import { defineCheck } from '../../core/check.ts';
import { containersOf } from '../containers.ts';

export const check = defineCheck({
  id: 'container.port-published',
  title: 'A container’s port is published beyond the machine',
  why: 'Whoever reaches the machine reaches the gateway; an engine’s own rules let it past the host’s firewall.',
  fix: 'Publish it on 127.0.0.1, e.g. --publish 127.0.0.1:18789:18789, and put a proxy with TLS before it where others must reach it.',
  how: 'Addresses on which the engine publishes ports of the container: all but loopback count; none is every address.',
  source: 'docs.docker.com/engine/network/packet-filtering-firewalls (published ports go past ufw)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['container'],
  phases: ['observed'],
  item: 'port',
  *judge(facts) {
    for (const { tenant, container } of containersOf(facts)) {
      const open = (container.published ?? []).filter(({ address }) => !/^(?:127\.|::1$)/.test(address));
      if (open.length === 0) continue;
      const evidence = open.map(
        ({ address, port }) => `${address === '' ? 'every address' : address}, port ${port === '' ? 'of the engine’s choice' : port}`,
      );
      yield { tenants: [tenant.tenant], message: `container ${container.name} of ${tenant.tenant} is published beyond this machine`, evidence };
    }
  },
});
