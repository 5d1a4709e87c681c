/** The machine Bulkhead runs on: programs start with an exact environment, no shell, bounded output and a deadline. */
import type { Host } from '../core/host.ts';
import { runChild } from './child.ts';
import { BASE_ENVIRONMENT, environmentFor } from './environment.ts';
import { keepingSink, lineSink } from './sinks.ts';

export interface LocalHostOptions {
  /** Added to BASE_ENVIRONMENT. Never a secret. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Bytes kept of stdout and of stderr each; 8 MiB when absent. */
  readonly maxBytes?: number;
  /** Characters kept of one streamed line; 1 Mi when absent. */
  readonly maxLineChars?: number;
}

export const MAX_BYTES = 8 * 1024 * 1024;
export const MAX_LINE_CHARS = 1024 * 1024;

/**
 * Runs commands here. Both methods reject with BulkheadError `host` when the program cannot be started (missing, not executable) and
 * with the signal's reason when aborted. A timeout is a result (`timedOut`), after the program's whole process group was killed.
 * `stream` gives stdout to `onLine`; its result's `stdout` is empty.
 */
export function localHost(options: LocalHostOptions = {}): Host {
  const environment = { ...BASE_ENVIRONMENT, ...options.environment };
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const maxLineChars = options.maxLineChars ?? MAX_LINE_CHARS;
  const host: Host = {
    id: 'local',
    run: (command, signal) =>
      runChild(command, { environment: environmentFor(command, environment), stdout: keepingSink(maxBytes), stderr: keepingSink(maxBytes) }, signal),
    stream: (command, onLine, signal) =>
      runChild(
        command,
        { environment: environmentFor(command, environment), stdout: lineSink(onLine, maxLineChars), stderr: keepingSink(maxBytes) },
        signal,
      ),
  };
  // Not enumerable: whoever wraps a host to run its commands elsewhere (`{ ...host, run }`) gets one that is not here.
  return Object.defineProperty(host, 'here', { value: true });
}
