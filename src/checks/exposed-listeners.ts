/** Listeners of a tenant that others reach, from the sockets of a host: on a loopback with several tenants, or beyond it. */
import type { Violation } from '../core/check.ts';
import type { PortBlock } from '../core/blueprint.ts';
import { hostOf } from '../core/endpoint.ts';
import type { Facts } from '../core/facts.ts';
import type { Settings } from '../core/settings.ts';
import { sharedBy } from './join.ts';

/** `portsOf`: where a tenant's listeners of this kind are. What listens there counts as the tenant's own. */
export function* exposedListeners(facts: Facts, what: string, portsOf: (settings: Settings) => readonly PortBlock[]): Iterable<Violation> {
  const crowded = sharedBy(facts.tenants, ({ host, ports }) =>
    ports.known && ports.value.namespace !== 'own' ? [{ key: `${host} ${ports.value.namespace}`, where: '' }] : [],
  );
  const shared = new Set(crowded.flatMap(({ tenants }) => tenants));
  const sockets = new Map(facts.hosts.map(({ host, sockets: seen }) => [host, seen.known ? seen.value : []]));
  for (const { tenant, host, ports, settings } of facts.tenants) {
    if (!ports.known || !settings.known) continue;
    const blocks = portsOf(settings.value);
    const open = (sockets.get(host) ?? []).filter(
      ({ namespace, port, address }) =>
        namespace === ports.value.namespace &&
        blocks.some(({ first, last }) => first <= port && port <= last) &&
        (shared.has(tenant) || hostOf(address) !== 'loopback'),
    );
    if (open.length > 0)
      yield {
        tenants: [tenant],
        message: `${what} of ${tenant} is open to others`,
        evidence: open.slice(0, 20).map(({ address, port, uid }) => `${address}:${port} of uid ${uid}`),
      };
  }
}
