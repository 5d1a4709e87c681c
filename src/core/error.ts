/** The one error that people see: what happened to which tenant on which host, and the next command to type. */

export type ErrorCode = 'usage' | 'manifest' | 'findings' | 'unverified' | 'breach' | 'apply' | 'lease' | 'host' | 'bug';

/** Source of the numbers: docs/exit-codes in the README; the same in every command and in `--json`. */
export const EXIT_CODES: Readonly<Record<ErrorCode | 'ok', number>> = {
  ok: 0,
  findings: 1,
  usage: 2,
  manifest: 2,
  unverified: 3,
  host: 3,
  breach: 4,
  apply: 5,
  lease: 6,
  bug: 70,
};

/** An expected failure. `message` says what happened, `hint` is the next command or edit. */
export class BulkheadError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BulkheadError';
    this.code = code;
    this.hint = hint;
  }
}
