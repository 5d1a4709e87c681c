/** What is declared of a tenant while it is in quarantine: the boundary and its model stay, everything that acts or is reached goes. Pure. */
import type { Fleet, Tenant } from '../core/fleet.ts';
import type { TenantId } from '../core/words.ts';

/** The fleet as it is to be built: the manifest, and over it the tenants that are in quarantine. */
export function withQuarantine(fleet: Fleet, quarantined: ReadonlySet<TenantId>): Fleet {
  if (quarantined.size === 0) return fleet;
  return { ...fleet, tenants: fleet.tenants.map((tenant) => (quarantined.has(tenant.id) ? inQuarantine(tenant) : tenant)) };
}

/** Further config of the manifest goes whole: it may connect a channel, a hook or a server of tools. */
function inQuarantine(tenant: Tenant): Tenant {
  return {
    ...tenant,
    policy: { preset: 'quarantine', allow: [], alsoAllow: [], deny: [] },
    channels: [],
    browser: false,
    egress: 'none',
    allow: [],
    sealed: true,
    config: {},
  };
}
