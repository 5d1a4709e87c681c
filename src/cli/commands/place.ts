/** `bulkhead place`: propose hosts for tenants from trust, rung, memory and disk. Reads only; moves nobody. */
import { strictestTrusts } from '../../blueprint/trust.ts';
import { EXIT_CODES } from '../../core/error.ts';
import type { Known } from '../../core/facts.ts';
import type { Fleet, Tenant } from '../../core/fleet.ts';
import { leastRung, type HostId, type Trust } from '../../core/words.ts';
import { askRoom, GATEWAY_BYTES } from '../../observe/room.ts';
import type { Proposal, Room } from '../../core/place.ts';
import { proposePlaces, type PlaceTenant } from '../../plan/place.ts';
import { printJson } from '../../report/escape.ts';
import { placeText, type PlacedHost, type PlacedTenant } from '../../report/place-text.ts';
import { action } from '../action.ts';
import type { CommonFlags } from '../flags.ts';
import { readFleet, withParts } from '../session.ts';

export interface PlaceFlags extends Pick<CommonFlags, 'file' | 'json'> {
  readonly atRest: boolean;
}

export const place = action(async (context, flags: PlaceFlags) => {
  const fleet = readFleet(context, flags.file ?? 'bulkhead.yaml');
  const rooms = await withParts(context, fleet, ({ hostOf }) =>
    Promise.all(fleet.hosts.map(async ({ id }): Promise<readonly [HostId, Known<Room>]> => [id, await askRoom(id, hostOf, context.signal)])),
  );
  const { placed, hosts } = propose(fleet, new Map(rooms), flags.atRest);
  const exitCode = exitCodeOf(placed);
  if (flags.json) {
    const document = {
      ok: exitCode === EXIT_CODES.ok,
      exitCode,
      tenants: placed.map(({ tenant, rung, trust, needBytes, diskBytes, from, to, action: proposed, why }) => ({
        tenant,
        rung,
        trust,
        needBytes,
        diskBytes,
        host: from,
        action: proposed,
        why,
        ...(to === undefined ? {} : { proposed: to }),
      })),
      hosts: hosts.map(({ host, room, tenants, free }) =>
        room.known
          ? {
              host,
              roomBytes: room.value.memoryBytes,
              freeBytes: free?.memoryBytes,
              diskBytes: room.value.diskBytes,
              freeDiskBytes: free?.diskBytes,
              tenants,
            }
          : { host, why: room.why, tenants },
      ),
    };
    context.print(`${printJson(document)}\n`);
  } else context.print(placeText(placed, hosts, { color: context.color, width: context.width }));
  return exitCode;
});

interface Proposed {
  readonly placed: readonly PlacedTenant[];
  readonly hosts: readonly PlacedHost[];
}

function propose(fleet: Fleet, rooms: ReadonlyMap<HostId, Known<Room>>, atRest: boolean): Proposed {
  const trust = { default: fleet.trust, relations: fleet.relations };
  const trusts = strictestTrusts(
    trust,
    fleet.tenants.map(({ id }) => id),
  );
  const tenants = fleet.tenants.map((tenant) => wishOf(tenant, trusts.get(tenant.id) ?? fleet.trust, atRest));
  const hosts = fleet.hosts.map(({ id }) => {
    const room = rooms.get(id);
    return { id, isControl: id === 'local', ...(room?.known === true ? { room: room.value } : {}) };
  });
  const proposals = proposePlaces({ tenants, hosts, trust });
  const wishes = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  const placed = proposals.flatMap((proposal): PlacedTenant[] => {
    const wish = wishes.get(proposal.tenant);
    return wish === undefined
      ? []
      : [{ ...proposal, rung: wish.rung, needBytes: wish.needBytes, diskBytes: wish.diskBytes, trust: trusts.get(wish.id) ?? fleet.trust }];
  });
  return { placed, hosts: [...rooms].map(([host, room]) => filled(host, room, placed)) };
}

/** What its limit lets it take, so that no tenant can take what was promised to another. */
function wishOf({ id, host, isolation, limits }: Tenant, trust: Trust, atRest: boolean): PlaceTenant {
  const needBytes = atRest ? GATEWAY_BYTES : Math.max(GATEWAY_BYTES, limits.memoryBytes);
  return { id, host, rung: isolation ?? leastRung(trust), needBytes, diskBytes: limits.diskBytes ?? 0 };
}

function filled(host: HostId, room: Known<Room>, placed: readonly PlacedTenant[]): PlacedHost {
  const here = placed.filter(({ to }) => to === host);
  const tenants = here.map(({ tenant }) => tenant);
  if (!room.known) return { host, room, tenants };
  const free = here.reduce(
    ({ memoryBytes, diskBytes }, taken) => ({ memoryBytes: memoryBytes - taken.needBytes, diskBytes: diskBytes - taken.diskBytes }),
    room.value,
  );
  return { host, room, tenants, free };
}

function exitCodeOf(proposals: readonly Proposal[]): number {
  if (proposals.some(({ action: proposed }) => proposed === 'unknown')) return EXIT_CODES.unverified;
  return proposals.some(({ action: proposed }) => proposed !== 'stay') ? EXIT_CODES.findings : EXIT_CODES.ok;
}
