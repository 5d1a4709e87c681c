/** A step as `plan` and `adopt` print it. */
import type { Step } from '../core/plan.ts';

/** `stdin` is shown only where it holds no secret. */
export function stepJson({ id, stage, tenant, host, command }: Step) {
  const { title, argv, stdin, stdinOf, redact } = command;
  const input = stdinOf !== undefined ? { stdinOf } : stdin === undefined ? {} : { stdin: redact === true ? '(secret)' : stdin };
  return { id, stage, ...(tenant === undefined ? {} : { tenant }), ...(host === undefined ? {} : { host }), title, argv, ...input };
}
