/** Adversaries share a kernel. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';
import { indexTrust } from '../trust-index.ts';

export const check = defineCheck({
  id: 'host.shared-kernel',
  title: 'Adversaries share a kernel',
  why: 'An escape through the kernel, or a signal through the hardware, crosses every rung below a machine of its own.',
  fix: 'Place the tenant on a host of its own, or name the risk with an owner and an expiry.',
  how: 'Boot id of the host of each adversarial tenant; on a plan, its name.',
  source: 'random(4) (boot_id)',
  severity: { team: '-', clients: '-', adversarial: 'high' },
  needs: [],
  phases: ['desired', 'observed'],
  item: 'kernel',
  *judge(facts) {
    const trust = indexTrust(
      facts.trust,
      facts.tenants.map(({ tenant }) => tenant),
    );
    const hostile = facts.tenants.filter(({ tenant }) => trust.strictestOf(tenant) === 'adversarial');
    const kernels = new Map(facts.hosts.map(({ host, kernel }) => [host, kernel.known ? kernel.value.bootId : host]));
    for (const group of sharedBy(hostile, ({ host }) => [{ key: kernels.get(host) ?? host, where: `host ${host}` }]))
      yield sharing(group, 'one kernel');
  },
});
