/** Runs a command's body: its number becomes the exit status, its errors become what/why/fix on stderr or JSON on stdout. */
import { BulkheadError, EXIT_CODES, type ErrorCode } from '../core/error.ts';
import { escapeForTerminal, printJson } from '../report/escape.ts';
import type { CliContext } from './context.ts';

type Body<Flags, Args extends readonly unknown[]> = (context: CliContext, flags: Flags, ...args: Args) => Promise<number>;

/** The function that stricli calls, with the context as `this`. */
export function action<Flags extends { readonly json?: boolean; readonly format?: string }, Args extends readonly unknown[]>(
  body: Body<Flags, Args>,
) {
  return async function run(this: CliContext, flags: Flags, ...args: Args): Promise<void> {
    try {
      this.exitCode = await body(this, flags, ...args);
    } catch (error) {
      this.exitCode = reportFailure(this, error, flags.json === true || flags.format === 'json');
    }
  };
}

interface Failure {
  readonly code: ErrorCode | 'interrupted';
  readonly message: string;
  readonly hint: string;
  readonly why?: string;
}

/** Says what went wrong, as text or as JSON. Returns the exit status. */
export function reportFailure(context: CliContext, error: unknown, json: boolean): number {
  const failure = describe(context, error);
  const exitCode = failure.code === 'interrupted' ? 130 : EXIT_CODES[failure.code];
  if (json) {
    context.print(`${printJson({ ok: false, error: failure, exitCode })}\n`);
    return exitCode;
  }
  context.note(`✗ ${lines(failure.message)}\n`);
  if (failure.why !== undefined) context.note(`  why: ${lines(failure.why)}\n`);
  context.note(`  fix: ${lines(failure.hint)}\n`);
  return exitCode;
}

function describe(context: CliContext, error: unknown): Failure {
  if (error instanceof BulkheadError) {
    const why = error.cause instanceof Error ? { why: error.cause.message } : {};
    return { code: error.code, message: error.message, hint: error.hint, ...why };
  }
  if (context.signal.aborted) {
    return {
      code: 'interrupted',
      message: 'interrupted; what was done so far is kept',
      hint: 'run the same command again: it goes on where this stopped',
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (context.env['BULKHEAD_DEBUG'] !== undefined && error instanceof Error) context.note(`${error.stack}\n`);
  return { code: 'bug', message: `this is a bug in Bulkhead: ${message}`, hint: 'run it again with BULKHEAD_DEBUG=1 and report what it prints' };
}

/** Error texts may quote what a tenant wrote. Line ends of our own stay. */
function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeForTerminal(line))
    .join('\n    ');
}
