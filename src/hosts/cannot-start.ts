/** What is said of a program that could not be started, on whichever host. */
import type { Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import { installHint } from './packages.ts';

/** `code` is the name of the system's error; `host` is absent for this machine. */
export function cannotStart(
  command: Command,
  code: string | undefined,
  { host, cause }: { readonly host?: string; readonly cause?: unknown },
): BulkheadError {
  const program = command.argv[0];
  const shown = JSON.stringify(program);
  const where = host === undefined ? 'this host' : host;
  const at = (hint: string): string => (host === undefined ? hint : `on ${host}: ${hint}`);
  switch (code) {
    case 'ENOENT':
      return new BulkheadError('host', `The program ${shown} is not on ${where} (needed to: ${command.title})`, at(installHint(program)), { cause });
    case 'EACCES':
      return new BulkheadError('host', `The program ${shown} may not be executed on ${where} (needed to: ${command.title})`, at(`ls -l ${program}`), {
        cause,
      });
    case 'E2BIG':
      return new BulkheadError('host', `The arguments of ${shown} are too long (needed to: ${command.title})`, 'report this as a bug', { cause });
    default:
      return new BulkheadError('host', `The program ${shown} could not be started on ${where} (needed to: ${command.title})`, 'see the cause', {
        cause,
      });
  }
}
