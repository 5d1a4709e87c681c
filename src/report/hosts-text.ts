/** What `hosts check` saw, machine by machine: what is fine, what is lacking, and what to do about it. */
import type { HostId } from '../core/words.ts';
import type { MachineSeen, Need } from '../core/machine.ts';
import { escapeForTerminal } from './escape.ts';
import { palette, wrap, type Palette, type PrintOptions } from './layout.ts';

export type HostState = 'ready' | 'lacking' | 'blocked' | 'unreachable';

export interface HostRow {
  readonly host: HostId;
  /** Absent for this machine. */
  readonly ssh?: string;
  readonly state: HostState;
  readonly seen?: MachineSeen;
  readonly needs: readonly Need[];
  /** Why nothing could be seen. */
  readonly why?: string;
  readonly fix?: string;
}

export function stateOf(needs: readonly Need[]): HostState {
  if (needs.some(({ state }) => state === 'blocked')) return 'blocked';
  return needs.some(({ state }) => state === 'lacking') ? 'lacking' : 'ready';
}

export function hostsText(rows: readonly HostRow[], { color, width }: PrintOptions): string {
  const paint = palette(color);
  return `${rows.map((row) => hostLines(row, width, paint).join('\n')).join('\n\n')}\n`;
}

function hostLines(row: HostRow, width: number, paint: Palette): readonly string[] {
  const where = row.ssh === undefined ? 'this machine' : escapeForTerminal(row.ssh);
  const heading = `${paint.strong(escapeForTerminal(row.host))}  ${where}: ${statePaint(row.state, paint)}`;
  if (row.why !== undefined)
    return [heading, ...wrap(escapeForTerminal(row.why), width, '  '), ...wrap(escapeForTerminal(row.fix ?? ''), width, '  fix: ', '       ')];
  const items = row.needs.flatMap((need) => {
    const lines = wrap(`${escapeForTerminal(need.what)}: ${escapeForTerminal(need.seen)}`, width, `  ${markOf(need, paint)} `, '    ');
    return need.fix === undefined ? lines : [...lines, ...wrap(escapeForTerminal(need.fix), width, '      fix: ', '           ')];
  });
  return [heading, ...items, ...(row.state === 'lacking' ? [`  bring what is lacking: bulkhead hosts prepare ${escapeForTerminal(row.host)}`] : [])];
}

function statePaint(state: HostState, paint: Palette): string {
  switch (state) {
    case 'ready':
      return paint.good(state);
    case 'lacking':
      return paint.doubt(state);
    case 'blocked':
    case 'unreachable':
      return paint.bad(state);
  }
}

function markOf({ state }: Need, paint: Palette): string {
  switch (state) {
    case 'fine':
      return paint.good('✓');
    case 'note':
      return paint.doubt('!');
    case 'lacking':
      return paint.doubt('+');
    case 'blocked':
      return paint.bad('✗');
  }
}
