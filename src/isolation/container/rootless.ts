/**
 * What a container of the tenant's own, rootless engine needs besides the rest: the image as a directory of root's, and subordinate ids, of which the first is
 * root in the container and nobody outside. The engine itself lives with the container and goes with it; its files lie in memory that only it sees.
 */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { IdRange } from '../../core/subordinate-ids.ts';
import type { Engine } from '../../core/words.ts';
import { asEngine } from '../os-user/engine.ts';
import { foreign, gidOf, uidOf, userOf } from '../os-user/names.ts';
import type { OsUserObserved } from '../os-user/observer.ts';
import { SET_RANGE } from './programs.ts';
import { subordinatesOf } from './rootless-docker.ts';
import type { RootlessSeen } from './rootless-observer.ts';

/** Above what engines of sandboxes have (`os-user/engine.ts`), plus the tenant's own id, which is smaller than 65536: no two tenants' meet. */
const SUBORDINATE = 0x7fff_0000;

/** Of what was observed. */
interface Rootless {
  readonly engine: Engine;
  readonly base: OsUserObserved;
  readonly rootless?: RootlessSeen;
}

const KINDS = [
  { kind: 'users', file: '/etc/subuid', idOf: uidOf },
  { kind: 'groups', file: '/etc/subgid', idOf: gidOf },
] as const;

/** The image that is started by its id, unpacked: belongs to root, no tenant can change it. */
export function imageRoot(layout: Layout, id: string): string {
  return `${imageRoots(layout)}/${id.replace(/^sha256:/, '')}`;
}

export function imageRoots(layout: Layout): string {
  return `${layout.stateDir}/container-roots`;
}

/** runc where the kernel has control groups of version 1, which crun refuses when both are mounted; crun elsewhere: only it starts without a group of its own. */
export function runtimeOf({ cgroups }: OsUserObserved): 'runc' | 'crun' {
  return cgroups === 2 ? 'crun' : 'runc';
}

/** Podman with nothing of the host's configuration; `place`: where its files lie, for it alone. */
export function podmanArgv(observed: OsUserObserved, place: string): readonly [string, ...string[]] {
  // The root of the container is a directory: nothing is stored in layers.
  const nothing = { CONTAINERS_CONF: '/dev/null', CONTAINERS_STORAGE_CONF: '/dev/null', STORAGE_DRIVER: 'vfs' };
  const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', HOME: place, XDG_RUNTIME_DIR: place, ...nothing };
  return [
    'env',
    '-i',
    '--chdir=/',
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    'podman',
    '--log-level=error',
    `--root=${place}/storage`,
    `--runroot=${place}/run`,
    '--cgroup-manager=cgroupfs',
    '--events-backend=none',
    `--runtime=${runtimeOf(observed)}`,
  ];
}

/** Becomes the tenant's user. It may gain privileges once more: newuidmap(1) is set-user-ID, and only Podman, not the container, gets to it. */
export function asEngineUser(observed: OsUserObserved): readonly string[] {
  const ids = ['--reuid', String(uidOf(observed)), '--regid', String(gidOf(observed)), '--clear-groups'];
  const drop = ['--inh-caps=-all', '--ambient-caps=-all', '--pdeathsig', 'KILL'];
  return ['prlimit', '--core=1', '--nofile=8192', '--', 'setpriv', ...ids, ...drop, '--'];
}

/** Asks the engine of a container that runs, where it runs. Undefined while it does not. */
export function askArgv({ engine, base, rootless }: Rootless): readonly string[] | undefined {
  const outer = base.boundary?.outer;
  if (outer === undefined || rootless === undefined) return undefined;
  if (engine === 'docker') return ['nsenter', '-t', String(outer), '--mount', '--', ...asEngine(base), 'docker'];
  return ['nsenter', '-t', String(outer), '--net', '--pid', '--mount', '--', ...asEngineUser(base), ...podmanArgv(base, rootless.place)];
}

/** Its one id outside and the tenant's user: what the container calls 0 owns nothing, and the user has the same number in it. */
export function idMaps(observed: OsUserObserved): readonly string[] {
  const map = (flag: string, id: number): readonly string[] => [`--${flag}`, '0:1:1', `--${flag}`, `${id}:0:1`];
  return [...map('uidmap', uidOf(observed)), ...map('gidmap', gidOf(observed))];
}

/** Program → Debian package that brings it. */
const PROGRAMS = {
  podman: { newuidmap: 'uidmap', newgidmap: 'uidmap' },
  docker: { dockerd: 'docker.io', containerd: 'containerd', runc: 'runc', bwrap: 'bubblewrap' },
} as const;

/** Throws BulkheadError `apply` for ids that somebody else has, for a host that lacks a program, and for one of a kind on which it was never run. */
export function refuseRootless(blueprint: Blueprint, { instance }: Layout, { engine, base, rootless }: Rootless): void {
  if (rootless === undefined) return;
  const where = `${blueprint.tenant} on ${blueprint.host}`;
  if (engine === 'docker' && base.cgroups === 2)
    throw new BulkheadError('apply', `${where}: rootless Docker was not tried on a host of control groups v2 yet`, 'engine: podman');
  const runtime = engine === 'podman' ? { [runtimeOf(base)]: runtimeOf(base) } : {};
  for (const [program, debian] of Object.entries({ ...PROGRAMS[engine], ...runtime })) {
    if (rootless.programs.includes(program)) continue;
    const name = engine === 'podman' ? 'Podman' : 'Docker';
    const what = `${where}: rootless ${name} needs ${program}, which is not installed`;
    throw new BulkheadError('apply', what, `apt-get install ${debian}`);
  }
  // Another tenant's lines are taken away with that tenant's own convergence.
  const isForeign = ({ holder }: IdRange): boolean => !holder.startsWith(`${instance}-`) && holder !== String(uidOf(base));
  for (const { kind, file, idOf } of KINDS) {
    const id = idOf(base);
    const own = [{ first: id, count: 1 }, wantedRange(engine, base, id)];
    const taken = rootless.ranges[kind].find((range) => isForeign(range) && own.some((one) => meet(range, one)));
    if (taken === undefined) continue;
    const range = `${taken.first}-${taken.first + taken.count - 1}`;
    throw foreign(
      blueprint,
      `${file} gives ${taken.holder} the ids ${range}, among them this tenant’s`,
      `look at it with: grep ${taken.first} ${file}`,
    );
  }
}

type Range = Pick<IdRange, 'first' | 'count'>;

function meet(one: Range, other: Range): boolean {
  return one.first < other.first + other.count && other.first < one.first + one.count;
}

/** `id`: the tenant's own, of this kind. */
function wantedRange(engine: Engine, base: OsUserObserved, id: number): Range {
  return engine === 'docker' ? subordinatesOf(base) : { first: SUBORDINATE + id, count: 1 };
}

/** One range of each kind and no other: whatever else stands beside the tenant's name, or its number, would be its to take. subuid(5). */
export function convergeSubordinate(blueprint: Blueprint, { engine, base, rootless }: Rootless): readonly Command[] {
  if (rootless === undefined) return [];
  const { name } = userOf(blueprint);
  return KINDS.flatMap(({ kind, file, idOf }) => {
    const { first, count } = wantedRange(engine, base, idOf(base));
    const [only, ...more] = ownRanges(blueprint, base, rootless.ranges[kind]);
    if (more.length === 0 && only?.holder === name && only.first === first && only.count === count) return [];
    const ids = count === 1 ? `the id ${first}` : `the ids ${first}-${first + count - 1}`;
    return [{ title: `give ${name} ${ids} in ${file}, and no other`, argv: setRange(blueprint, base, file, `${name}:${first}:${count}`) }];
  });
}

export function removeSubordinate(blueprint: Blueprint, { base, rootless }: Rootless): readonly Command[] {
  return KINDS.flatMap(({ kind, file }) => {
    if (rootless === undefined || ownRanges(blueprint, base, rootless.ranges[kind]).length === 0) return [];
    return [{ title: `take the ids of ${userOf(blueprint).name} from ${file}`, argv: setRange(blueprint, base, file) }];
  });
}

function ownRanges(blueprint: Blueprint, base: OsUserObserved, ranges: readonly IdRange[]): readonly IdRange[] {
  const own = [userOf(blueprint).name, String(uidOf(base))];
  return ranges.filter(({ holder }) => own.includes(holder));
}

/** usermod(8) does it for nobody who has a process. */
function setRange(blueprint: Blueprint, base: OsUserObserved, file: string, ...line: readonly string[]): Command['argv'] {
  return ['perl', '-e', SET_RANGE, file, userOf(blueprint).name, String(uidOf(base)), ...line];
}
