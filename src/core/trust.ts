/** Trust between tenants: the fleet's default, exceptions per pair, and the strictest a tenant meets. */
import type { Relation } from './fleet.ts';
import { stricterTrust, type TenantId, type Trust } from './words.ts';

/** The trust part of a fleet; facts carry it too, so that checks need no manifest. */
export interface TrustMap {
  readonly default: Trust;
  readonly relations: readonly Relation[];
}

/** Trust between two tenants. Several matching exceptions: the strictest counts. */
export function trustBetween(map: TrustMap, left: TenantId, right: TenantId): Trust {
  const matching = map.relations.filter((relation) => relation.between.includes(left) && relation.between.includes(right));
  const first = matching[0];
  if (first === undefined) return map.default;
  return matching.reduce((strictest, relation) => stricterTrust(strictest, relation.trust), first.trust);
}

/** The strictest trust a tenant meets among the others; the fleet's default when it is alone. Linear in its relations. */
export function strictestTrust(map: TrustMap, tenant: TenantId, tenants: readonly TenantId[]): Trust {
  const excepted = new Set<TenantId>();
  let strictest: Trust | undefined;
  for (const relation of map.relations) {
    if (!relation.between.includes(tenant)) continue;
    for (const other of relation.between) {
      if (other === tenant || excepted.has(other)) continue;
      excepted.add(other);
      const trust = trustBetween(map, tenant, other);
      strictest = strictest === undefined ? trust : stricterTrust(strictest, trust);
    }
  }
  const othersByDefault = tenants.length - 1 - excepted.size;
  if (strictest === undefined || othersByDefault > 0) strictest = strictest === undefined ? map.default : stricterTrust(strictest, map.default);
  return strictest;
}
