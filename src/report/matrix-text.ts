/** The seven-column matrix: what must be unique per tenant, where it was read, and whether it is. */
import { MATRIX_COLUMNS, type MatrixCell, type MatrixColumn, type VerifyReport } from '../core/report.ts';
import type { TenantId } from '../core/words.ts';
import { escapeForTerminal } from './escape.ts';
import { count, pad, table, wrap, type Palette } from './layout.ts';

const HEADING: Readonly<Record<MatrixColumn, string>> = {
  'status-output': 'status',
  port: 'port',
  workspace: 'workspace',
  'state-directory': 'state dir',
  'credentials-store': 'credentials',
  'channel-account': 'channel',
  'browser-profile': 'browser',
};
/** Above this many tenants only what is not unique is spelled out; the JSON document has all. */
const SPELLED_OUT = 6;
/** Above this many tenants those that are unique in every column are counted, not listed. */
const LISTED = 40;

export function matrixLines(report: VerifyReport, paint: Palette, width: number): readonly string[] {
  const tenants = report.facts.tenants.map(({ tenant }) => tenant);
  const cells = new Map(report.matrix.map((cell) => [`${cell.tenant} ${cell.column}`, cell]));
  const rowOf = (tenant: TenantId): readonly (MatrixCell | undefined)[] => MATRIX_COLUMNS.map((column) => cells.get(`${tenant} ${column}`));
  const wanting = tenants.length > LISTED ? tenants.filter((tenant) => rowOf(tenant).some((cell) => isWanting(cell, report.phase))) : tenants;
  const listed = wanting.slice(0, LISTED);
  const rows = listed.map((tenant) => [escapeForTerminal(tenant), ...rowOf(tenant).map((cell) => mark(cell, paint))]);
  const spelled = listed
    .flatMap((tenant) => rowOf(tenant))
    .filter((cell) => cell !== undefined && (tenants.length <= SPELLED_OUT || isWanting(cell, report.phase)));
  return [
    ...(rows.length === 0 ? [] : table([['tenant', ...MATRIX_COLUMNS.map((column) => HEADING[column])], ...rows])),
    ...spelled.flatMap((cell) => (cell === undefined ? [] : spelledOut(cell, width))),
    ...(wanting.length > listed.length
      ? [paint.doubt(`  and ${wanting.length - listed.length} more tenants that are not unique in some column; all with --json`)]
      : []),
    ...(tenants.length > wanting.length ? [`  ${count(tenants.length - wanting.length, 'tenant')} unique in every column`] : []),
  ];
}

/** Not shown to be unique. Before anything runs no status output exists, so its absence says nothing. */
function isWanting(cell: MatrixCell | undefined, phase: VerifyReport['phase']): boolean {
  if (cell === undefined || cell.unique === 'no') return true;
  return cell.unique === 'unknown' && !(phase === 'plan' && cell.column === 'status-output');
}

function mark(cell: MatrixCell | undefined, paint: Palette): string {
  switch (cell?.unique) {
    case 'yes':
      return paint.good('unique');
    case 'no':
      return paint.bad('SHARED');
    case 'none':
      return paint.faint('none');
    case 'unknown':
    case undefined:
      return paint.doubt('unknown');
  }
}

function spelledOut(cell: MatrixCell, width: number): readonly string[] {
  const first = `    ${pad(escapeForTerminal(cell.tenant), 12)} ${pad(HEADING[cell.column], 12)} `;
  return wrap(`${escapeForTerminal(cell.value)}  (${escapeForTerminal(cell.source)})`, width, first, ' '.repeat(30));
}
