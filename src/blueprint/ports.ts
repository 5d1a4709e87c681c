/** Leases each tenant a whole block of ports on its host. Pure: what is busy is told, not looked up. */
import type { PortBlock } from '../core/blueprint.ts';
import type { HostId, TenantId } from '../core/words.ts';
import { BLOCK_SIZE, blockOf, HIGHEST_BASE } from '../openclaw/ports.ts';

/** The allocator's own range starts here, above what daemons usually take; a pinned port may lie lower. */
export const FIRST_BASE = 20_000;
const LOWEST_PINNED = 1024;

export interface AllocatePorts {
  /** `port` pins the base. Tenants of different hosts may have the same block; without `host` they share one. */
  readonly tenants: readonly { readonly id: TenantId; readonly port?: number; readonly host?: HostId }[];
  /** Remembered leases. Those of tenants that are not listed keep their block too: they may still run. */
  readonly leases: ReadonlyMap<TenantId, PortBlock>;
  /** Ports that the kernel gives to outgoing connections, inclusive. */
  readonly ephemeral: PortBlock;
  /** Ports that somebody else listens on. A remembered lease is kept all the same: its own gateway may be the listener. */
  readonly busy: ReadonlySet<number>;
}

export type Allocation =
  | { readonly ok: true; readonly leases: ReadonlyMap<TenantId, PortBlock> }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Pinned ports first, then remembered leases, then the lowest free blocks in the order given. */
export function allocatePorts(input: AllocatePorts): Allocation {
  const problems: string[] = [];
  const leases = new Map<TenantId, PortBlock>();
  const listed = new Set(input.tenants.map((tenant) => tenant.id));
  const retired = [...input.leases].filter(([tenant]) => !listed.has(tenant));
  for (const tenants of byHost(input.tenants).values()) {
    const taken = new Taken();
    for (const tenant of tenants) {
      if (tenant.port === undefined) continue;
      const kept = input.leases.get(tenant.id)?.first === tenant.port;
      const problem = pinProblem(tenant.port, input, kept) ?? taken.claim(tenant.id, blockOf(tenant.port));
      if (problem === undefined) leases.set(tenant.id, blockOf(tenant.port));
      else problems.push(`${tenant.id}: port ${tenant.port} ${problem}`);
    }
    const remembered = tenants.filter((tenant) => tenant.port === undefined).map((tenant) => [tenant.id, input.leases.get(tenant.id)] as const);
    for (const [tenant, block] of [...retired, ...remembered]) {
      if (block === undefined) continue;
      const problem = taken.claim(tenant, block);
      if (problem !== undefined) problems.push(`${tenant}: its remembered block ${block.first}-${block.last} ${problem}`);
      else if (listed.has(tenant)) leases.set(tenant, block);
    }
    problems.push(...leaseNew(tenants, leases, taken, input));
  }
  return problems.length === 0 ? { ok: true, leases } : { ok: false, problems };
}

function leaseNew(tenants: AllocatePorts['tenants'], leases: Map<TenantId, PortBlock>, taken: Taken, input: AllocatePorts): string[] {
  let base = FIRST_BASE;
  for (const tenant of tenants) {
    if (tenant.port !== undefined || leases.has(tenant.id) || input.leases.has(tenant.id)) continue;
    while (
      base <= HIGHEST_BASE &&
      (overlaps(blockOf(base), input.ephemeral) || isBusy(blockOf(base), input.busy) || taken.holder(blockOf(base)) !== undefined)
    ) {
      base += BLOCK_SIZE;
    }
    // One message: the next tenants fare no better.
    if (base > HIGHEST_BASE)
      return [
        `${tenant.id}: no block of ${BLOCK_SIZE} ports is free between ${FIRST_BASE} and ${HIGHEST_BASE + BLOCK_SIZE - 1} outside ${input.ephemeral.first}-${input.ephemeral.last}`,
      ];
    taken.claim(tenant.id, blockOf(base));
    leases.set(tenant.id, blockOf(base));
  }
  return [];
}

function pinProblem(port: number, { ephemeral, busy }: AllocatePorts, kept: boolean): string | undefined {
  const block = blockOf(port);
  if (!Number.isInteger(port) || port < LOWEST_PINNED) return `is below ${LOWEST_PINNED}`;
  if (port > HIGHEST_BASE) return `is above ${HIGHEST_BASE}: its derived ports would leave the range or fall on another gateway's`;
  if (overlaps(block, ephemeral))
    return `has a block (${block.first}-${block.last}) within the ports of outgoing connections, ${ephemeral.first}-${ephemeral.last}`;
  if (!kept && busy.has(port)) return 'is in use on the host';
  return undefined;
}

function byHost(tenants: AllocatePorts['tenants']): ReadonlyMap<HostId, AllocatePorts['tenants']> {
  return Map.groupBy(tenants, (tenant) => tenant.host ?? 'local');
}

function overlaps(left: PortBlock, right: PortBlock): boolean {
  return left.first <= right.last && right.first <= left.last;
}

function isBusy(block: PortBlock, busy: ReadonlySet<number>): boolean {
  if (busy.size === 0) return false;
  for (let port = block.first; port <= block.last; port += 1) if (busy.has(port)) return true;
  return false;
}

/** Blocks in use on one host. Filed by hundreds of ports, so that a question looks at few of them. */
class Taken {
  readonly #cells = new Map<number, { readonly tenant: TenantId; readonly block: PortBlock }[]>();

  /** Takes the block, or says who has it. */
  claim(tenant: TenantId, block: PortBlock): string | undefined {
    const holder = this.holder(block);
    if (holder !== undefined) return `overlaps the block ${holder.block.first}-${holder.block.last} of ${holder.tenant}`;
    for (const cell of cellsOf(block)) this.#cells.set(cell, [...(this.#cells.get(cell) ?? []), { tenant, block }]);
    return undefined;
  }

  holder(block: PortBlock): { readonly tenant: TenantId; readonly block: PortBlock } | undefined {
    for (const cell of cellsOf(block)) {
      const found = this.#cells.get(cell)?.find((entry) => overlaps(entry.block, block));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function cellsOf(block: PortBlock): readonly number[] {
  const cells: number[] = [];
  for (let cell = Math.floor(block.first / BLOCK_SIZE); cell <= Math.floor(block.last / BLOCK_SIZE); cell += 1) cells.push(cell);
  return cells;
}
