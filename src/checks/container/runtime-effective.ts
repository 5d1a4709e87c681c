/** A container that is said to have a kernel of its own runs on that of the host. */
import { defineCheck } from '../../core/check.ts';
import { containersOf } from '../containers.ts';

/** gVisor and Kata, under the names that their own documents give them. */
const OWN_KERNEL = /^(?:io\.containerd\.)?(?:runsc|kata)(?:[.-].*)?$/;

export const check = defineCheck({
  id: 'container.runtime-effective',
  title: 'A container that is said to have a kernel of its own runs on that of the host',
  why: 'gVisor and Kata hold a hole in the kernel inside one container. A runtime of that name that starts runc, or one that was bypassed, holds nothing.',
  fix: 'See what the engine starts under that name (docker info, runtimes in daemon.json), and create the container anew.',
  how: 'The runtime that the engine names, against the gateway’s process: one that the host’s own kernel lists with its user and namespaces has no other kernel. A gateway that is not seen there is not judged.',
  source:
    'docker inspect (HostConfig.Runtime), podman inspect (OCIRuntime); gvisor.dev/docs/user_guide/quick_start/docker; Kata Containers, docs/install',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['container', 'process'],
  phases: ['observed'],
  item: 'container',
  *judge(facts) {
    for (const { tenant, container } of containersOf(facts)) {
      const running = tenant.process.known ? tenant.process.value : null;
      if (running === null || container.runtime === undefined || !OWN_KERNEL.test(container.runtime)) continue;
      yield {
        tenants: [tenant.tenant],
        message: `container ${container.name} of ${tenant.tenant} is said to run under ${container.runtime}, and runs on the host’s kernel`,
        evidence: [`${container.engine}: runtime ${container.runtime}`, `process ${running.pid} of user ${running.uid} on the host`],
      };
    }
  },
});
