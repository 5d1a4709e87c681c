/** The operating system's part of two clean tenants: own accounts, own /tmp, limits, a root-owned install. */
import type { ContainerFact } from '../../core/container-facts.ts';
import { known, type Facts, type HostFacts, type TenantFacts } from '../../core/facts.ts';
import type { HostAccounts, MachineFact, ScheduleFact, OwnedPlace, Way } from '../../core/os-facts.ts';

const HOST_TMP = '254:1:/tmp';
const HOST_SHM = '0:22:/';

type OsFacts = Pick<
  TenantFacts,
  'account' | 'loginKeys' | 'surroundings' | 'service' | 'container' | 'install' | 'codeRoots' | 'homePathUses' | 'logs' | 'backup' | 'archives'
>;

export function cleanOs(name: string, root: string, uid: number): OsFacts {
  const own = (path: string, mode: number): OwnedPlace => ({ path, uid, gid: uid, mode });
  return {
    account: known({ name: `bh-${name}`, uid, groups: [{ name: `bh-${name}`, gid: uid }], rootRules: [], lingers: false, schedules: [] }, 'test'),
    loginKeys: known([], 'test'),
    surroundings: known(
      {
        hidepid: '0',
        tmp: `0:${uid}1:/`,
        shm: `0:${uid}2:/`,
        takenNames: [],
        engineSockets: [],
        ownEngines: [],
        memoryBytes: 2 ** 31,
        pids: 512,
        cpus: 2,
      },
      'test',
    ),
    service: known({ unit: `bh-${name}.service`, manager: 'system', places: [rootOwned(`/etc/systemd/system/bh-${name}.service`, 0o644)] }, 'test'),
    container: known(null, 'test'),
    install: known([rootOwned('/', 0o755), rootOwned('/opt', 0o755), rootOwned('/opt/oc', 0o755), rootOwned('/opt/oc/bin/node', 0o755)], 'test'),
    codeRoots: known([{ kind: 'plugins', from: 'default', declared: `${root}/state/npm`, real: `${root}/state/npm` }], 'test'),
    homePathUses: known([], 'test'),
    logs: known([[rootOwned('/', 0o755), own(root, 0o700), own(`${root}/logs/gateway.log`, 0o600)]], 'test'),
    backup: known(null, 'test'),
    archives: known(null, 'test'),
  };
}

export function rootOwned(path: string, mode: number): OwnedPlace {
  return { path, uid: 0, gid: 0, mode };
}

export function cleanHost(): Pick<HostFacts, 'accounts' | 'machine' | 'schedules'> {
  return {
    accounts: known({ administrators: [{ name: 'root', how: 'uid 0' }], rootKeys: [], commonLogin: [] }, 'test'),
    schedules: known([], 'test'),
    machine: known(
      {
        ptraceScope: '1',
        tmp: HOST_TMP,
        shm: HOST_SHM,
        managementAgents: [],
        machineId: '1'.repeat(32),
        hostKeys: ['SHA256:host'],
        gateways: [
          { pid: 100, uid: 1001, pidNamespace: '13' },
          { pid: 200, uid: 1002, pidNamespace: '23' },
        ],
        memoryBytes: 16 * 2 ** 30,
      },
      'test',
    ),
  };
}

/** A known fact of the host replaced in part. */
export function withHost(
  facts: Facts,
  change: { readonly accounts?: Partial<HostAccounts>; readonly machine?: Partial<MachineFact>; readonly schedules?: readonly ScheduleFact[] },
): Facts {
  const hosts = facts.hosts.map((host): HostFacts => {
    const { accounts, machine } = host;
    return {
      ...host,
      ...(accounts.known ? { accounts: known({ ...accounts.value, ...change.accounts }, 'test') } : {}),
      ...(machine.known ? { machine: known({ ...machine.value, ...change.machine }, 'test') } : {}),
      ...(change.schedules === undefined ? {} : { schedules: known(change.schedules, 'test') }),
    };
  });
  return { ...facts, hosts };
}

/** What `name` has known, with a part of it replaced. */
export function partly<const K extends 'account' | 'surroundings' | 'service' | 'container'>(
  name: K,
  change: Partial<NonNullable<Extract<TenantFacts[K], { readonly known: true }>['value']>>,
): (tenant: TenantFacts) => Partial<TenantFacts> {
  return (tenant) => {
    const fact = tenant[name];
    return fact.known ? { [name]: known({ ...fact.value, ...change }, 'test') } : {};
  };
}

/** A way whose directories may be entered, to a file with this owner and mode. */
export function wayTo(path: string, uid: number, mode: number, gid = uid): Way {
  return [rootOwned('/', 0o755), rootOwned('/srv', 0o755), { path, uid, gid, mode }];
}

/** A confined container as its engine tells of it. */
export const CONFINED: ContainerFact = {
  engine: 'docker',
  name: 'openclaw-cell',
  image: `openclaw@sha256:${'0'.repeat(64)}`,
  privileged: false,
  capAdd: [],
  mayGainPrivileges: false,
  hostNamespaces: [],
  unconfined: [],
  mounts: [],
  networks: [],
};

/** One around its gateway, with a part of what the engine says replaced. */
export function inContainer(change: Partial<ContainerFact>): (tenant: TenantFacts) => Partial<TenantFacts> {
  const container: ContainerFact = { ...CONFINED, ...change };
  return () => ({ container: known(container, 'test') });
}
