/** What a command is given: the only way from a command to the process, the clock and the terminal. */
import type { CommandContext } from '@stricli/core';

export interface CliContext extends CommandContext {
  /** Results. Nothing else is ever written here. */
  print(text: string): void;
  /** Progress, warnings and errors. */
  note(text: string): void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly user: string;
  readonly pid: number;
  /** Whether results, and what goes to stderr, go to a terminal: what a tenant wrote is escaped there. */
  readonly terminals: { readonly results: boolean; readonly notes: boolean };
  /** Whether results go to a terminal that shows colour. */
  readonly color: boolean;
  readonly width: number;
  /** Whether questions can be asked. */
  readonly interactive: boolean;
  ask(question: string): Promise<string>;
  /** All of standard input, at most `most` bytes. Throws BulkheadError `usage` when there is more. */
  input(most: number): Promise<string>;
  now(): Date;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Runs another command of Bulkhead in this process; its results are returned instead of printed. `signal` replaces this one's. */
  invoke(argv: readonly string[], signal?: AbortSignal): Promise<{ readonly exitCode: number; readonly output: string }>;
  /** Set by the command; becomes the exit status. */
  exitCode: number;
}
