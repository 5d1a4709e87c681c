/** Tenants whose gateways run in containers; others have nothing to say there. */
import type { ContainerFact } from '../core/container-facts.ts';
import type { Facts, TenantFacts } from '../core/facts.ts';

export function* containersOf({ tenants }: Pick<Facts, 'tenants'>): Iterable<{ readonly tenant: TenantFacts; readonly container: ContainerFact }> {
  for (const tenant of tenants) if (tenant.container.known && tenant.container.value !== null) yield { tenant, container: tenant.container.value };
}
