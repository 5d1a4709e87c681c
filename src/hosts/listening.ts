/** Which ports of another machine are taken, by what its kernel tells: it may have no Node yet to try them with. */
import { succeeded, type Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Host } from '../core/host.ts';
import type { BusyPorts } from './busy-ports.ts';

const RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
/** State of a socket that listens, in /proc/net/tcp: proc(5). */
const LISTENS = '0A';

/** Every port on which anybody listens, at whatever address. Throws BulkheadError `host`. */
export async function listeningPorts(host: Host, signal: AbortSignal): Promise<BusyPorts> {
  // Without IPv6 the last one is not there.
  const command: Command = {
    title: 'look for free ports',
    argv: ['cat', '--', RANGE, '/proc/net/tcp', '/proc/net/tcp6'],
    okExits: [0, 1],
    timeoutMs: 20_000,
  };
  const result = await host.run(command, signal);
  const seen = succeeded(command, result) && !result.truncated ? readPorts(result.stdout) : undefined;
  if (seen !== undefined) return seen;
  throw new BulkheadError('host', `${host.id}: cannot see which ports are taken there`, `bulkhead hosts check ${host.id}`);
}

/** Undefined where it is not what the kernel writes. */
export function readPorts(text: string): BusyPorts | undefined {
  const [range = '', ...lines] = text.split('\n');
  const [, first, last] = /^(\d+)\s+(\d+)$/.exec(range.trim()) ?? [];
  if (first === undefined || last === undefined || !lines.some((line) => line.includes('local_address'))) return undefined;
  const busy = lines.flatMap((line) => {
    const [, port = '', state] = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line) ?? [];
    return state === LISTENS ? [Number.parseInt(port, 16)] : [];
  });
  return { busy: [...new Set(busy)], ephemeral: { first: Number(first), last: Number(last) } };
}
