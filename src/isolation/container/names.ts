/** The names, labels and addresses of one tenant's container, derived from its blueprint. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import { addressesOf, markOf, userOf } from '../os-user/names.ts';
import type { OsUserObserved } from '../os-user/observer.ts';

/** Label by which our containers and networks are told from others'; its value names state directory and tenant. */
export const MARK_LABEL = 'org.bulkhead.mark';

/** Container and network have the name of the tenant's user, the bridge that of its link. */
export function containerName(blueprint: Blueprint): string {
  return userOf(blueprint).name;
}

export function labels(blueprint: Blueprint, layout: Layout): readonly string[] {
  const all = { [MARK_LABEL]: markOf(blueprint, layout), 'org.bulkhead.instance': layout.instance, 'org.bulkhead.tenant': blueprint.tenant };
  return Object.entries(all).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
}

/** The network that holds the bridge and the container, and nothing else. */
export function subnetOf(observed: OsUserObserved): { readonly subnet: string; readonly gateway: string; readonly inside: string } {
  const { host, inside } = addressesOf(observed);
  const [, network = '', last = ''] = /^(.*)\.(\d+)$/.exec(host) ?? [];
  return { subnet: `${network}.${Number(last) - 1}/30`, gateway: host, inside };
}
