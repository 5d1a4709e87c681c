/** What a tenant has for itself is a container, not a machine. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'host.not-a-machine',
  title: 'What a tenant has for itself is a container and no machine',
  why: 'A container has the kernel of the machine under it: whoever else is on that machine, and its administrators, are as near as on the rung os-user.',
  fix: 'Place the tenant on a physical or virtual machine; or declare isolation: os-user and name the risk boundary.rung-too-low with an owner and an expiry.',
  how: 'For tenants on the rung host: what the machine’s init, Docker and Podman say of themselves, and whether its processes are in the kernel’s first process namespace. A virtual machine has a kernel of its own and counts as one.',
  source: 'systemd-detect-virt(1); container interface of systemd; include/linux/proc_ns.h (PROC_PID_INIT_INO)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['host.machine'],
  phases: ['observed'],
  ofDeclaration: true,
  item: 'machine',
  *judge({ tenants, hosts }) {
    const containers = new Map(hosts.map(({ host, machine }) => [host, machine.known ? machine.value.container : undefined]));
    for (const { tenant, host, rung } of tenants) {
      const container = rung === 'host' ? containers.get(host) : undefined;
      if (container !== undefined)
        yield {
          tenants: [tenant],
          message: `host ${host} of ${tenant} is a container: it has no kernel of its own`,
          evidence: [`${host}: ${container}`],
        };
    }
  },
});
