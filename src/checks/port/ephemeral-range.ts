/** Ports of a tenant lie where the kernel takes ports for outgoing connections. */
import { defineCheck } from '../../core/check.ts';
import type { PortRange } from '../../core/network-facts.ts';
import { hostNamespace, portsOf } from '../port-overlaps.ts';

export const check = defineCheck({
  id: 'port.ephemeral-range',
  title: 'Ports of a tenant lie among those of outgoing connections',
  why: 'Any program of the host may hold such a port for a moment: the gateway then does not start, and nobody finds out why.',
  fix: 'Take a lower gateway port, or add the block to net.ipv4.ip_local_reserved_ports.',
  how: 'What the tenant takes on the host’s own network is compared with net.ipv4.ip_local_port_range, less the reserved ports.',
  source: 'Linux Documentation/networking/ip-sysctl.rst (ip_local_port_range, ip_local_reserved_ports)',
  severity: { team: 'info', clients: 'info', adversarial: 'warn' },
  needs: ['ports', 'settings', 'host.portRange'],
  phases: ['observed'],
  item: 'port',
  *judge(facts) {
    const hosts = new Map(facts.hosts.map((host) => [host.host, host]));
    for (const tenant of facts.tenants) {
      const host = hosts.get(tenant.host);
      if (host?.portRange.known !== true) continue;
      const outer = hostNamespace(host);
      const { value: range } = host.portRange;
      const within = portsOf(tenant, host).filter(({ namespace, first, last }) => namespace === outer && meets(range, first, last));
      if (within.length === 0) continue;
      yield {
        tenants: [tenant.tenant],
        message: `ports of ${tenant.tenant} lie within ${range.first}-${range.last}, the ports of outgoing connections`,
        evidence: within.map(({ first, last, label }) => `${first}-${last}, ${label}`),
      };
    }
  },
});

/** Whether some port from `first` to `last` is given out. */
function meets(range: PortRange, first: number, last: number): boolean {
  for (let port = Math.max(first, range.first); port <= Math.min(last, range.last); port += 1) {
    const spared = range.reserved.find((reserved) => reserved.first <= port && port <= reserved.last);
    if (spared === undefined) return true;
    port = spared.last;
  }
  return false;
}
