/** Names of what is made on a host for a tenant. Different tenants never get one name; every name starts with the instance. */
import { createHash } from 'node:crypto';
import type { OsUser } from '../core/blueprint.ts';
import type { TenantId } from '../core/words.ts';

/** Longest user name that useradd(8) takes is 32; systemd unit names and cgroups carry it too. */
const LONGEST_USER = 31;
/** IFNAMSIZ is 16 with its NUL (netdevice(7)). */
const LONGEST_LINK = 15;
const HASH_DIGITS = 6;

/** OS user, network namespace, cgroup and unit. */
export function userName(instance: string, tenant: TenantId): string {
  return shorten(instance, tenant, LONGEST_USER, 14);
}

/** Host end of the tenant's veth pair. */
export function linkName(instance: string, tenant: TenantId): string {
  const kept = LONGEST_LINK - instance.length - HASH_DIGITS - 2;
  return shorten(instance, tenant, LONGEST_LINK, kept);
}

export function osUser(instance: string, tenant: TenantId): OsUser {
  const name = userName(instance, tenant);
  return { name, namespace: name, link: linkName(instance, tenant) };
}

/**
 * The plain form when it fits, else a beginning and a hash. A tenant could be called like another's hashed form, so what looks like one
 * is hashed as well.
 */
function shorten(instance: string, tenant: TenantId, longest: number, kept: number): string {
  const plain = `${instance}-${tenant}`;
  if (plain.length <= longest && !/-[0-9a-f]{6}$/.test(plain)) return plain;
  const hash = createHash('sha256').update(tenant).digest('hex').slice(0, HASH_DIGITS);
  const beginning = tenant.slice(0, Math.max(kept, 0)).replace(/-+$/, '');
  return [instance, beginning, hash].filter((part) => part !== '').join('-');
}
