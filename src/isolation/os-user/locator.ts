/**
 * Runs on a host (Node on standard input, as root): where the boundaries of its tenants run, in one pass over /proc, and as whom. Reads what
 * the kernel says of processes, nothing that a tenant wrote. Decides nothing.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

export interface LocateRequest {
  readonly tenants: readonly { readonly tenant: string; readonly user: string; readonly namespace: string }[];
}

export interface Located {
  /** From /etc/passwd, where useradd puts them. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  /** Pid 1 of the boundary, as the host numbers it, and the control groups it is in. */
  readonly boundary: { readonly pid: number; readonly joins: readonly string[] } | null;
}

const CGROUP = '/sys/fs/cgroup';

export async function main({ tenants }: LocateRequest): Promise<Record<string, Located>> {
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }] as const),
  );
  const boundaries = boundariesByNamespace();
  return Object.fromEntries(
    tenants.map(({ tenant, user, namespace }) => {
      const found = statSync(`/run/netns/${namespace}`, { throwIfNoEntry: false });
      const boundary = found === undefined ? undefined : boundaries.get(`net:[${found.ino}]`);
      return [tenant, { user: users.get(user) ?? null, boundary: boundary ?? null }];
    }),
  );
}

/**
 * Pid 1 inside, by network namespace: root's, second pid namespace counted from here. A tenant cannot fake one: whatever namespaces it
 * makes are nested deeper, and its user id is not 0.
 */
function boundariesByNamespace(): ReadonlyMap<string, NonNullable<Located['boundary']>> {
  const found = new Map<string, NonNullable<Located['boundary']>>();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      // First what anyone may read: of processes with more privileges than ours the namespaces are not told.
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (!/^NSpid:\t\d+\t1$/m.test(status) || !/^Uid:\t0\t0\t0\t0$/m.test(status)) continue;
      const namespace = readlinkSync(`/proc/${pid}/ns/net`);
      // Until it has a child its root is still the host's: whoever entered it now would stay outside.
      if (found.has(namespace) || readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8') === '') continue;
      found.set(namespace, { pid: Number(pid), joins: joins(readFileSync(`/proc/${pid}/cgroup`, 'utf8')) });
    } catch (error) {
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error; // it ended meanwhile
    }
  }
  return found;
}

/** The cgroup.procs files by which a process joins where another one is; the roots are left out. cgroups(7). */
function joins(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      if (path === '/') return [];
      const mounted = controllers === '' ? (existsSync(`${CGROUP}/cgroup.controllers`) ? '' : '/unified') : `/${controllers.replace(/^name=/, '')}`;
      const file = `${CGROUP}${mounted}${path}/cgroup.procs`;
      return existsSync(file) ? [file] : [];
    });
}
