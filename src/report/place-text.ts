/** A proposal of `bulkhead place` as a plan to read. */
import type { Known } from '../core/facts.ts';
import type { HostId, Rung, TenantId, Trust } from '../core/words.ts';
import { gigabytes, type Proposal } from '../core/place.ts';
import { escapeForTerminal } from './escape.ts';
import { count, palette, table, wrap, type PrintOptions } from './layout.ts';

export interface PlacedTenant extends Proposal {
  readonly rung: Rung;
  readonly trust: Trust;
  readonly needBytes: number;
}

export interface PlacedHost {
  readonly host: HostId;
  readonly room: Known<number>;
  /** With the proposal followed. */
  readonly tenants: readonly TenantId[];
  readonly freeBytes?: number;
}

export function placeText(tenants: readonly PlacedTenant[], hosts: readonly PlacedHost[], { color, width }: PrintOptions): string {
  const paint = palette(color);
  const heading = ['tenant', 'rung', 'trust', 'needs', 'host', 'proposed'];
  const rows = tenants.map(({ tenant, rung, trust, needBytes, from, to, action }) => [
    escapeForTerminal(tenant),
    rung,
    trust,
    gigabytes(needBytes),
    escapeForTerminal(from),
    action === 'stay' ? 'stays' : action === 'move' ? paint.doubt(escapeForTerminal(to ?? '')) : paint.bad(action),
  ]);
  const reasons = tenants
    .filter(({ action }) => action !== 'stay')
    .flatMap(({ tenant, why }) => wrap(escapeForTerminal(why), width, `  ${escapeForTerminal(tenant)}: `, '    '));
  const machines = hosts.map(({ host, room, tenants: here, freeBytes = 0 }) => [
    escapeForTerminal(host),
    room.known ? gigabytes(room.value) : paint.bad('unknown'),
    room.known ? gigabytes(freeBytes) : '-',
    String(here.length),
  ]);
  const unasked = hosts.flatMap(({ host, room }) =>
    room.known ? [] : wrap(escapeForTerminal(room.why), width, `  ${escapeForTerminal(host)}: `, '    '),
  );
  return `${[
    ...table([heading, ...rows], ''),
    ...reasons,
    '',
    ...table([['host', 'room', 'left', 'tenants'], ...machines], ''),
    ...unasked,
    '',
    ...conclusion(tenants),
  ].join('\n')}\n`;
}

function conclusion(tenants: readonly PlacedTenant[]): readonly string[] {
  const moves = tenants.filter(({ action }) => action === 'move');
  const lost = tenants.filter(({ action }) => action === 'nowhere').length;
  const shortage = lost === 0 ? [] : [`${count(lost, 'tenant')} cannot be placed: add a host under hosts, or lower limits.memory.`];
  if (moves.length === 0) return shortage.length === 0 ? ['Nothing is proposed: every tenant can stay where the manifest has it.'] : shortage;
  return [
    ...shortage,
    'Nothing was moved. To follow the proposal, write into the manifest:',
    ...moves.map(({ tenant, to = '' }) => `  ${escapeForTerminal(tenant)}: { host: ${escapeForTerminal(to)} }`),
    'State stays where it is: back a built tenant up first, remove it on its old host, and apply.',
  ];
}
