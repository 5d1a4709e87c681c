/** Whether somebody still keeps the gateways and their firewall in place. */
import type { Finding } from '../core/check.ts';
import type { Known } from '../core/facts.ts';
import type { SupervisorObserved } from '../core/host.ts';
import type { TenantId } from '../core/words.ts';

/** The boundaries stand without it; nothing would put them back. So it is told, and does not decide. */
export function unsupervised(observed: Known<SupervisorObserved>, tenants: readonly TenantId[]): Finding[] {
  if (observed.known && (observed.value.alive || observed.value.services.size === 0)) return [];
  const message = observed.known ? 'no supervisor of this version runs' : `the supervisor does not answer: ${observed.why}`;
  return [
    {
      id: 'supervisor.silent',
      kind: 'check',
      verdict: 'fail',
      severity: 'warn',
      tenants,
      title: 'Nobody keeps the gateways and their firewall in place',
      message: `${message}: a gateway that dies stays down, and rules that are taken away stay away`,
      evidence: [],
      fix: 'Run: bulkhead apply',
      item: '',
    },
  ];
}
