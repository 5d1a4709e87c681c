/** What several hosts of a manifest have in common. */
import type { Violation } from '../core/check.ts';
import type { Facts } from '../core/facts.ts';
import { names, type Shared } from './join.ts';

/**
 * Tenants that share something by which their hosts are known, where those are several hosts. Who is to be alone on a machine is judged as among
 * adversaries, whatever the trust is: that is what was promised.
 */
export function* onTheirHosts({ tenants }: Facts, group: Shared, what: string): Iterable<Violation> {
  const members = new Set(group.tenants);
  const here = tenants.filter(({ tenant }) => members.has(tenant));
  const hosts = [...new Set(here.map(({ host }) => host))];
  if (hosts.length < 2) return;
  const alone = here.some(({ rung }) => rung === 'host');
  yield {
    tenants: group.tenants,
    message: `hosts ${names(hosts)} ${what}: ${names(group.tenants)} are on them`,
    evidence: group.evidence,
    ...(alone ? { trust: 'adversarial' } : {}),
  };
}
