/** Attempts on control groups, whose limits keep one tenant from using up what all need. Files are opened for writing and closed; nothing is written. */
import { closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { codeOf } from './code.ts';

export type Controller = 'memory' | 'pids' | 'cpu';

export type OnGroup = { readonly controller: Controller } & (
  | { readonly ask: 'own-limit'; readonly pid: number; readonly other: number }
  /** Changing one's `own` limit or leaving the group; else changing another's or joining it. */
  | { readonly ask: 'regulate'; readonly pid: number; readonly own: boolean }
  | { readonly ask: 'where'; readonly pid: number }
  /** Below a directory of one's own. */
  | { readonly ask: 'open-decoy'; readonly directory: string }
);

export function onGroup(action: OnGroup): string {
  const { controller } = action;
  switch (action.ask) {
    case 'own-limit':
      return ownLimit(groupOf(action.pid, controller), groupOf(action.other, controller), controller);
    case 'regulate':
      return regulate(groupOf(action.pid, controller), controller, action.own);
    case 'where':
      return standsIn(action.pid, controller);
    case 'open-decoy':
      return openGroup(action.directory, controller);
  }
}

/** A group in a tree of groups. `path` begins with `/`. */
export interface Group {
  readonly version: 1 | 2;
  readonly tree: string;
  readonly path: string;
}

const LIMIT_FILES: Readonly<Record<1 | 2, Readonly<Record<Controller, readonly string[]>>>> = {
  1: { memory: ['memory.limit_in_bytes'], pids: ['pids.max'], cpu: ['cpu.cfs_quota_us'] },
  2: { memory: ['memory.max'], pids: ['pids.max'], cpu: ['cpu.max'] },
};
/** Version 1 says "none" with the largest whole number of pages that fits. */
const NO_LIMIT = 2 ** 62;

/** Which group a process stands in, as the kernel says. Throws `ABSENT` where no tree has this controller. cgroups(7). */
function groupOf(pid: number, controller: Controller): Group {
  return groupIn(readFileSync(`/proc/${pid}/cgroup`, 'utf8'), controller);
}

export function groupIn(text: string, controller: Controller): Group {
  const lines = text.split('\n').map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line));
  const own = lines.find((line) => line?.[1]?.split(',').includes(controller))?.[2];
  const unified = lines.find((line) => line?.[1] === '')?.[2];
  const path = own ?? unified;
  // A group above the root of our own view has no name that could be followed.
  if (path === undefined || path.split('/').includes('..')) throw coded('ABSENT');
  return own === undefined ? { version: 2, tree: '/sys/fs/cgroup', path } : { version: 1, tree: `/sys/fs/cgroup/${controller}`, path };
}

/** Throws `LIMITED` where a group of this process that the other one is not in has a limit; a limit that both share keeps neither from the other. */
export function ownLimit(own: Group, other: Group, controller: Controller): string {
  existing(own);
  for (const path of upwards(own.path)) {
    if (isWithin(other.path, path)) break;
    if (LIMIT_FILES[own.version][controller].some((name) => limits(`${directory({ ...own, path })}/${name}`))) throw coded('LIMITED');
  }
  return `no limit on ${controller} but what it shares with the other`;
}

/** Bytes that the groups of a process leave it below their limits on memory, what can be had back at once not counted; undefined without a limit. */
export function roomOf(pid: number): number | undefined {
  const group = groupOf(pid, 'memory');
  const files = MEMORY_FILES[group.version];
  const rooms = [...upwards(group.path)].flatMap((path) => {
    const at = directory({ ...group, path });
    if (!limits(`${at}/${files.limit}`)) return [];
    const read = (name: string): string => readFileSync(`${at}/${name}`, 'utf8');
    const cached = Number(new RegExp(`^${files.cached} (\\d+)$`, 'm').exec(read('memory.stat'))?.[1] ?? 0);
    return [Number(read(files.limit)) - Number(read(files.used)) + cached];
  });
  return rooms.length === 0 ? undefined : Math.min(...rooms);
}

const MEMORY_FILES = {
  1: { limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes', cached: 'total_inactive_file' },
  2: { limit: 'memory.max', used: 'memory.current', cached: 'inactive_file' },
} as const;

/** Whether it may change its own limits or leave for a group above: `own`; or change those of the other and join it. */
export function regulate(group: Group, controller: Controller, own: boolean): string {
  existing(group);
  const refusals = new Set<string>();
  for (const path of own ? upwards(group.path) : [group.path]) {
    const joins = own && path === group.path ? [] : ['cgroup.procs', ...(group.version === 1 ? ['tasks'] : [])];
    for (const name of [...LIMIT_FILES[group.version][controller], ...joins]) {
      const file = `${directory({ ...group, path })}/${name}`;
      if (!existsSync(file)) continue;
      try {
        closeSync(openSync(file, constants.O_WRONLY));
        return `may write ${file}`;
      } catch (error) {
        refusals.add(codeOf(error));
      }
    }
  }
  throw coded(refusals.size === 0 ? 'ABSENT' : [...refusals].join(','));
}

/** That the group can be seen and holds the process: without it no refusal would mean anything. */
function standsIn(pid: number, controller: Controller): string {
  const group = groupOf(pid, controller);
  const members = readFileSync(`${directory(group)}/cgroup.procs`, 'utf8').split('\n');
  if (!members.includes(String(pid))) throw coded('ABSENT');
  return `process ${pid} stands in ${group.path}`;
}

/** The same questions about a made-up group without a limit, whose files this process may write. */
function openGroup(below: string, controller: Controller): string {
  const group: Group = { version: 2, tree: `${below}/groups-${controller}`, path: '/open' };
  mkdirSync(directory(group), { recursive: true });
  for (const name of [...LIMIT_FILES[2][controller], 'cgroup.procs']) writeFileSync(`${directory(group)}/${name}`, 'max\n');
  return [ownLimit(group, { ...group, path: '/other' }, controller), regulate(group, controller, true), regulate(group, controller, false)].join(
    '; ',
  );
}

/** False too where the group has no such file: at the root, or where the controller was not handed down. */
function limits(file: string): boolean {
  if (!existsSync(file)) return false;
  const [word = ''] = readFileSync(file, 'utf8').trim().split(' ');
  return word !== 'max' && Number(word) >= 0 && Number(word) < NO_LIMIT;
}

function existing(group: Group): void {
  closeSync(openSync(`${directory(group)}/cgroup.procs`, constants.O_RDONLY));
}

function directory({ tree, path }: Group): string {
  return path === '/' ? tree : `${tree}${path}`;
}

function* upwards(path: string): Generator<string> {
  for (let at = path; at !== '/'; at = at.slice(0, at.lastIndexOf('/')) || '/') yield at;
  yield '/';
}

function isWithin(path: string, parent: string): boolean {
  return parent === '/' || path === parent || path.startsWith(`${parent}/`);
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}
