/**
 * Runs a program for a collector. Travels with the collectors, but on this machine they run in Bulkhead's own process: its variables may be the
 * operator's secrets, so that a program of theirs gets none of them.
 */
import { execFileSync } from 'node:child_process';
import { BASE_ENVIRONMENT } from '../hosts/environment.ts';

/** What it printed, at most 32 MiB of UTF-8. Throws the error of execFileSync, with `status` and `stdout`, when it ends otherwise than with 0. */
export function printedBy(
  program: string,
  args: readonly string[],
  { timeoutMs = 10_000, input }: { timeoutMs?: number; input?: string } = {},
): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    env: { ...BASE_ENVIRONMENT },
    cwd: '/',
    timeout: timeoutMs,
    maxBuffer: 32 << 20,
    stdio: ['pipe', 'pipe', 'pipe'],
    input: input ?? '',
  });
}
