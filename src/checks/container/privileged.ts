/** A container holds nothing back. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import { containersOf } from '../containers.ts';

export const check = defineCheck({
  id: 'container.privileged',
  title: 'A container holds nothing back',
  why: 'With capabilities, namespaces or filters of the host, a process in it is a process of the host.',
  fix: 'Start it without --privileged, --cap-add, --pid=host and its like, with --security-opt no-new-privileges and the default filters; openclaw fleet does.',
  how: 'What the engine says of the container: privileged, added capabilities, no-new-privileges, seccomp, AppArmor or SELinux switched off; namespaces of the host by the engine’s word and by the kernel’s. Of a pod, what its description says of any of its containers.',
  source: 'openclaw 2026.9.6 docs/cli/fleet.md; docker inspect, podman inspect',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['container'],
  phases: ['observed'],
  item: 'container',
  *judge(facts) {
    const ofHost = new Map(facts.hosts.map(({ host, kernel }) => [host, kernel.known ? kernel.value.namespaces : {}]));
    for (const { tenant, container } of containersOf(facts)) {
      const { name, privileged, capAdd, mayGainPrivileges, unconfined } = container;
      const hostNamespaces = [...new Set([...container.hostNamespaces, ...inCommon(tenant, ofHost.get(tenant.host))])].toSorted();
      const evidence = [
        ...(privileged ? ['privileged'] : []),
        ...(capAdd.length > 0 ? [`added capabilities: ${capAdd.join(', ')}`] : []),
        ...(mayGainPrivileges ? ['no-new-privileges is not set'] : []),
        ...(hostNamespaces.length > 0 ? [`namespaces of the host: ${hostNamespaces.join(', ')}`] : []),
        ...unconfined.map((filter) => `${filter} is off`),
      ];
      if (evidence.length > 0) yield { tenants: [tenant.tenant], message: `container ${name} of ${tenant.tenant} is not confined`, evidence };
    }
  },
});

/** As the kernel sees it: Podman does not tell of --ipc=host. */
function inCommon({ process }: TenantFacts, ofHost: Readonly<Record<string, string>> = {}): readonly string[] {
  const own = process.known ? (process.value?.namespaces ?? {}) : {};
  return ['ipc', 'net', 'pid', 'uts'].filter((name) => own[name] !== undefined && own[name] === ofHost[name]);
}
