/** Hash joins: who shares a key. Linear in the keys, never a loop over pairs of tenants. */
import type { Violation } from '../core/check.ts';
import type { Facts, PathFact, PathRole, TenantFacts } from '../core/facts.ts';
import type { HostId, TenantId } from '../core/words.ts';

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
  // Nearly every key has one holder: a map for each of them would cost more than everything else.
  const first = new Map<string, { readonly tenant: TenantId; readonly where: string }>();
  const holders = new Map<string, Map<TenantId, string>>();
  for (const tenant of tenants) {
    for (const { key, where } of holdingsOf(tenant)) {
      const before = first.get(key);
      if (before === undefined) first.set(key, { tenant: tenant.tenant, where });
      else if (before.tenant !== tenant.tenant) {
        const group = holders.get(key) ?? new Map([[before.tenant, before.where]]);
        holders.set(key, group.set(tenant.tenant, where));
      }
    }
  }
  const groups = new Map<string, { readonly tenants: readonly [TenantId, ...TenantId[]]; readonly evidence: Set<string> }>();
  for (const group of holders.values()) {
    const [one, ...rest] = group.keys();
    if (one === undefined) continue;
    const name = [one, ...rest].join('\0');
    const merged = groups.get(name) ?? { tenants: [one, ...rest] as const, evidence: new Set<string>() };
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
  const ids = [
    `real ${path.real}`,
    ...(path.identity === undefined ? [] : [`inode ${path.identity}`]),
    ...(path.backing === undefined ? [] : [`backing ${path.backing}`]),
  ];
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
  // One other owner is enough to say so; the rest of a group is named by the check of the role they share.
  const owners = new Map<HostId, Map<string, { readonly one: Crossing['outer']; other?: Crossing['outer'] }>>();
  for (const tenant of facts.tenants) {
    const here = owners.get(tenant.host) ?? new Map<string, { readonly one: Crossing['outer']; other?: Crossing['outer'] }>();
    owners.set(tenant.host, here);
    for (const path of pathsOf(tenant)) {
      const place = placeOf(path);
      const before = place === undefined ? undefined : here.get(place);
      if (place !== undefined && before === undefined) here.set(place, { one: { tenant, path } });
      else if (before !== undefined && before.one.tenant !== tenant) before.other ??= { tenant, path };
    }
  }
  for (const tenant of facts.tenants) {
    const here = owners.get(tenant.host);
    for (const path of pathsOf(tenant)) {
      for (const above of upwards(placeOf(path) ?? '')) {
        const found = here?.get(above);
        const outer = found?.one.tenant === tenant ? found.other : found?.one;
        if (outer !== undefined) yield { inner: { tenant, path }, outer };
      }
    }
  }
}

/** A crossing as a violation. */
export function crossing({ inner, outer }: Crossing, how: string): Violation {
  return {
    tenants: [inner.tenant.tenant, outer.tenant.tenant],
    message: `the ${inner.path.role} of ${inner.tenant.tenant} ${how} the ${outer.path.role} of ${outer.tenant.tenant}`,
    evidence: [
      `${inner.tenant.tenant}: ${inner.path.declared} is ${inner.path.real}`,
      `${outer.tenant.tenant}: ${outer.path.declared} is ${outer.path.real}`,
    ],
  };
}
