/** Memory, tasks and processor time. On a systemd host the unit owns the control group; only elsewhere do we make one. cgroups(7). */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { hasOwnDocker, userOf } from './names.ts';
import type { OsUserObserved } from './observer.ts';
import { REMOVE_CGROUPS } from './programs.ts';

const ROOT = '/sys/fs/cgroup';
const V1_CONTROLLERS = ['memory', 'pids', 'cpu'] as const;
/** Limits nothing here: an engine looks for it, and is to see no group but its own. */
const V1_DEVICES = 'devices';
const PERIOD = 100_000;
/** The kernel rounds memory limits down to whole pages. */
const PAGE = 4096;

/** Directories of the tenant's control group; empty where systemd owns it or nothing can be limited. */
export function cgroupDirs(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly string[] {
  if (observed.systemd || observed.cgroups === 0) return [];
  const path = `${layout.instance}/${userOf(blueprint).name}`;
  return observed.cgroups === 2
    ? [`${ROOT}/${path}`]
    : [...V1_CONTROLLERS, ...(hasOwnDocker(blueprint) ? [V1_DEVICES] : [])].map((controller) => `${ROOT}/${controller}/${path}`);
}

export function joinFiles(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly string[] {
  return cgroupDirs(blueprint, layout, observed).map((dir) => `${dir}/cgroup.procs`);
}

/** Every file whose value tells whether limits stand, for both versions; absent ones are read as null. */
export function limitFiles(blueprint: Blueprint, layout: Layout): readonly string[] {
  const both = [1, 2] as const;
  return both.flatMap((version) => Object.keys(wantedLimits(blueprint, layout, version, true)));
}

function wantedLimits({ limits, user }: Blueprint, layout: Layout, version: 1 | 2, swapLimit: boolean): Readonly<Record<string, string>> {
  const path = `${layout.instance}/${user?.name}`;
  const memory = String(Math.floor(limits.memoryBytes / PAGE) * PAGE);
  const quota = Math.round(limits.cpus * PERIOD);
  if (version === 2) {
    const dir = `${ROOT}/${path}`;
    return {
      [`${dir}/memory.max`]: memory,
      [`${dir}/memory.swap.max`]: '0',
      [`${dir}/memory.oom.group`]: '1',
      [`${dir}/pids.max`]: String(limits.pids),
      [`${dir}/cpu.max`]: `${quota} ${PERIOD}`,
    };
  }
  return {
    [`${ROOT}/memory/${path}/memory.limit_in_bytes`]: memory,
    ...(swapLimit ? { [`${ROOT}/memory/${path}/memory.memsw.limit_in_bytes`]: memory } : {}),
    [`${ROOT}/pids/${path}/pids.max`]: String(limits.pids),
    [`${ROOT}/cpu/${path}/cpu.cfs_period_us`]: String(PERIOD),
    [`${ROOT}/cpu/${path}/cpu.cfs_quota_us`]: String(quota),
  };
}

export function convergeLimits(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const dirs = cgroupDirs(blueprint, layout, observed);
  if (dirs.length === 0 || observed.cgroups === 0) return [];
  const commands: Command[] = [];
  const missing = dirs.some((dir) => (observed.entries[dir] ?? null) === null);
  if (missing) commands.push({ title: `create the control group of ${blueprint.tenant}`, argv: ['mkdir', '-p', '-m', '0755', '--', ...dirs] });
  if (missing && observed.cgroups === 2) commands.push(...handDown(layout));
  const wrong = Object.entries(wantedLimits(blueprint, layout, observed.cgroups, observed.swapLimit)).filter(
    ([file, value]) => observed.limits[file] !== value,
  );
  // v1 keeps memory ≤ memory+swap at every moment: the larger of the two is raised first.
  const raising = wrong.some(([file, value]) => file.endsWith('memsw.limit_in_bytes') && Number(value) > Number(observed.limits[file] ?? Infinity));
  const ordered = raising ? wrong.toSorted(([left], [right]) => Number(right.includes('memsw')) - Number(left.includes('memsw'))) : wrong;
  for (const [file, value] of ordered)
    commands.push({
      title: `limit ${file.slice(file.lastIndexOf('/') + 1)} of ${blueprint.tenant} to ${value}`,
      argv: ['tee', file],
      stdin: `${value}\n`,
    });
  return commands;
}

/** v2: only leaves hold processes, controllers are handed down level by level. */
function handDown(layout: Layout): readonly Command[] {
  return [ROOT, `${ROOT}/${layout.instance}`].map((dir) => ({
    title: `hand controllers down from ${dir}`,
    argv: ['tee', `${dir}/cgroup.subtree_control`] as const,
    stdin: '+memory +pids +cpu\n',
  }));
}

export function removeLimits(blueprint: Blueprint, layout: Layout, observed: OsUserObserved, last: boolean): readonly Command[] {
  // Also a group that an earlier manifest asked for.
  const dirs = cgroupDirs({ ...blueprint, sandbox: 'all' }, layout, observed);
  const parents = dirs.map((dir) => dir.slice(0, dir.lastIndexOf('/')));
  const doomed = [...dirs, ...(last ? parents : [])].filter((dir) => (observed.entries[dir] ?? null) !== null);
  return doomed.length === 0 ? [] : [{ title: `delete the control group of ${blueprint.tenant}`, argv: ['perl', '-e', REMOVE_CGROUPS, ...doomed] }];
}

/** Directories whose presence `convergeLimits` and `removeLimits` ask for. */
export function limitEntries(blueprint: Blueprint, layout: Layout): readonly string[] {
  const name = userOf(blueprint).name;
  const parents = [ROOT, ...[...V1_CONTROLLERS, V1_DEVICES].map((controller) => `${ROOT}/${controller}`)].map((dir) => `${dir}/${layout.instance}`);
  return parents.flatMap((parent) => [parent, `${parent}/${name}`]);
}

/** Where the own limits show inside, host path → path inside: V8 sizes its heap from them, not from the host's memory. */
export function visibleLimits(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly (readonly [string, string])[] {
  if (observed.systemd) return observed.cgroups === 2 ? [['{cgroup}', ROOT]] : [];
  const dirs = cgroupDirs(blueprint, layout, observed).filter((dir) => !dir.startsWith(`${ROOT}/${V1_DEVICES}/`));
  return dirs.map((dir) => [dir, observed.cgroups === 2 ? ROOT : dir.slice(0, dir.indexOf('/', ROOT.length + 1))] as const);
}
