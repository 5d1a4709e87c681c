/** The only file that names concrete implementations together: which rung, host and supervisor there are. */
import type { Blueprint } from './core/blueprint.ts';
import { BulkheadError } from './core/error.ts';
import type { FleetHost } from './core/fleet.ts';
import type { Host, Isolation, Supervisor } from './core/host.ts';
import { builtRung, type HostId, type Rung } from './core/words.ts';
import { localHost } from './hosts/local.ts';
import { sshHost, type ReachedHost } from './hosts/ssh.ts';
import { container } from './isolation/container/container.ts';
import { aloneWith } from './isolation/host/host.ts';
import { osUser } from './isolation/os-user/os-user.ts';
import { profile } from './isolation/profile/profile.ts';
import { chooseSupervisor } from './supervise/choose.ts';

/** Everything concrete that a command may use. */
export interface Parts {
  /** One object, hence one connection, for each host. It connects when it is given its first command. Throws BulkheadError `host` for one that the manifest does not name. */
  hostOf(host: HostId): Host;
  isolationOf(blueprint: Blueprint): Isolation;
  /** Asked of a host once. Throws BulkheadError `host`. */
  supervisorOf(host: HostId, signal: AbortSignal): Promise<Supervisor>;
  /** Ends the connections to other hosts. Without it they end with the process. */
  close(): Promise<void>;
}

export interface PartsOptions {
  /** Of the manifest; those without `ssh` are this machine. */
  readonly hosts: readonly FleetHost[];
  /** Config file for ssh instead of the operator's own. */
  readonly sshConfig?: string;
}

export function composeParts({ hosts, sshConfig }: PartsOptions = { hosts: [] }): Parts {
  const local = localHost();
  const supervisors = new Map<HostId, Promise<Supervisor>>();
  const rungs: Record<Exclude<Rung, 'host'>, Isolation> = {
    profile,
    'os-user': osUser,
    container,
  };
  const reached = new Map<HostId, ReachedHost>();
  for (const { id, ssh, become = 'root' } of hosts) {
    if (ssh !== undefined) reached.set(id, sshHost({ id, destination: ssh, become, ...(sshConfig === undefined ? {} : { config: sshConfig }) }));
  }
  const hostOf = (id: HostId): Host => {
    const host = id === 'local' ? local : reached.get(id);
    if (host !== undefined) return host;
    throw new BulkheadError('host', `there is no host ${id}`, `say how it is reached: hosts.${id}.ssh in the manifest`);
  };
  return {
    hostOf,
    isolationOf: (blueprint) => {
      const isolation = rungs[builtRung(blueprint)];
      return blueprint.rung === 'host' ? aloneWith(isolation) : isolation;
    },
    supervisorOf: async (id, signal) => {
      const chosen = supervisors.get(id) ?? supervise(hostOf(id), signal);
      supervisors.set(id, chosen);
      try {
        return await chosen;
      } catch (error) {
        // Of a host that comes back it is asked again.
        supervisors.delete(id);
        throw error;
      }
    },
    close: async () => {
      await Promise.all([...reached.values()].map((host) => host.close()));
    },
  };
}

async function supervise(host: Host, signal: AbortSignal): Promise<Supervisor> {
  const supervisor = await chooseSupervisor(host, signal);
  if (host.id === 'local' || supervisor.kind === 'systemd') return supervisor;
  // The embedded one is started by the machine that it runs on, from a checkout that is there.
  throw new BulkheadError(
    'host',
    `${host.id}: systemd is not its init, and gateways of another machine need it`,
    'take a machine with systemd, or run Bulkhead on that one',
  );
}
