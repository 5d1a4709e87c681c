/** The strictest trust of every tenant at once, in time linear in the tenants and the names in the relations. */
import type { TrustMap } from '../core/trust.ts';
import { stricterTrust, type TenantId, type Trust } from '../core/words.ts';

/** Equals `strictestTrust` of core/trust.ts for each tenant. */
export function strictestTrusts(map: TrustMap, tenants: readonly TenantId[]): ReadonlyMap<TenantId, Trust> {
  const relationsOf = new Map<TenantId, number[]>();
  map.relations.forEach((relation, index) => {
    for (const tenant of new Set(relation.between)) {
      const list = relationsOf.get(tenant) ?? [];
      list.push(index);
      relationsOf.set(tenant, list);
    }
  });
  // Tenants of the same relations meet the same others: one answer for all of them.
  const answers = new Map<string, Trust>();
  const strictest = new Map<TenantId, Trust>();
  for (const tenant of tenants) {
    const relations = relationsOf.get(tenant) ?? [];
    const key = relations.join(',');
    const answer = answers.get(key) ?? strictestAmong(map, tenants.length, relations);
    answers.set(key, answer);
    strictest.set(tenant, answer);
  }
  return strictest;
}

function strictestAmong(map: TrustMap, tenantCount: number, relations: readonly number[]): Trust {
  const together = new Set<TenantId>();
  let strictest: Trust | undefined;
  for (const index of relations) {
    const relation = map.relations[index];
    if (relation === undefined || new Set(relation.between).size < 2) continue;
    for (const other of relation.between) together.add(other);
    strictest = strictest === undefined ? relation.trust : stricterTrust(strictest, relation.trust);
  }
  if (strictest === undefined) return map.default;
  return tenantCount > together.size ? stricterTrust(strictest, map.default) : strictest;
}
