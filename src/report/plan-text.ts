/** A plan for people: numbered steps per tenant, each with its exact argv and what goes to its standard input. */
import { escapeForTerminal, escapeLines } from './escape.ts';
import { columnsOf, count, palette, type Palette, type PrintOptions } from './layout.ts';

export interface PlanLine {
  /** Absent for what belongs to the whole host. */
  readonly tenant?: string;
  /** Where it runs, when that is not the operator's own machine. */
  readonly host?: string;
  readonly title: string;
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** A program of the operator's machine, whose output is the standard input. */
  readonly stdinOf?: readonly string[];
  readonly redact?: boolean;
}

const STDIN_LINES = 40;
const PLAIN = /^[\w@%+=:,./-]+$/u;

/** Empty text for an empty plan. */
export function planText(steps: readonly PlanLine[], { color, width }: PrintOptions): string {
  if (steps.length === 0) return '';
  const paint = palette(color);
  const lines: string[] = [`${count(steps.length, 'step')}; each is run as it stands here, without a shell`];
  let group: string | undefined;
  for (const [at, step] of steps.entries()) {
    const heading = escapeForTerminal(headingOf(step));
    if (heading !== group) lines.push('', paint.strong(heading));
    group = heading;
    lines.push(
      `  ${String(at + 1).padStart(3)}  ${escapeForTerminal(step.title)}`,
      ...argvLines(step.argv, width, paint),
      ...stdinLines(step, paint),
    );
  }
  return `${lines.join('\n')}\n`;
}

function headingOf({ tenant, host }: PlanLine): string {
  if (host === undefined) return tenant ?? 'the host';
  return tenant === undefined ? `the host ${host}` : `${tenant} on ${host}`;
}

/** How an argument is written so that a shell would read it as that argument; for reading only. */
export function shellQuoted(argument: string): string {
  if (PLAIN.test(argument)) return argument;
  const shown = escapeForTerminal(argument);
  if (shown === argument) return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
  const quoted = argument.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `$'${escapeForTerminal(quoted).replace(/\\u\{([0-9a-f]+)\}/gu, (_, hex: string) => `\\U${hex.padStart(8, '0')}`)}'`;
}

function argvLines(argv: readonly string[], width: number, paint: Palette): readonly string[] {
  const lines: string[] = [];
  let line = '       $';
  for (const argument of argv.map(shellQuoted)) {
    if (line.trim().length > 1 && columnsOf(line) + 1 + columnsOf(argument) > width - 2) {
      lines.push(`${line} \\`);
      line = '          ';
    }
    line += ` ${argument}`;
  }
  return [...lines, line].map((each) => paint.faint(each));
}

function stdinLines({ stdin, stdinOf, redact }: PlanLine, paint: Palette): readonly string[] {
  if (stdinOf !== undefined) return [paint.faint(`       < what this machine prints: ${stdinOf.map(shellQuoted).join(' ')}`)];
  if (redact === true) return [`       < ${paint.doubt('(secret on standard input)')}`];
  if (stdin === undefined || stdin === '') return [];
  const lines = escapeLines(stdin.replace(/\n$/u, ''));
  const hidden = lines.length - STDIN_LINES;
  return [...lines.slice(0, STDIN_LINES), ...(hidden > 0 ? [`… ${hidden} more lines; all of them with --json`] : [])].map((each) =>
    paint.faint(`       < ${each}`),
  );
}
