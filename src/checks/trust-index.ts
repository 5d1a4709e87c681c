/** Trust questions about many tenants at once; core/trust.ts answers them for one pair or one tenant. */
import type { Relation } from '../core/fleet.ts';
import type { TrustMap } from '../core/trust.ts';
import { stricterTrust, type TenantId, type Trust } from '../core/words.ts';

export interface TrustIndex {
  /** The strictest trust a tenant meets among all others. */
  strictestOf(tenant: TenantId): Trust;
  /** The strictest trust between any two of a group; of its one member among all others. */
  strictestWithin(group: readonly TenantId[]): Trust;
}

export function indexTrust(map: TrustMap, tenants: readonly TenantId[]): TrustIndex {
  const relationsOf = new Map<TenantId, Relation[]>();
  for (const relation of map.relations) {
    for (const tenant of new Set(relation.between)) {
      const relations = relationsOf.get(tenant);
      if (relations === undefined) relationsOf.set(tenant, [relation]);
      else relations.push(relation);
    }
  }
  const strictestOf = (tenant: TenantId): Trust => {
    const relations = relationsOf.get(tenant) ?? [];
    const excepted = new Set(relations.flatMap((relation) => relation.between).filter((other) => other !== tenant));
    return fold(map.default, relations, tenants.length - 1 > excepted.size);
  };
  return {
    strictestOf,
    strictestWithin: (group) => {
      const members = new Set(group);
      const [only] = members;
      if (members.size === 1 && only !== undefined) return strictestOf(only);
      const candidates = new Set([...members].flatMap((tenant) => relationsOf.get(tenant) ?? []));
      const relations = [...candidates].filter((relation) => relation.between.filter((tenant) => members.has(tenant)).length > 1);
      return fold(map.default, relations, coversLess(members, relations));
    },
  };
}

function fold(byDefault: Trust, relations: readonly Relation[], someByDefault: boolean): Trust {
  const [first, ...rest] = relations;
  if (first === undefined) return byDefault;
  const strictest = rest.reduce((trust, relation) => stricterTrust(trust, relation.trust), first.trust);
  return someByDefault ? stricterTrust(strictest, byDefault) : strictest;
}

/** Whether at least one pair of the group is in no relation. Counts pairs only when the relations could cover them all. */
function coversLess(members: ReadonlySet<TenantId>, relations: readonly Relation[]): boolean {
  const all = (members.size * (members.size - 1)) / 2;
  const lists = relations.map((relation) => [...new Set(relation.between)].filter((tenant) => members.has(tenant)).toSorted());
  if (lists.reduce((sum, list) => sum + (list.length * (list.length - 1)) / 2, 0) < all) return true;
  if (lists.some((list) => list.length === members.size)) return false;
  const covered = new Set<string>();
  for (const list of lists) list.forEach((left, at) => list.slice(at + 1).forEach((right) => covered.add(`${left} ${right}`)));
  return covered.size < all;
}
