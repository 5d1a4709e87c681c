/** How much memory and disk a machine has for tenants, asked of its kernel: no program of ours has to be there yet. Source: proc(5), /proc/meminfo; df(1). */
import { known, unknown, type Known } from '../core/facts.ts';
import { succeeded, type Command } from '../core/command.ts';
import type { Host } from '../core/host.ts';
import type { Room } from '../core/place.ts';
import type { HostId } from '../core/words.ts';
import { reason } from './subject.ts';

/** At rest, measured on OpenClaw 2026.9.6: docs/performance.md. */
export const GATEWAY_BYTES = 800_000_000;

/** For the system and Bulkhead's supervisor. */
const LEAST_RESERVE_BYTES = 2 ** 30;
/** For the system, the install and an image. */
const LEAST_DISK_RESERVE_BYTES = 5 * 2 ** 30;

/** `hostOf` throws where the host cannot be used. */
export async function askRoom(id: HostId, hostOf: (id: HostId) => Host, signal: AbortSignal): Promise<Known<Room>> {
  const memory: Command = { title: `ask ${id} for its memory`, argv: ['cat', '/proc/meminfo'], timeoutMs: 20_000 };
  // Where another machine's tenants lie, and this one's unless somebody named another place.
  const disk: Command = { title: `ask ${id} for its disk`, argv: ['df', '--block-size=1', '--output=size', '--', '/var/lib'], timeoutMs: 20_000 };
  try {
    const host = hostOf(id);
    const [inMemory, onDisk] = await Promise.all([host.run(memory, signal), host.run(disk, signal)]);
    const kilobytes = /^MemTotal:\s+(\d+) kB$/m.exec(inMemory.stdout)?.[1];
    if (!succeeded(memory, inMemory) || kilobytes === undefined) return unknown(`${id} does not tell its memory: ${inMemory.stderr.slice(-200)}`);
    const bytes = /^\s*(\d+)\s*$/m.exec(onDisk.stdout)?.[1];
    if (!succeeded(disk, onDisk) || bytes === undefined) return unknown(`${id} does not tell its disk: ${onDisk.stderr.slice(-200)}`);
    return known({ memoryBytes: roomOf(Number(kilobytes) * 1024), diskBytes: roomOf(Number(bytes), LEAST_DISK_RESERVE_BYTES) }, '/proc/meminfo, df');
  } catch (error) {
    return unknown(reason(error, signal));
  }
}

/** Of what a machine has, what tenants may have: all but a tenth, and at least a reserve stays. */
export function roomOf(totalBytes: number, leastReserveBytes = LEAST_RESERVE_BYTES): number {
  return Math.max(0, totalBytes - Math.max(leastReserveBytes, Math.ceil(totalBytes / 10)));
}
