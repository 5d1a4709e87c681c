/**
 * What a container of the tenant's own, rootless Podman needs besides the rest: the image as a directory of root's, and one subordinate id, which is root
 * in the container and nobody outside. Podman itself lives with the container and goes with it; its files lie in memory that only it sees.
 */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { IdRange } from '../../core/subordinate-ids.ts';
import { foreign, gidOf, uidOf, userOf } from '../os-user/names.ts';
import type { OsUserObserved } from '../os-user/observer.ts';
import { SET_RANGE } from './programs.ts';
import type { RootlessSeen } from './rootless-observer.ts';

/** Above what engines of sandboxes have (`os-user/engine.ts`), plus the tenant's own id, which is smaller than 65536: no two tenants' meet. */
const SUBORDINATE = 0x7fff_0000;

/** Of what was observed. */
interface Rootless {
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

/** Asks the Podman of a container that runs, where it runs. Undefined while it does not. */
export function askArgv({ base, rootless }: Rootless): readonly string[] | undefined {
  const outer = base.boundary?.outer;
  if (outer === undefined || rootless === undefined) return undefined;
  return ['nsenter', '-t', String(outer), '--net', '--pid', '--mount', '--', ...asEngineUser(base), ...podmanArgv(base, rootless.place)];
}

/** Its one id outside and the tenant's user: what the container calls 0 owns nothing, and the user has the same number in it. */
export function idMaps(observed: OsUserObserved): readonly string[] {
  const map = (flag: string, id: number): readonly string[] => [`--${flag}`, '0:1:1', `--${flag}`, `${id}:0:1`];
  return [...map('uidmap', uidOf(observed)), ...map('gidmap', gidOf(observed))];
}

/** Throws BulkheadError `apply` for ids that somebody else has, and for a host that lacks a program. */
export function refuseRootless(blueprint: Blueprint, { instance }: Layout, { base, rootless }: Rootless): void {
  if (rootless === undefined) return;
  const runtime = runtimeOf(base);
  for (const [program, debian] of [
    ['newuidmap', 'uidmap'],
    ['newgidmap', 'uidmap'],
    [runtime, runtime],
  ] as const) {
    if (rootless.programs.includes(program)) continue;
    const what = `${blueprint.tenant} on ${blueprint.host}: rootless Podman needs ${program}, which is not installed`;
    throw new BulkheadError('apply', what, `apt-get install ${debian}`);
  }
  // Another tenant's lines are taken away with that tenant's own convergence.
  const isForeign = ({ holder }: IdRange): boolean => !holder.startsWith(`${instance}-`) && holder !== String(uidOf(base));
  for (const { kind, file, idOf } of KINDS) {
    const id = idOf(base);
    const taken = rootless.ranges[kind].find((range) => isForeign(range) && [id, SUBORDINATE + id].some((one) => covers(range, one)));
    if (taken === undefined) continue;
    const range = `${taken.first}-${taken.first + taken.count - 1}`;
    throw foreign(
      blueprint,
      `${file} gives ${taken.holder} the ids ${range}, among them this tenant’s`,
      `look at it with: grep ${taken.first} ${file}`,
    );
  }
}

function covers({ first, count }: IdRange, id: number): boolean {
  return first <= id && id < first + count;
}

/** One id of each kind and no other: whatever else stands beside the tenant's name, or its number, would be its to take. subuid(5). */
export function convergeSubordinate(blueprint: Blueprint, base: OsUserObserved, rootless: RootlessSeen): readonly Command[] {
  const { name } = userOf(blueprint);
  return KINDS.flatMap(({ kind, file, idOf }) => {
    const first = SUBORDINATE + idOf(base);
    const [only, ...more] = ownRanges(blueprint, base, rootless.ranges[kind]);
    if (more.length === 0 && only?.holder === name && only.first === first && only.count === 1) return [];
    return [{ title: `give ${name} the id ${first} in ${file}, and no other`, argv: setRange(blueprint, base, file, `${name}:${first}:1`) }];
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
