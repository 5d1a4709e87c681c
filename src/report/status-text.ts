/** The status table: one line per tenant, and why a gateway does not run. */
import { escapeForTerminal } from './escape.ts';
import { palette, table, wrap, type Palette, type PrintOptions } from './layout.ts';

export interface StatusRow {
  readonly tenant: string;
  readonly rung: string;
  readonly host: string;
  readonly state: 'running' | 'starting' | 'stopped' | 'backing-off' | 'failed' | 'unknown' | 'not-built';
  /** Port on the host's loopback. */
  readonly port: number;
  readonly pid?: number;
  /** What the gateway says of itself. */
  readonly version?: string;
  readonly uptimeSeconds?: number;
  readonly restarts?: number;
  readonly reason?: string;
  /** ISO time. */
  readonly quarantinedSince?: string;
}

export function statusText(rows: readonly StatusRow[], { color, width }: PrintOptions): string {
  const paint = palette(color);
  // Of one machine alone it says nothing.
  const several = rows.some(({ host }) => host !== 'local');
  const heading = ['tenant', ...(several ? ['host'] : []), 'rung', 'state', 'port', 'pid', 'version', 'up', 'restarts'];
  const cells = rows.map((row) => [
    escapeForTerminal(row.tenant),
    ...(several ? [escapeForTerminal(row.host)] : []),
    escapeForTerminal(row.rung),
    statePaint(row.state, paint),
    String(row.port),
    row.pid === undefined ? '-' : String(row.pid),
    escapeForTerminal(row.version ?? '-'),
    row.uptimeSeconds === undefined ? '-' : duration(row.uptimeSeconds),
    row.restarts === undefined ? '-' : String(row.restarts),
  ]);
  const reasons = rows.flatMap((row) =>
    row.reason === undefined ? [] : wrap(escapeForTerminal(row.reason), width, `  ${escapeForTerminal(row.tenant)}: `, '    '),
  );
  const closed = rows.flatMap(({ tenant, quarantinedSince }) =>
    quarantinedSince === undefined
      ? []
      : [
          `  ${escapeForTerminal(tenant)}: in quarantine since ${escapeForTerminal(quarantinedSince)}; end it with: bulkhead release ${escapeForTerminal(tenant)}`,
        ],
  );
  return `${[...table([heading, ...cells], ''), ...reasons, ...closed].join('\n')}\n`;
}

function statePaint(state: StatusRow['state'], paint: Palette): string {
  switch (state) {
    case 'running':
      return paint.good(state);
    case 'failed':
    case 'backing-off':
      return paint.bad(state);
    case 'starting':
    case 'unknown':
      return paint.doubt(state);
    case 'stopped':
    case 'not-built':
      return state;
  }
}

/** `3d 4h`, `4h 10m`, `10m 5s`, `5s`. */
export function duration(seconds: number): string {
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [Math.floor(seconds) % 60, 's'],
  ] as const;
  const from = units.findIndex(([number]) => number > 0);
  return from === -1
    ? '0s'
    : units
        .slice(from, from + 2)
        .map(([number, unit]) => `${number}${unit}`)
        .join(' ');
}
