/** Commands are data: an argv vector with optional standard input, made by pure functions and run only by a Host. */

/** What changes or reads a host. Never a shell string; secrets only in `stdin`, and then with `redact`. */
export interface Command {
  /** One line for people: what this does and to whom, e.g. `create OS user bh-acme`. Holds no secret. */
  readonly title: string;
  readonly argv: readonly [string, ...string[]];
  /** Written to the program's standard input, then closed; without it standard input is empty. */
  readonly stdin?: string;
  /** Instead of `stdin`: what this program prints on the operator's machine, as it prints it, e.g. `tar` of what is too big to hold. If it fails, so does the command. */
  readonly stdinOf?: readonly [string, ...string[]];
  /** `stdin` holds a secret: it is shown nowhere, receipts keep only that there was one. */
  readonly redact?: boolean;
  /** Milliseconds after which the program is killed and the result says so; 60000 when absent. */
  readonly timeoutMs?: number;
  /** Names of the operator's own variables that the program gets, e.g. npm's proxy settings; nothing else is inherited. */
  readonly passEnvironment?: readonly string[];
  /** Exit codes that count as success; [0] when absent. */
  readonly okExits?: readonly number[];
}

/** How a program ended. Output is cut at `maxBytes` of the run; `truncated` says whether it was. */
export interface CommandResult {
  /** Exit code, or null when a signal ended it or it never started. */
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly truncated: boolean;
  readonly durationMs: number;
}

/** A program to run inside a boundary: argv plus optional standard input and extra environment. */
export interface Program {
  readonly title: string;
  readonly argv: readonly [string, ...string[]];
  readonly stdin?: string;
  readonly redact?: boolean;
  /** Added to the tenant's own environment. Never a secret. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Whether a result is a success of its command. */
export function succeeded(command: Command, result: CommandResult): boolean {
  return result.exit !== null && (command.okExits ?? [0]).includes(result.exit);
}
