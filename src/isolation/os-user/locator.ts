/**
 * Runs on a host (Node on standard input, as root): where the boundaries of its tenants run, in one pass over /proc, and as whom. Reads what
 * the kernel says of processes, nothing that a tenant wrote. Decides nothing.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

export interface LocateRequest {
  readonly tenants: readonly { readonly tenant: string; readonly user: string; readonly namespace: string; readonly nested?: true }[];
}

export interface Located {
  /** From /etc/passwd, where useradd puts them. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  readonly boundary: Boundary | null;
}

export interface Boundary {
  /** Its pid 1, as the host numbers it. */
  readonly pid: number;
  /** The control groups it is in. */
  readonly joins: readonly string[];
  /** Of a container that the tenant's own engine runs: pid 1 of the namespaces in which that engine is, which is the tenant's or root's. */
  readonly outer?: number;
}

const CGROUP = '/sys/fs/cgroup';

export async function main({ tenants }: LocateRequest): Promise<Record<string, Located>> {
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }] as const),
  );
  const firsts = firstProcesses();
  return Object.fromEntries(
    tenants.map(({ tenant, user: name, namespace, nested }) => {
      const found = statSync(`/run/netns/${namespace}`, { throwIfNoEntry: false });
      const user = users.get(name) ?? null;
      const at = (level: number, uid: number | undefined): Boundary | undefined =>
        found === undefined || uid === undefined ? undefined : firsts.get(keyOf(`net:[${found.ino}]`, level, uid));
      if (nested !== true) return [tenant, { user, boundary: at(2, 0) ?? null }];
      const [outer, inner] = [at(2, user?.uid) ?? at(2, 0), at(3, user?.uid)];
      return [tenant, { user, boundary: outer === undefined || inner === undefined ? null : { ...inner, outer: outer.pid } }];
    }),
  );
}

function keyOf(namespace: string, level: number, uid: number): string {
  return `${namespace} ${level} ${uid}`;
}

/**
 * Every pid 1 of the second and third pid namespace counted from here, by network namespace, level and user. A tenant cannot fake one: root's are
 * not its, and whatever namespaces it makes are nested deeper, in a container of its own engine those that it makes in there.
 */
function firstProcesses(): ReadonlyMap<string, Boundary> {
  const found = new Map<string, Boundary>();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      // First what anyone may read: of processes with more privileges than ours the namespaces are not told.
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const [, between] = /^NSpid:\t\d+(\t\d+)?\t1$/m.exec(status) ?? ['', null];
      const [, uid] = /^Uid:\t(\d+)\t\1\t\1\t\1$/m.exec(status) ?? [];
      if (between === null || uid === undefined) continue;
      const key = keyOf(readlinkSync(`/proc/${pid}/ns/net`), between === undefined ? 2 : 3, Number(uid));
      // Until it has a child its root is still the host's: whoever entered it now would stay outside.
      if (found.has(key) || readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8') === '') continue;
      found.set(key, { pid: Number(pid), joins: joins(readFileSync(`/proc/${pid}/cgroup`, 'utf8')) });
    } catch (error) {
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error; // it ended meanwhile
    }
  }
  return found;
}

/** The cgroup.procs files by which a process joins where another one is; the roots are left out. cgroups(7). */
export function joins(text: string): string[] {
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
