/** Ports that meet on a loopback which several gateways share, found by sweeps in the order of their first ports: never a loop over pairs. */
import type { Facts, HostFacts, TenantFacts } from '../core/facts.ts';
import type { TenantId } from '../core/words.ts';
import { takenPorts } from '../openclaw/ports.ts';
import { remembered } from './join.ts';

/** A stretch of ports of one tenant. `address`: `loopback`, `any`, or one of the host's. */
export interface Held {
  readonly tenant: TenantId;
  readonly kind: 'block' | 'fallback' | 'debugging' | 'service' | 'published';
  readonly label: string;
  readonly address: string;
  readonly first: number;
  readonly last: number;
  /** What selected its base port. */
  readonly baseFrom: string;
}

export interface Meeting {
  readonly left: Held;
  readonly right: Held;
}

/** Network namespace, with its host → everything that tenants take or may take in it. A namespace of one tenant's own is left out. */
export const portsByNamespace = remembered((facts): ReadonlyMap<string, readonly Held[]> => {
  const hosts = new Map(facts.hosts.map((host) => [host.host, host]));
  const byNamespace = new Map<string, Held[]>();
  for (const tenant of facts.tenants) {
    for (const { namespace, ...held } of portsOf(tenant, hosts.get(tenant.host))) {
      const key = `${tenant.host} ${namespace}`;
      const here = byNamespace.get(key);
      if (here === undefined) byNamespace.set(key, [held]);
      else here.push(held);
    }
  }
  return byNamespace;
});

/** What one tenant takes, by namespace; its published port lies in the host's. */
export function portsOf({ tenant, ports, settings }: TenantFacts, host: HostFacts | undefined): readonly (Held & { readonly namespace: string })[] {
  if (!ports.known || !settings.known) return [];
  const { namespace, published } = ports.value;
  const outer = hostNamespace(host);
  const { port } = settings.value.network;
  const held: (Held & { readonly namespace: string })[] = [];
  if (namespace !== 'own')
    for (const { kind, label, address, first, last } of takenPorts(settings.value))
      held.push({ tenant, kind, label, address, first, last, baseFrom: port.from, namespace });
  // A gateway on the host itself has no other port that leads to it.
  if (outer !== namespace && published !== undefined)
    held.push({
      tenant,
      kind: 'published',
      label: 'published port',
      address: 'loopback',
      first: published,
      last: published,
      baseFrom: 'lease',
      namespace: outer,
    });
  return held;
}

/** Inode of the host's own network namespace, or `host` before anything is looked at: what declared facts say too. */
export function hostNamespace(host: HostFacts | undefined): string {
  return host?.kernel.known === true ? (host.kernel.value.namespaces['net'] ?? 'host') : 'host';
}

/**
 * Stretches of two tenants that share a port, one of them `isLeft` and the other `isRight`. Each is told with the widest one before it that
 * reaches into it: all that meet are named, not all pairs of them.
 */
export function* meetings(facts: Facts, isLeft: (held: Held) => boolean, isRight: (held: Held) => boolean): Iterable<Meeting> {
  for (const all of portsByNamespace(facts).values()) {
    const told = new Set<string>();
    for (const here of byAddress(all)) {
      for (const meeting of sweep(here, isLeft, isRight)) {
        const key = [meeting.left, meeting.right].map(({ tenant, first, last }) => `${tenant} ${first} ${last}`).join(' ');
        if (!told.has(key)) yield meeting;
        told.add(key);
      }
    }
  }
}

/** Listeners on two addresses do not meet; one on every address meets all. */
function byAddress(all: readonly Held[]): readonly (readonly Held[])[] {
  const addresses = new Set(all.map(({ address }) => address).filter((address) => address !== 'any'));
  if (addresses.size < 2) return [all];
  return [...addresses].map((wanted) => all.filter(({ address }) => address === wanted || address === 'any'));
}

function* sweep(all: readonly Held[], isLeft: (held: Held) => boolean, isRight: (held: Held) => boolean): Iterable<Meeting> {
  const [lefts, rights] = [new Widest(), new Widest()];
  for (const held of all.toSorted((one, other) => one.first - other.first)) {
    const [asLeft, asRight] = [isLeft(held), isRight(held)];
    const before = (asLeft ? rights.reaching(held) : undefined) ?? (asRight ? lefts.reaching(held) : undefined);
    if (before !== undefined) yield { left: before, right: held };
    if (asLeft) lefts.add(held);
    if (asRight) rights.add(held);
  }
}

/** The two stretches of different tenants that reach furthest. */
class Widest {
  #first: Held | undefined;
  #second: Held | undefined;

  add(held: Held): void {
    if (this.#first === undefined || held.last >= this.#first.last) {
      if (this.#first !== undefined && this.#first.tenant !== held.tenant) this.#second = this.#first;
      this.#first = held;
    } else if (held.tenant !== this.#first.tenant && (this.#second === undefined || held.last >= this.#second.last)) this.#second = held;
  }

  /** One of another tenant that reaches into it. */
  reaching({ tenant, first }: Held): Held | undefined {
    const other = this.#first?.tenant === tenant ? this.#second : this.#first;
    return other !== undefined && other.last >= first ? other : undefined;
  }
}

/** `acme: 20000-20110, gateway and its derived ports`. */
export function portsText({ tenant, first, last, label }: Held): string {
  return `${tenant}: ${first === last ? first : `${first}-${last}`}, ${label}`;
}
