/** Tenants with their settings; none whose settings are not known (`needs` has then spoken). */
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { Settings } from '../core/settings.ts';

export function* settingsOf({ tenants }: Pick<Facts, 'tenants'>): Iterable<{ readonly tenant: TenantFacts; readonly settings: Settings }> {
  for (const tenant of tenants) if (tenant.settings.known) yield { tenant, settings: tenant.settings.value };
}
