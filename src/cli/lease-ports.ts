/** Leases a port block for each tenant: remembered ones stay, new ones are tried on 127.0.0.1 and ::1 first. */
import { allocatePorts } from '../blueprint/ports.ts';
import type { Layout, PortBlock } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { Fleet } from '../core/fleet.ts';
import type { Host } from '../core/host.ts';
import type { TenantId } from '../core/words.ts';
import { askBusyPorts } from '../hosts/run-program.ts';

export interface LeasePorts {
  readonly fleet: Fleet;
  readonly layout: Layout;
  readonly remembered: ReadonlyMap<TenantId, PortBlock>;
  readonly host: Host;
  readonly signal: AbortSignal;
}

const MAX_TRIES = 20;

/** Writes nothing: `apply` remembers what it builds. Throws BulkheadError `manifest` when blocks clash or none is left. */
export async function leasePorts({ fleet, remembered, host, signal }: LeasePorts): Promise<ReadonlyMap<TenantId, PortBlock>> {
  const busy = new Set<number>();
  // Node of the CLI itself: on a bare host the install is not there yet.
  const ask = (ports: readonly number[]) => askBusyPorts(host, process.execPath, ports, signal);
  const { ephemeral } = await ask([]);
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const allocated = allocatePorts({ tenants: fleet.tenants, leases: remembered, ephemeral, busy });
    if (!allocated.ok) throw new BulkheadError('manifest', allocated.problems.join('\n'), 'change or leave out the port of one of them');
    const fresh = [...allocated.leases].filter(([tenant]) => !remembered.has(tenant)).flatMap(([, block]) => portsOf(block));
    if (fresh.length === 0) return allocated.leases;
    const answer = await ask(fresh);
    if (answer.busy.length === 0) return allocated.leases;
    for (const port of answer.busy) busy.add(port);
  }
  throw new BulkheadError('host', `no free block of ports was found on ${host.id} in ${MAX_TRIES} tries`, 'see what listens with: ss -ltn');
}

function portsOf(block: PortBlock): number[] {
  return Array.from({ length: block.last - block.first + 1 }, (_, index) => block.first + index);
}
