/** The only file that names concrete implementations together: which rung, host and supervisor there are. */
import type { Blueprint } from './core/blueprint.ts';
import { BulkheadError } from './core/error.ts';
import type { Host, Isolation, Supervisor } from './core/host.ts';
import type { HostId, Rung } from './core/words.ts';
import { localHost } from './hosts/local.ts';
import { osUser } from './isolation/os-user/os-user.ts';
import { profile } from './isolation/profile/profile.ts';
import { chooseSupervisor } from './supervise/choose.ts';

/** Everything concrete that a command may use. */
export interface Parts {
  hostOf(host: HostId): Host;
  isolationOf(blueprint: Blueprint): Isolation;
  supervisor(signal: AbortSignal): Promise<Supervisor>;
}

export function composeParts(): Parts {
  const local = localHost();
  const rungs: Partial<Record<Rung, Isolation>> = {
    profile,
    'os-user': osUser,
  };
  return {
    hostOf: (host) => {
      if (host === 'local') return local;
      throw new BulkheadError('host', `host ${host}: hosts over SSH are not built yet`, 'place the tenant on host: local');
    },
    isolationOf: (blueprint) => {
      const isolation = rungs[blueprint.rung];
      if (isolation !== undefined) return isolation;
      throw new BulkheadError(
        'manifest',
        `${blueprint.tenant}: the rung ${blueprint.rung} is not built yet`,
        'declare isolation: os-user, and name the risk boundary.rung-too-low with an owner and an expiry',
      );
    },
    supervisor: (signal) => chooseSupervisor(local, signal),
  };
}
