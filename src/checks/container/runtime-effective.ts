/** A container that is to have a kernel of its own runs on that of the host. */
import { defineCheck } from '../../core/check.ts';
import type { ContainerFact } from '../../core/container-facts.ts';
import type { TenantFacts } from '../../core/facts.ts';

/** gVisor and Kata, under the names that their own documents give them. */
const OWN_KERNEL = /^(?:io\.containerd\.)?(?:runsc|kata)(?:[.-].*)?$/;
const GVISOR = /^(?:io\.containerd\.)?runsc/;

export const check = defineCheck({
  id: 'container.runtime-effective',
  title: 'A container that is to have a kernel of its own runs on that of the host',
  why: 'gVisor and Kata hold a hole in the kernel inside one container. A runtime of that name that starts runc, or one that was bypassed, holds nothing.',
  fix: 'See what the engine starts under that name (docker info, runtimes in daemon.json), then run: bulkhead apply, or create the container anew.',
  how: 'The declared runtime against the one that the engine names, and that against the gateway’s process: one that the host’s own kernel lists with its user and namespaces has no other kernel. Where the host sees a sandbox of gVisor’s, the kernel’s log is read inside. A gateway that is seen nowhere is not judged.',
  source:
    'docker inspect (HostConfig.Runtime), podman inspect (OCIRuntime); gvisor.dev/docs/user_guide/quick_start/docker; Kata Containers, docs/install; dmesg in runsc 0.0~20221219',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['container', 'process'],
  // Who declares one and is started with another is found before its gateway is there.
  judgesWithout: ['process'],
  phases: ['observed'],
  item: 'container',
  *judge(facts) {
    for (const tenant of facts.tenants) {
      if (!tenant.container.known) continue;
      const message = wrong(tenant, tenant.container.value);
      if (message !== undefined) yield { tenants: [tenant.tenant], message, evidence: evidenceOf(tenant, tenant.container.value) };
    }
  },
});

function wrong({ tenant, declared, process }: TenantFacts, container: ContainerFact | null): string | undefined {
  const wanted = declared.runtime;
  if (container === null) return wanted === undefined ? undefined : `${tenant} is declared to run under ${wanted}, and runs in no container`;
  const { name, runtime } = container;
  if (wanted !== undefined && runtime !== wanted)
    return `${tenant} is declared to run under ${wanted}, and container ${name} was started with ${runtime ?? 'another'}`;
  const running = process.known ? process.value : null;
  if (running === null || runtime === undefined || !OWN_KERNEL.test(runtime)) return undefined;
  if (running.kernel === undefined) return `container ${name} of ${tenant} is said to run under ${runtime}, and runs on the host’s kernel`;
  if (GVISOR.test(runtime) && !running.kernel.log.includes('gVisor'))
    return `container ${name} of ${tenant} is said to run under ${runtime}, and its kernel does not call itself gVisor`;
  return undefined;
}

function evidenceOf({ process }: TenantFacts, container: ContainerFact | null): readonly string[] {
  const running = process.known ? process.value : null;
  return [
    ...(container === null ? [] : [`${container.engine}: runtime ${container.runtime ?? 'not told'}`]),
    ...(running === null ? [] : [`process ${running.pid} of user ${running.uid} on the host`]),
    ...(running?.kernel === undefined ? [] : [`inside: kernel ${running.kernel.release}, ${running.kernel.log}`]),
  ];
}
