/** Hands a loopback listener of the host to the forwarder, as fd 3 in systemd's socket activation protocol (sd_listen_fds(3)). */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:net';

export type Forwarded = { readonly child: ChildProcess } | { readonly error: NodeJS.ErrnoException };

/**
 * Listens on 127.0.0.1:`port` and starts `argv` with the listener. Resolves once it is started. Between listening and closing our
 * copy no event loop turn passes, so this process never accepts a connection.
 */
export function startForwarder(port: number, argv: readonly string[], logFd: number): Promise<Forwarded> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve({ error }));
    server.listen({ host: '127.0.0.1', port, backlog: 128, exclusive: true }, () => {
      try {
        const fd = descriptorOf(server);
        const child = spawn(program, args, {
          stdio: ['ignore', 'ignore', logFd, fd],
          detached: true,
          cwd: '/',
          env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LISTEN_FDS: '1' },
        });
        child.once('error', (error) => resolve({ error }));
        if (child.pid !== undefined) resolve({ child });
      } catch (cause) {
        resolve({ error: cause instanceof Error ? cause : new Error(String(cause)) });
      } finally {
        server.close();
      }
    });
  });
}

/** Node names no public way from a server to its descriptor; its handle has one on every Unix. */
function descriptorOf(server: Server): number {
  const fd = (server as { _handle?: { fd?: unknown } })._handle?.fd;
  if (typeof fd !== 'number' || fd < 0) throw new Error('this Node does not tell the descriptor of a listener');
  return fd;
}

/** Puts the host pid of the boundary's pid 1 where the argv says `{pid}`. */
export function resolvePid(argv: readonly string[], pid: number): readonly string[] {
  return argv.map((word) => word.replaceAll('{pid}', String(pid)));
}
