/**
 * Runs on a host as whoever runs Bulkhead (Node on standard input): what is around each gateway: mounts, control group, unit, sockets of
 * engines. Reads /proc and metadata of files, follows no link that a tenant may have made, decides nothing.
 * Source: proc(5), cgroups(7), systemd.unit(5).
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { SOCKET_PEER } from '../core/socket-peer.ts';
import { machineIdentity, type IdentitySeen } from './machine-identity.ts';
import { backingOf, mountsIn, type Mounts } from './mounts.ts';
import { printedBy } from './printed-by.ts';
import { attempt, type Seen } from './seen.ts';

export interface MachineRequest {
  readonly tenants: readonly {
    readonly tenant: string;
    /** The gateway, its user and groups, and whoever has its mounts, where that is another process; absent when nothing runs. */
    readonly process?: { readonly pid: number; readonly uid: number; readonly groups: readonly number[]; readonly files?: number };
    /** Where it keeps what it has. */
    readonly tree?: string;
  }[];
  /** Sockets of container engines, and beginnings of names that OpenClaw takes in /tmp, ended by the user's number. */
  readonly sockets: readonly string[];
  readonly names: readonly string[];
  readonly agents: readonly string[];
}

interface Owned {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}
interface Surroundings {
  readonly hidepid: string;
  readonly procGid?: number;
  readonly tmp?: string;
  readonly shm?: string;
  readonly takenNames: readonly { readonly path: string; readonly uid: number | null }[];
  readonly engineSockets: readonly string[];
  readonly ownEngines: readonly string[];
  readonly memoryBytes: number | null;
  readonly pids: number | null;
  readonly cpus: number | null;
  readonly disk?: Disk;
}
interface Disk {
  readonly device: string;
  readonly fileSystem: string;
  readonly bytes?: number;
  readonly image?: string;
}
interface Unit {
  readonly unit?: string;
  readonly manager?: string;
  readonly places: readonly Owned[];
}
export interface MachineCollected {
  readonly machine: Seen<
    IdentitySeen & { readonly ptraceScope: string; readonly tmp: string; readonly shm: string; readonly managementAgents: readonly string[] }
  >;
  readonly tenants: Record<
    string,
    {
      readonly surroundings: Seen<Surroundings | null>;
      readonly service: Seen<Unit>;
      /** What its control group says of a container: the id of one, or nothing. */
      readonly container: Seen<string | null>;
    }
  >;
}

const CGROUP = '/sys/fs/cgroup';
const UNIT_DIRS = ['/etc/systemd/system', '/run/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system'];

export async function main(request: MachineRequest): Promise<MachineCollected> {
  const own = attempt(() => mountsOf('self'));
  const machine = attempt(() => ({
    ptraceScope: readText('/proc/sys/kernel/yama/ptrace_scope')?.trim() ?? 'absent',
    tmp: own.ok ? (backingOf(own.value, '/tmp')?.backing ?? '') : '',
    shm: own.ok ? (backingOf(own.value, '/dev/shm')?.backing ?? '') : '',
    managementAgents: agents(new Set(request.agents)),
    ...machineIdentity(),
  }));
  const tenants = request.tenants.map((tenant) => {
    const { process } = tenant;
    const groups = attempt(() => (process === undefined ? [] : controlGroups(process.pid)));
    return [
      tenant.tenant,
      {
        surroundings: groups.ok ? attempt(() => (process === undefined ? null : surroundings(process, groups.value, request, tenant.tree))) : groups,
        service: groups.ok ? attempt(() => unitOf(groups.value)) : groups,
        container: groups.ok ? attempt(() => containerOf(groups.value)) : groups,
      },
    ] as const;
  });
  return { machine, tenants: Object.fromEntries(tenants) };
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** A small file of the kernel's or of root's; undefined when it is not there. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function mountsOf(pid: number | 'self'): Mounts {
  const mounts = mountsIn(readText(`/proc/${pid}/mountinfo`) ?? '');
  if (mounts.size === 0) throw new Error(`the mounts of process ${pid} are not known`);
  return mounts;
}

type Process = NonNullable<MachineRequest['tenants'][number]['process']>;
interface ControlGroup {
  /** Empty for the unified hierarchy. */
  readonly controllers: readonly string[];
  readonly path: string;
}

function controlGroups(pid: number): readonly ControlGroup[] {
  const text = readText(`/proc/${pid}/cgroup`);
  if (text === undefined) throw new Error(`process ${pid} ended while it was looked at`);
  return text.split('\n').flatMap((line) => {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    return path === '' ? [] : [{ controllers: controllers === '' ? [] : controllers.split(','), path }];
  });
}

function surroundings(process: Process, groups: readonly ControlGroup[], request: MachineRequest, tree: string | undefined): Surroundings {
  const { uid, files: pid = process.pid } = process;
  const mounts = mountsOf(pid);
  const options = mounts.get('/proc')?.options ?? '';
  const words: Readonly<Record<string, string>> = { off: '0', noaccess: '1', invisible: '2', ptraceable: '4' };
  const hidepid = /\bhidepid=(\w+)/.exec(options)?.[1] ?? '0';
  const gid = /\bgid=(\d+)/.exec(options)?.[1];
  const sockets = request.sockets.flatMap((path) => {
    const real = opened(process, path);
    return real === undefined ? [] : [{ path, own: isAnsweredWithin(pid, real) }];
  });
  const [tmp, shm] = [backingOf(mounts, '/tmp')?.backing, backingOf(mounts, '/dev/shm')?.backing];
  return {
    hidepid: words[hidepid] ?? hidepid,
    ...(gid === undefined ? {} : { procGid: Number(gid) }),
    ...(tmp === undefined ? {} : { tmp }),
    ...(shm === undefined ? {} : { shm }),
    takenNames: request.names.map((name) => {
      const path = `${name}${uid}`;
      return { path, uid: lstatSync(path, { throwIfNoEntry: false })?.uid ?? null };
    }),
    engineSockets: sockets.filter(({ own }) => !own).map(({ path }) => path),
    ownEngines: sockets.filter(({ own }) => own).map(({ path }) => path),
    ...limits(groups),
    ...(tree === undefined ? {} : { disk: diskOf(mounts, tree) }),
  };
}

/** By what the gateway itself has mounted there: what the host has there now may be something else. sysfs(5), loop(4). */
function diskOf(mounts: Mounts, tree: string): Disk {
  const found = backingOf(mounts, tree);
  const device = /^\d+:\d+/.exec(found?.backing ?? '')?.[0];
  if (found === undefined || device === undefined) throw new Error(`nothing is mounted where ${tree} is`);
  const sectors = readText(`/sys/dev/block/${device}/size`)?.trim();
  const image = readText(`/sys/dev/block/${device}/loop/backing_file`)?.trim();
  return {
    device,
    fileSystem: found.fileSystem,
    ...(sectors === undefined ? {} : { bytes: Number(sectors) * 512 }),
    ...(image === undefined ? {} : { image }),
  };
}

/** Whether what listens there runs among the gateway's own processes, which the host's are not. Not told is no. */
function isAnsweredWithin(pid: number, real: string): boolean {
  try {
    const argv = ['-e', SOCKET_PEER, `/proc/${pid}/root${real}`];
    const peer = Number(printedBy('perl', argv, { timeoutMs: 5000 }).split(' ')[0]);
    const [its, gateway, host] = [peer, pid, 'self'].map((process) => readlinkSync(`/proc/${process}/ns/pid`));
    return its === gateway && gateway !== host;
  } catch {
    return false; // there is then no reason to spare it
  }
}

/**
 * The socket's real path in the process's own root, where it may be opened. Walks the way by hand, links by their text: the kernel would take an
 * absolute one from our root.
 */
function opened({ pid: gateway, files: pid = gateway, uid, groups }: Process, path: string): string | undefined {
  const may = (bits: number, owner: number, group: number, wanted: number): boolean =>
    uid === 0 || ((bits >> (owner === uid ? 6 : groups.includes(group) ? 3 : 0)) & wanted) !== 0;
  const todo = path.split('/').filter((part) => part !== '');
  let at = '';
  for (let steps = 0; todo.length > 0 && steps < 60; steps += 1) {
    const part = todo.shift() ?? '';
    if (part === '..') at = at.slice(0, Math.max(at.lastIndexOf('/'), 0));
    if (part === '..' || part === '.' || part === '') continue;
    const found = lstatSync(`/proc/${pid}/root${at}/${part}`, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    if (found.isSymbolicLink()) {
      const target = readlinkSync(`/proc/${pid}/root${at}/${part}`);
      if (target.startsWith('/')) at = '';
      todo.unshift(...target.split('/'));
    } else if (todo.length === 0) return found.isSocket() && may(found.mode, found.uid, found.gid, 2) ? `${at}/${part}` : undefined;
    else if (!found.isDirectory() || !may(found.mode, found.uid, found.gid, 1)) return undefined;
    else at = `${at}/${part}`;
  }
  return undefined;
}

/** The least on the way up; where a hierarchy is not mounted nothing is known of it. */
function limits(groups: readonly ControlGroup[]): Pick<Surroundings, 'memoryBytes' | 'pids' | 'cpus'> {
  const unified = readText(`${CGROUP}/cgroup.controllers`) !== undefined;
  const least = (controller: string, value: (dir: string) => number | null): number | null => {
    const group = groups.find(({ controllers }) => (unified ? controllers.length === 0 : controllers.includes(controller)));
    if (group === undefined) return null;
    if (group.path.includes('/..')) throw new Error('its control group is above what can be seen from here');
    const top = unified ? CGROUP : `${CGROUP}/${controller}`;
    const found: number[] = [];
    for (let at = group.path; at.length > 1; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
      const limit = value(`${top}${at}`);
      if (limit !== null) found.push(limit);
    }
    return found.length === 0 ? null : Math.min(...found);
  };
  const number = (text: string | undefined): number | null => {
    const value = Number(text?.trim() ?? 'max');
    // v1 says "none" with the largest whole number of pages; -1 for processors.
    return Number.isFinite(value) && value >= 0 && value < 2 ** 60 ? value : null;
  };
  const share = (quota: string | undefined, period: string | undefined): number | null => {
    const [most, every] = [number(quota), number(period)];
    return most === null || every === null || every === 0 ? null : most / every;
  };
  return {
    memoryBytes: least('memory', (dir) => number(readText(`${dir}/${unified ? 'memory.max' : 'memory.limit_in_bytes'}`))),
    pids: least('pids', (dir) => number(readText(`${dir}/pids.max`))),
    cpus: least('cpu', (dir) => {
      const both = readText(`${dir}/cpu.max`)?.trim().split(' ') ?? [];
      return unified ? share(both[0], both[1]) : share(readText(`${dir}/cpu.cfs_quota_us`), readText(`${dir}/cpu.cfs_period_us`));
    }),
  };
}

/** By the control group that systemd put it in: systemd.slice(5), user@.service(5). */
function unitOf(groups: readonly ControlGroup[]): Unit {
  const path = (groups.find(({ controllers }) => controllers.includes('name=systemd')) ?? groups.find(({ controllers }) => controllers.length === 0))
    ?.path;
  const units = (path ?? '').split('/').filter((part) => /\.(?:service|scope)$/.test(part));
  const user = units.map((unit) => /^user@(\d+)\.service$/.exec(unit)?.[1]).find((uid) => uid !== undefined);
  const unit = units.findLast((name) => name.endsWith('.service') && !name.startsWith('user@'));
  if (unit === undefined) return { places: [] };
  if (user !== undefined) return { unit, manager: `user ${user}`, places: [] };
  // A drop-in counts for every prefix of the name that ends in a dash: systemd.unit(5).
  const stem = unit.slice(0, -'.service'.length);
  const prefixes = [...stem.matchAll(/-/g)].map(({ index }) => `${stem.slice(0, index + 1)}.service.d`);
  const names = [unit, `${unit}.d`, 'service.d', ...prefixes];
  const places = UNIT_DIRS.flatMap((dir) => [dir, ...names.map((name) => `${dir}/${name}`)]).flatMap((place) => {
    const found = owned(place);
    if (found === undefined) return [];
    return [found, ...(place.endsWith('.d') ? readdirSync(place).flatMap((name) => owned(`${place}/${name}`) ?? []) : [])];
  });
  return { unit, manager: 'system', places: places.slice(0, 100) };
}

function containerOf(groups: readonly ControlGroup[]): string | null {
  for (const { path } of groups) {
    const id = /(?:docker|libpod|crio|containerd)[/-](?:conmon-)?([0-9a-f]{64})/.exec(path)?.[1];
    if (id !== undefined) return id;
  }
  return null;
}

function owned(path: string): Owned | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : { path, uid: found.uid, gid: found.gid, mode: found.mode & 0o7777 };
}

function agents(wanted: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const program = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '';
      for (const name of [program.slice(program.lastIndexOf('/') + 1), readFileSync(`/proc/${pid}/comm`, 'utf8').trim()])
        if (wanted.has(name)) found.add(name);
    } catch (error) {
      if (!isGone(error)) throw error; // it ended meanwhile
    }
  }
  return [...found].toSorted();
}
