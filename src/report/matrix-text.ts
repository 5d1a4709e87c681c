/** The seven-column matrix: what must be unique per tenant, where it was read, and whether it is. */
import { MATRIX_COLUMNS, type MatrixCell, type MatrixColumn, type VerifyReport } from '../core/report.ts';
import { escapeForTerminal } from './escape.ts';
import { pad, table, wrap, type Palette } from './layout.ts';

const HEADING: Readonly<Record<MatrixColumn, string>> = {
  'status-output': 'status',
  port: 'port',
  workspace: 'workspace',
  'state-directory': 'state dir',
  'credentials-store': 'credentials',
  'channel-account': 'channel',
  'browser-profile': 'browser',
};
/** Above this many tenants only cells that are not unique are spelled out; the JSON document has all. */
const SPELLED_OUT = 6;

export function matrixLines(report: VerifyReport, paint: Palette, width: number): readonly string[] {
  const tenants = report.facts.tenants.map(({ tenant }) => tenant);
  const cells = new Map(report.matrix.map((cell) => [`${cell.tenant} ${cell.column}`, cell]));
  const rows = tenants.map((tenant) => [escapeForTerminal(tenant), ...MATRIX_COLUMNS.map((column) => mark(cells.get(`${tenant} ${column}`), paint))]);
  const shown = report.matrix.filter(({ unique }) => tenants.length <= SPELLED_OUT || unique === 'no' || unique === 'unknown');
  const notUnique = [...shown].sort((left, right) => tenants.indexOf(left.tenant) - tenants.indexOf(right.tenant) || MATRIX_COLUMNS.indexOf(left.column) - MATRIX_COLUMNS.indexOf(right.column));
  return [...table([['tenant', ...MATRIX_COLUMNS.map((column) => HEADING[column])], ...rows]), ...notUnique.flatMap((cell) => spelledOut(cell, width))];
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
