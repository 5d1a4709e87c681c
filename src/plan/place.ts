/** Proposes a host for every tenant from trust, rung, memory and disk. Pure; whoever can stay stays, and the same question has the same answer. */
import { gigabytes, type Proposal, type Room } from '../core/place.ts';
import { trustBetween, type TrustMap } from '../core/trust.ts';
import type { HostId, Rung, TenantId } from '../core/words.ts';

export interface PlaceTenant {
  readonly id: TenantId;
  /** Where the manifest has it. */
  readonly host: HostId;
  readonly rung: Rung;
  /** Memory that is kept free for it. */
  readonly needBytes: number;
  /** Its `limits.disk`; 0 without one. */
  readonly diskBytes: number;
}

export interface PlaceHost {
  readonly id: HostId;
  /** Absent where the host could not be asked. */
  readonly room?: Room;
  /** The machine that Bulkhead runs on. */
  readonly isControl: boolean;
}

export interface PlaceInput {
  readonly tenants: readonly PlaceTenant[];
  readonly hosts: readonly PlaceHost[];
  readonly trust: TrustMap;
}

/**
 * Never two adversaries on one machine, never anybody beside a tenant of the rung host, never more memory or disk than there is. First who stays: the
 * largest first. Then who moves, those that need a machine for themselves first. Of two in company, of whom one is to be alone, the one that is to be
 * alone moves; where it has nowhere to go, the others do. In the order of the tenants' names.
 */
export function proposePlaces(input: PlaceInput): readonly Proposal[] {
  let [tenants, proposals] = [input.tenants, proposeOnce(input)];
  const reasons = new Map<TenantId, string>();
  // Who moves makes room, and somebody who had nowhere to go may then have. It ends: each time somebody more has a place, or it is the last.
  for (let round = 0; round < input.tenants.length && proposals.some(isMove); round += 1) {
    for (const { tenant, why } of proposals.filter(isMove)) reasons.set(tenant, why);
    const to = new Map(proposals.map((proposal) => [proposal.tenant, proposal.to ?? proposal.from]));
    tenants = tenants.map((tenant) => ({ ...tenant, host: to.get(tenant.id) ?? tenant.host }));
    proposals = proposeOnce({ ...input, tenants });
  }
  const from = new Map(input.tenants.map(({ id, host }) => [id, host]));
  return proposals.map((proposal) => sinceStart(proposal, from.get(proposal.tenant) ?? proposal.from, reasons.get(proposal.tenant)));
}

function isMove({ action }: Proposal): boolean {
  return action === 'move';
}

function sinceStart(proposal: Proposal, from: HostId, reason: string | undefined): Proposal {
  const { to, why } = proposal;
  if (to === undefined) return { ...proposal, from };
  return { ...proposal, from, action: to === from ? 'stay' : 'move', why: to === from ? why : (reason ?? why) };
}

function proposeOnce(input: PlaceInput): readonly Proposal[] {
  const lost = (proposals: readonly Proposal[]): number => proposals.filter(({ action }) => action === 'nowhere').length;
  const proposals = propose(input, 'others');
  if (lost(proposals) === 0) return proposals;
  const yielding = propose(input, 'alone');
  return lost(yielding) < lost(proposals) ? yielding : proposals;
}

function propose({ tenants, hosts, trust }: PlaceInput, staysFirst: 'others' | 'alone'): readonly Proposal[] {
  const hostile = hostility(trust);
  const sorted = hosts.toSorted((left, right) => compare(left.id, right.id));
  const machines = new Map(sorted.map((host) => [host.id, new Machine(host, hostile)]));
  const proposals = new Map<TenantId, Proposal>();
  const ordered = tenants.toSorted(bySize);
  const [alone, others] = [ordered.filter(isAlone), ordered.filter((tenant) => !isAlone(tenant))];
  const whyNot = new Map<TenantId, string>();
  for (const tenant of staysFirst === 'others' ? [...others, ...alone] : [...alone, ...others]) {
    const machine = machines.get(tenant.host);
    const refusal = machine?.refusal(tenant) ?? (isAlone(tenant) && machine?.isControl === true && hosts.length > 1 ? FROM_HERE : undefined);
    if (machine === undefined || !machine.isKnown)
      proposals.set(tenant.id, { tenant: tenant.id, from: tenant.host, action: 'unknown', why: `host ${tenant.host} could not be asked` });
    else if (refusal !== undefined) whyNot.set(tenant.id, refusal);
    else {
      machine.take(tenant);
      proposals.set(tenant.id, { tenant: tenant.id, from: tenant.host, to: tenant.host, action: 'stay', why: machine.told(tenant) });
    }
  }
  for (const tenant of [...alone, ...others].filter(({ id }) => whyNot.has(id)))
    proposals.set(tenant.id, moved(tenant, [...machines.values()], whyNot.get(tenant.id) ?? ''));
  return tenants.flatMap(({ id }) => proposals.get(id) ?? []).toSorted((left, right) => compare(left.tenant, right.tenant));
}

const FROM_HERE = 'the fleet is administered from there';

/** The fullest machine that still has room, so that free ones stay free for who needs one alone; the one that administers the others last. */
function moved(tenant: PlaceTenant, machines: readonly Machine[], because: string): Proposal {
  const asked = machines.filter(({ isKnown }) => isKnown);
  const fitting = asked.filter((machine) => machine.refusal(tenant) === undefined);
  const [best] = fitting.toSorted(
    (left, right) =>
      Number(left.isControl && isAlone(tenant)) - Number(right.isControl && isAlone(tenant)) ||
      Number(left.isEmpty) - Number(right.isEmpty) ||
      left.freeBytes - right.freeBytes ||
      compare(left.id, right.id),
  );
  const from = tenant.host;
  // The last resort may be where it is.
  if (best?.id === from) {
    best.take(tenant);
    return { tenant: tenant.id, from, to: from, action: 'stay', why: `${because}, and no other host can take it` };
  }
  if (best === undefined) {
    const refusals = [...new Set(asked.map((machine) => `${machine.id}: ${machine.refusal(tenant)}`))];
    const unasked = machines.length - asked.length;
    const rest = unasked === 0 ? '' : `; ${unasked} could not be asked`;
    return { tenant: tenant.id, from, action: 'nowhere', why: `no host can take it (${refusals.join('; ')}${rest})` };
  }
  best.take(tenant);
  return { tenant: tenant.id, from, to: best.id, action: 'move', why: `${from}: ${because}; ${best.told(tenant)}` };
}

function isAlone({ rung }: PlaceTenant): boolean {
  return rung === 'host';
}

function bySize(left: PlaceTenant, right: PlaceTenant): number {
  return right.needBytes - left.needBytes || compare(left.id, right.id);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

type Hostile = (left: TenantId, right: TenantId) => boolean;

/** Nearly every fleet has no adversaries: then nobody is compared. */
function hostility(trust: TrustMap): Hostile | undefined {
  const declared = trust.default === 'adversarial' || trust.relations.some((relation) => relation.trust === 'adversarial');
  return declared ? (left, right) => trustBetween(trust, left, right) === 'adversarial' : undefined;
}

/** One host while it is filled. */
class Machine {
  readonly id: HostId;
  readonly isControl: boolean;
  readonly isKnown: boolean;
  readonly #hostile: Hostile | undefined;
  readonly #placed: PlaceTenant[] = [];
  #free: number;
  #freeDisk: number;

  constructor({ id, isControl, room }: PlaceHost, hostile: Hostile | undefined) {
    this.id = id;
    this.isControl = isControl;
    this.isKnown = room !== undefined;
    this.#hostile = hostile;
    this.#free = room?.memoryBytes ?? 0;
    this.#freeDisk = room?.diskBytes ?? 0;
  }

  get isEmpty(): boolean {
    return this.#placed.length === 0;
  }

  get freeBytes(): number {
    return this.#free;
  }

  /** Why it cannot take this tenant as well. */
  refusal(tenant: PlaceTenant): string | undefined {
    const [first] = this.#placed;
    if (first !== undefined && isAlone(tenant)) return `${first.id} is there, and it is to be alone`;
    if (first !== undefined && isAlone(first)) return `${first.id} is to be alone there`;
    const adversary = this.#hostile === undefined ? undefined : this.#placed.find(({ id }) => this.#hostile?.(id, tenant.id));
    if (adversary !== undefined) return `${adversary.id} is there, an adversary`;
    if (tenant.needBytes > this.#free) return `${gigabytes(this.#free)} of memory are free, ${gigabytes(tenant.needBytes)} are needed`;
    // Who has none promised may be where the disks of others promise all there is.
    if (tenant.diskBytes === 0 || tenant.diskBytes <= this.#freeDisk) return undefined;
    return `${gigabytes(this.#freeDisk)} of disk are not promised yet, ${gigabytes(tenant.diskBytes)} are needed`;
  }

  take(tenant: PlaceTenant): void {
    this.#placed.push(tenant);
    this.#free -= tenant.needBytes;
    this.#freeDisk -= tenant.diskBytes;
  }

  told(tenant: PlaceTenant): string {
    return isAlone(tenant)
      ? `${this.id} is its alone`
      : `${this.id} keeps ${gigabytes(tenant.needBytes)} for it and has ${gigabytes(this.#free)} left`;
  }
}
