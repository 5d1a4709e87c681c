/** Two hosts of the manifest are one machine. */
import { defineCheck } from '../../core/check.ts';
import type { HostFacts } from '../../core/facts.ts';
import { sharedBy } from '../join.ts';
import { onTheirHosts } from '../machines.ts';

export const check = defineCheck({
  id: 'host.same-machine',
  title: 'Two hosts of the manifest are one machine',
  why: 'Tenants that were placed apart share a kernel: an escape through it crosses from one to the other, and ports and names that were chosen per host may meet.',
  fix: 'Place them on machines that boot by themselves, or give the machine one name in the manifest.',
  how: 'The id that each kernel draws when it boots: two hosts with one are one machine, under two names or as two containers. systemd-nspawn draws one for each container: such hosts are told by host.not-a-machine.',
  source: 'random(4) (boot_id)',
  severity: { team: 'info', clients: 'warn', adversarial: 'critical' },
  needs: ['host.kernel'],
  phases: ['observed'],
  item: 'machine',
  *judge(facts) {
    const kernels = new Map(facts.hosts.map(({ host, kernel }) => [host, bootOf(kernel)]));
    const groups = sharedBy(facts.tenants, ({ host }) => {
      const boot = kernels.get(host);
      return boot === undefined ? [] : [{ key: boot, where: `host ${host}, boot id ${boot}` }];
    });
    for (const group of groups) yield* onTheirHosts(facts, group, 'are one machine');
  },
});

function bootOf(kernel: HostFacts['kernel']): string | undefined {
  return kernel.known ? kernel.value.bootId : undefined;
}
