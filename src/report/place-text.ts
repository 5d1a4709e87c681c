/** A proposal of `bulkhead place` as a plan to read. */
import type { Known } from '../core/facts.ts';
import type { HostId, Rung, TenantId, Trust } from '../core/words.ts';
import { gigabytes, type Proposal, type Room } from '../core/place.ts';
import { escapeForTerminal } from './escape.ts';
import { count, palette, table, wrap, type PrintOptions } from './layout.ts';

export interface PlacedTenant extends Proposal {
  readonly rung: Rung;
  readonly trust: Trust;
  readonly needBytes: number;
  /** 0 without `limits.disk`. */
  readonly diskBytes: number;
}

export interface PlacedHost {
  readonly host: HostId;
  readonly room: Known<Room>;
  /** With the proposal followed. */
  readonly tenants: readonly TenantId[];
  readonly free?: Room;
}

export function placeText(tenants: readonly PlacedTenant[], hosts: readonly PlacedHost[], { color, width }: PrintOptions): string {
  const paint = palette(color);
  const disks = tenants.some(({ diskBytes }) => diskBytes > 0);
  const heading = ['tenant', 'rung', 'trust', 'needs', ...(disks ? ['disk'] : []), 'host', 'proposed'];
  const rows = tenants.map(({ tenant, rung, trust, needBytes, diskBytes, from, to, action }) => [
    escapeForTerminal(tenant),
    rung,
    trust,
    gigabytes(needBytes),
    ...(disks ? [diskBytes === 0 ? '-' : gigabytes(diskBytes)] : []),
    escapeForTerminal(from),
    action === 'stay' ? 'stays' : action === 'move' ? paint.doubt(escapeForTerminal(to ?? '')) : paint.bad(action),
  ]);
  const reasons = tenants
    .filter(({ action }) => action !== 'stay')
    .flatMap(({ tenant, why }) => wrap(escapeForTerminal(why), width, `  ${escapeForTerminal(tenant)}: `, '    '));
  const machines = hosts.map(({ host, room, tenants: here, free }) => [
    escapeForTerminal(host),
    room.known ? gigabytes(room.value.memoryBytes) : paint.bad('unknown'),
    free === undefined ? '-' : gigabytes(free.memoryBytes),
    ...(disks ? [room.known ? gigabytes(room.value.diskBytes) : '-', free === undefined ? '-' : gigabytes(free.diskBytes)] : []),
    String(here.length),
  ]);
  const unasked = hosts.flatMap(({ host, room }) =>
    room.known ? [] : wrap(escapeForTerminal(room.why), width, `  ${escapeForTerminal(host)}: `, '    '),
  );
  return `${[
    ...table([heading, ...rows], ''),
    ...reasons,
    '',
    ...table([['host', 'room', 'left', ...(disks ? ['disk', 'left'] : []), 'tenants'], ...machines], ''),
    ...unasked,
    '',
    ...conclusion(tenants),
  ].join('\n')}\n`;
}

function conclusion(tenants: readonly PlacedTenant[]): readonly string[] {
  const moves = tenants.filter(({ action }) => action === 'move');
  const lost = tenants.filter(({ action }) => action === 'nowhere').length;
  const short = tenants.some(({ diskBytes }) => diskBytes > 0) ? 'memory or limits.disk' : 'memory';
  const shortage = lost === 0 ? [] : [`${count(lost, 'tenant')} cannot be placed: add a host under hosts, or lower limits.${short}.`];
  if (moves.length === 0) return shortage.length === 0 ? ['Nothing is proposed: every tenant can stay where the manifest has it.'] : shortage;
  return [
    ...shortage,
    'Nothing was moved. To follow the proposal, write into the manifest:',
    ...moves.map(({ tenant, to = '' }) => `  ${escapeForTerminal(tenant)}: { host: ${escapeForTerminal(to)} }`),
    'State stays where it is: back a built tenant up first, remove it on its old host, and apply.',
  ];
}
