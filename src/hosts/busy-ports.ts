/** Runs on a host: which of the given ports cannot be had on 127.0.0.1 or ::1, and the ephemeral range. Decides nothing. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

export interface BusyPortsRequest {
  readonly ports: readonly number[];
}

export interface BusyPorts {
  readonly busy: readonly number[];
  /** net.ipv4.ip_local_port_range; the kernel hands these to outgoing connections. */
  readonly ephemeral: { readonly first: number; readonly last: number };
}

export async function main(request: BusyPortsRequest): Promise<BusyPorts> {
  const busy: number[] = [];
  for (const port of request.ports) {
    if (!((await canListen('127.0.0.1', port)) && (await canListen('::1', port)))) busy.push(port);
  }
  return { busy, ephemeral: ephemeralRange() };
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      // A machine without IPv6 has nobody on ::1.
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(true);
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function ephemeralRange(): { readonly first: number; readonly last: number } {
  if (process.platform !== 'linux') return { first: 49152, last: 65535 };
  const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
  if (first === undefined || last === undefined) throw new Error('net.ipv4.ip_local_port_range holds no range');
  return { first, last };
}
