/** Hash joins: who shares a key. Linear in the keys, never a loop over pairs of tenants. */
import type { Violation } from '../core/check.ts';
import type { Facts, PathFact, PathRole, TenantFacts } from '../core/facts.ts';
import type { TenantId } from '../core/words.ts';

/** Something a tenant has. Two tenants with an equal `key` share it; `where` is what people are shown. */
export interface Holding {
  readonly key: string;
  readonly where: string;
}

export interface Shared {
  readonly tenants: readonly [TenantId, ...TenantId[]];
  readonly evidence: readonly string[];
}

/** Groups of two or more tenants that hold an equal key. Several keys with the same holders become one group. */
export function sharedBy(tenants: readonly TenantFacts[], holdingsOf: (tenant: TenantFacts) => Iterable<Holding>): readonly Shared[] {
  const holders = new Map<string, Map<TenantId, string>>();
  for (const tenant of tenants) {
    for (const { key, where } of holdingsOf(tenant)) {
      const group = holders.get(key) ?? new Map<TenantId, string>();
      holders.set(key, group.set(tenant.tenant, where));
    }
  }
  const groups = new Map<string, { readonly tenants: readonly [TenantId, ...TenantId[]]; readonly evidence: Set<string> }>();
  for (const group of holders.values()) {
    const [first, ...rest] = group.keys();
    if (first === undefined || rest.length === 0) continue;
    const name = [first, ...rest].join('\0');
    const merged = groups.get(name) ?? { tenants: [first, ...rest] as const, evidence: new Set<string>() };
    for (const [tenant, where] of group) merged.evidence.add(`${tenant}: ${where}`);
    groups.set(name, merged);
  }
  return [...groups.values()].map(({ tenants: members, evidence }) => ({ tenants: members, evidence: [...evidence] }));
}

/** A group as a violation: `acme and globex share <what>`. */
export function sharing(group: Shared, what: string): Violation {
  return { tenants: group.tenants, message: `${names(group.tenants)} share ${what}`, evidence: group.evidence };
}

/** Names of up to four tenants, and how many more there are. */
export function names(tenants: readonly TenantId[]): string {
  if (tenants.length > 4) return `${tenants.slice(0, 3).join(', ')} and ${tenants.length - 3} more`;
  return tenants.length < 2 ? tenants.join('') : `${tenants.slice(0, -1).join(', ')} and ${tenants.at(-1)}`;
}

/** Tenants that have the same object in the given role: same real path, same device and inode, or same backing of a mount. */
export function sharedPaths(facts: Facts, role: PathRole): readonly Shared[] {
  return sharedBy(facts.tenants, (tenant) => pathsOf(tenant, role).flatMap((path) => identitiesOf(tenant, path)));
}

/** Paths of a tenant, all or those in one role; none when they are not known (`needs` has then spoken). */
export function pathsOf(tenant: TenantFacts, role?: PathRole): readonly PathFact[] {
  if (!tenant.paths.known) return [];
  return role === undefined ? tenant.paths.value : tenant.paths.value.filter((path) => path.role === role);
}

function identitiesOf(tenant: TenantFacts, path: PathFact): readonly Holding[] {
  const where = path.declared === path.real ? path.declared : `${path.declared} is ${path.real}`;
  const ids = [`real ${path.real}`, ...(path.identity === undefined ? [] : [`inode ${path.identity}`]), ...(path.backing === undefined ? [] : [`backing ${path.backing}`])];
  return ids.map((id) => ({ key: `${tenant.host} ${id}`, where }));
}

/** The path itself, then each directory above it, nearest first. */
export function* upwards(path: string): Iterable<string> {
  for (let at = path; at.length > 1; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) yield at;
}

/** Whether `path` is `root` or below it, by whole segments. */
export function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`);
}

export interface Crossing {
  readonly inner: { readonly tenant: TenantFacts; readonly path: PathFact };
  readonly outer: { readonly tenant: TenantFacts; readonly path: PathFact };
}

/** Paths of one tenant that lie at or below a path of another on the same host, by whatever text `placeOf` gives. */
export function* crossings(facts: Facts, placeOf: (path: PathFact) => string | undefined): Iterable<Crossing> {
  const owners = new Map<string, Map<TenantId, Crossing['outer']>>();
  for (const tenant of facts.tenants) {
    for (const path of pathsOf(tenant)) {
      const key = `${tenant.host} ${placeOf(path) ?? ''}`;
      const group = owners.get(key) ?? new Map<TenantId, Crossing['outer']>();
      if (!group.has(tenant.tenant)) group.set(tenant.tenant, { tenant, path });
      owners.set(key, group);
    }
  }
  for (const tenant of facts.tenants) {
    for (const path of pathsOf(tenant)) {
      const place = placeOf(path);
      if (place === undefined) continue;
      for (const above of upwards(place)) {
        // One other owner is enough to say so; the rest of a group is named by the check of the role they share.
        const outer = firstOther(owners.get(`${tenant.host} ${above}`), tenant.tenant);
        if (outer !== undefined) yield { inner: { tenant, path }, outer };
      }
    }
  }
}

function firstOther(group: ReadonlyMap<TenantId, Crossing['outer']> | undefined, tenant: TenantId): Crossing['outer'] | undefined {
  for (const [owner, outer] of group ?? []) if (owner !== tenant) return outer;
  return undefined;
}

/** A crossing as a violation. */
export function crossing({ inner, outer }: Crossing, how: string): Violation {
  return {
    tenants: [inner.tenant.tenant, outer.tenant.tenant],
    message: `the ${inner.path.role} of ${inner.tenant.tenant} ${how} the ${outer.path.role} of ${outer.tenant.tenant}`,
    evidence: [`${inner.tenant.tenant}: ${inner.path.declared} is ${inner.path.real}`, `${outer.tenant.tenant}: ${outer.path.declared} is ${outer.path.real}`],
  };
}
