/** Which supervisor a host gets: systemd where it is the init, the embedded one otherwise. */
import { BulkheadError } from '../core/error.ts';
import type { Host, Supervisor } from '../core/host.ts';
import { embeddedSupervisor } from './embedded/supervisor.ts';
import { systemdSupervisor } from './systemd/supervisor.ts';

/** Source: sd_booted(3), which looks for /run/systemd/system. Throws BulkheadError `host` when that cannot be seen. */
export async function chooseSupervisor(host: Host, signal: AbortSignal): Promise<Supervisor> {
  const result = await host.run(
    { title: 'look whether systemd is the init', argv: ['test', '-d', '/run/systemd/system'], okExits: [0, 1], timeoutMs: 10_000 },
    signal,
  );
  if (result.exit !== 0 && result.exit !== 1)
    throw new BulkheadError('host', `${host.id}: cannot see whether systemd runs there`, 'try `test -d /run/systemd/system` on that host', {
      cause: new Error(result.stderr.slice(0, 200)),
    });
  return result.exit === 0 ? systemdSupervisor : embeddedSupervisor;
}
