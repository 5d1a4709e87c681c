/** Reads and writes units below /etc/systemd/system, and asks systemd about them. */
import { join } from 'node:path';
import type { Layout } from '../../core/blueprint.ts';
import { succeeded, type Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Host } from '../../core/host.ts';
import { runSelfContained } from '../../hosts/run-program.ts';
import { sibling } from '../../hosts/self-contained.ts';
import type { UnitsRequest } from './read-units.ts';

export const DIRECTORY = '/etc/systemd/system';
/** In place of a definition: a unit has our name and not our mark. */
export const FOREIGN = 'foreign';
const STOP_TIMEOUT_MS = 330_000;

export function systemctl(title: string, ...args: readonly string[]): Command {
  return { title, argv: ['systemctl', ...args], timeoutMs: STOP_TIMEOUT_MS };
}

/** Not install(1): /dev/stdin cannot be opened when it is a socket, as under Node. */
export function installUnit(file: string, text: string): Command {
  return { title: `install the unit ${file}`, argv: ['dd', 'status=none', `of=${join(DIRECTORY, file)}`], stdin: text };
}

/** Unit files of the instance, file name → text; with `only` that one. Throws BulkheadError `host`. */
export async function readUnits(host: Host, layout: Layout, signal: AbortSignal, only?: string): Promise<Readonly<Record<string, string>>> {
  const request: UnitsRequest = { directory: DIRECTORY, instance: layout.instance, ...(only === undefined ? {} : { only }) };
  const program = sibling(import.meta.url, 'read-units');
  return await runSelfContained(host, { program, request, node: layout.install.node, title: 'read our units', timeoutMs: 20_000 }, signal);
}

/** What a program that only reads prints. Throws BulkheadError `host` when it fails or prints too much. */
export async function readText(host: Host, command: Command, signal: AbortSignal): Promise<string> {
  const result = await host.run({ ...command, timeoutMs: 20_000 }, signal);
  if (succeeded(command, result) && !result.truncated) return result.stdout;
  throw new BulkheadError('host', `systemd on ${host.id} cannot be read`, 'try `systemctl status` on that host', {
    cause: new Error(result.stderr.trim().slice(0, 500)),
  });
}

/** The value of `KEY=value`; the first one counts. */
export function line(text: string, key: string): string | undefined {
  return text
    .split('\n')
    .find((candidate) => candidate.startsWith(`${key}=`))
    ?.slice(key.length + 1);
}
