/** Leases a port block for each tenant: remembered ones stay, new ones are those that nobody has on the tenant's host. */
import { allocatePorts } from '../blueprint/ports.ts';
import type { PortBlock } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { Fleet } from '../core/fleet.ts';
import type { Host } from '../core/host.ts';
import type { HostId, TenantId } from '../core/words.ts';
import { listeningPorts } from '../hosts/listening.ts';
import { askBusyPorts } from '../hosts/run-program.ts';
import type { PortLease } from '../state/port-leases.ts';

export interface LeasePorts {
  readonly tenants: Fleet['tenants'];
  readonly remembered: ReadonlyMap<TenantId, PortLease>;
  hostOf(host: HostId): Host;
  readonly signal: AbortSignal;
}

export interface LeasedPorts {
  readonly leases: ReadonlyMap<TenantId, PortBlock>;
  /** New tenants of hosts that could not be asked: their blocks may be taken there, and are not to be remembered. */
  readonly guessed: ReadonlySet<TenantId>;
}

const MAX_TRIES = 20;
/** The kernel's default (Documentation/networking/ip-sysctl.rst), for a host that cannot be asked. */
const USUAL_EPHEMERAL: PortBlock = { first: 32_768, last: 60_999 };

/** Writes nothing: `apply` remembers what it builds. Throws BulkheadError `manifest` when blocks clash or none is left. */
export async function leasePorts({ tenants, remembered, hostOf, signal }: LeasePorts): Promise<LeasedPorts> {
  const hosts = [...Map.groupBy(tenants, ({ host }) => host)];
  const leased = await Promise.all(
    hosts.map(async ([id, here]): Promise<LeasedPorts> => {
      // Blocks of another machine are free on this one; of a tenant that has moved, a new one is looked for.
      const ask = { tenants: here, remembered: new Map([...remembered].filter(([, lease]) => (lease.host ?? 'local') === id)) };
      if (id === 'local') return { leases: await leaseHere(ask, hostOf(id), signal), guessed: new Set() };
      return await leaseThere(ask, () => hostOf(id), signal);
    }),
  );
  return { leases: new Map(leased.flatMap(({ leases }) => [...leases])), guessed: new Set(leased.flatMap(({ guessed }) => [...guessed])) };
}

type Ask = Pick<LeasePorts, 'tenants' | 'remembered'>;

async function leaseHere({ tenants, remembered }: Ask, host: Host, signal: AbortSignal): Promise<ReadonlyMap<TenantId, PortBlock>> {
  const busy = new Set<number>();
  // Node of the CLI itself: on a bare host the install is not there yet.
  const ask = (ports: readonly number[]) => askBusyPorts(host, process.execPath, ports, signal);
  const { ephemeral } = await ask([]);
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const leases = allocate({ tenants, remembered }, ephemeral, busy);
    const fresh = [...leases].filter(([tenant]) => !remembered.has(tenant)).flatMap(([, block]) => portsOf(block));
    if (fresh.length === 0) return leases;
    const answer = await ask(fresh);
    if (answer.busy.length === 0) return leases;
    for (const port of answer.busy) busy.add(port);
  }
  throw new BulkheadError('host', `no free block of ports was found on ${host.id} in ${MAX_TRIES} tries`, 'see what listens with: ss -ltn');
}

/** Another machine is asked only for tenants that are new on it; one that does not answer keeps nobody from working on the others. */
async function leaseThere({ tenants, remembered }: Ask, hostOf: () => Host, signal: AbortSignal): Promise<LeasedPorts> {
  const fresh = tenants.filter(({ id }) => !remembered.has(id)).map(({ id }) => id);
  if (fresh.length === 0) return { leases: allocate({ tenants, remembered }, USUAL_EPHEMERAL, new Set()), guessed: new Set() };
  try {
    const { busy, ephemeral } = await listeningPorts(hostOf(), signal);
    return { leases: allocate({ tenants, remembered }, ephemeral, new Set(busy)), guessed: new Set() };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof BulkheadError) || error.code !== 'host') throw error;
    return { leases: allocate({ tenants, remembered }, USUAL_EPHEMERAL, new Set()), guessed: new Set(fresh) };
  }
}

function allocate({ tenants, remembered }: Ask, ephemeral: PortBlock, busy: ReadonlySet<number>): ReadonlyMap<TenantId, PortBlock> {
  const allocated = allocatePorts({ tenants, leases: remembered, ephemeral, busy });
  if (allocated.ok) return allocated.leases;
  throw new BulkheadError('manifest', allocated.problems.join('\n'), 'change or leave out the port of one of them');
}

function portsOf(block: PortBlock): number[] {
  return Array.from({ length: block.last - block.first + 1 }, (_, index) => block.first + index);
}
