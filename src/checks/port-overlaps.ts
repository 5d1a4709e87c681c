/** Overlapping port blocks on a loopback that several gateways share, found by one sweep in the order of their first ports. */
import type { Facts } from '../core/facts.ts';
import type { TenantId } from '../core/words.ts';
import { derivedPorts } from '../openclaw/ports.ts';

export interface Block {
  readonly tenant: TenantId;
  readonly first: number;
  readonly last: number;
}

/** Each block with the widest one before it that reaches into it: every cluster is named, without a loop over pairs. */
export function* overlaps(facts: Facts): Iterable<{ readonly left: Block; readonly right: Block }> {
  for (const blocks of blocksByLoopback(facts).values()) {
    let widest: Block | undefined;
    for (const block of blocks.toSorted((left, right) => left.first - right.first)) {
      if (widest !== undefined && widest.last >= block.first) yield { left: widest, right: block };
      if (widest === undefined || block.last >= widest.last) widest = block;
    }
  }
}

function blocksByLoopback(facts: Facts): ReadonlyMap<string, readonly Block[]> {
  const loopbacks = new Map<string, Block[]>();
  for (const { tenant, host, ports, declared } of facts.tenants) {
    if (!ports.known || ports.value.namespace === 'own') continue;
    const key = `${host} ${ports.value.namespace}`;
    const blocks = loopbacks.get(key) ?? [];
    blocks.push({ tenant, first: declared.gatewayPort, last: derivedPorts(declared.gatewayPort).debugging.last });
    loopbacks.set(key, blocks);
  }
  return loopbacks;
}
