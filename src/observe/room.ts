/** How much memory a machine has for tenants, asked of its kernel: no program of ours has to be there yet. Source: proc(5), /proc/meminfo. */
import { known, unknown, type Known } from '../core/facts.ts';
import { succeeded, type Command } from '../core/command.ts';
import type { Host } from '../core/host.ts';
import type { HostId } from '../core/words.ts';
import { reason } from './subject.ts';

/** At rest, measured on OpenClaw 2026.9.6: docs/performance.md. */
export const GATEWAY_BYTES = 800_000_000;

/** For the system and Bulkhead's supervisor. */
const LEAST_RESERVE_BYTES = 2 ** 30;

/** `hostOf` throws where the host cannot be used. */
export async function askRoom(id: HostId, hostOf: (id: HostId) => Host, signal: AbortSignal): Promise<Known<number>> {
  const command: Command = { title: `ask ${id} for its memory`, argv: ['cat', '/proc/meminfo'], timeoutMs: 20_000 };
  try {
    const host = hostOf(id);
    const result = await host.run(command, signal);
    const kilobytes = /^MemTotal:\s+(\d+) kB$/m.exec(result.stdout)?.[1];
    if (!succeeded(command, result) || kilobytes === undefined) return unknown(`${id} does not tell its memory: ${result.stderr.slice(-200)}`);
    return known(roomOf(Number(kilobytes) * 1024), '/proc/meminfo');
  } catch (error) {
    return unknown(reason(error, signal));
  }
}

/** Of a machine's memory, what tenants may have: all but a tenth, and at least one GiB stays. */
export function roomOf(totalBytes: number): number {
  return Math.max(0, totalBytes - Math.max(LEAST_RESERVE_BYTES, Math.ceil(totalBytes / 10)));
}
