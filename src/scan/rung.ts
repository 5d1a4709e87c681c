/** The rung that a gateway really stands on, by what the kernel and its engine say. Pure. */
import type { Rung } from '../core/words.ts';
import { ROOT_GROUPS } from '../core/os-facts.ts';
import type { Gateway } from './merge.ts';

export interface Standing {
  readonly rung: Rung;
  /** What it rests on, and what is missing to the next one. */
  readonly why: string;
}

export interface Surroundings {
  readonly all: readonly Gateway[];
  readonly namespaces: Readonly<Record<string, string>>;
  readonly groups: readonly { readonly name: string; readonly gid: number; readonly members: readonly string[] }[];
  /** Nothing on the machine was out of sight. */
  readonly sawAll: boolean;
}

export function standingOf(gateway: Gateway, around: Surroundings): Standing {
  const { all, sawAll } = around;
  if (all.length === 1 && sawAll) return { rung: 'host', why: 'the only gateway that was found on this machine' };
  const { sighting } = gateway.main;
  const container = [sighting, ...gateway.others].find((one) => one.container !== undefined)?.container;
  if (container !== undefined) {
    const holes = holesOf(container.fact);
    const what = `${container.fact.engine === 'kubernetes' ? 'pod' : 'container'} ${container.fact.name}`;
    return holes.length === 0 ? { rung: 'container', why: what } : fallen(`${what}, but ${holes.join(', ')}`, gateway, around);
  }
  return asUser(gateway, around);
}

/** What makes a container no boundary. */
function holesOf({ privileged, hostNamespaces, mounts, capAdd }: NonNullable<Gateway['main']['sighting']['container']>['fact']): readonly string[] {
  return [
    ...(privileged ? ['it is privileged'] : []),
    ...hostNamespaces.filter((name) => name !== 'uts').map((name) => `its ${name} namespace is not its own`),
    ...mounts
      .filter(({ source, target }) => source === '/' || /(?:docker|podman|containerd|crio)\.sock$/.test(`${source} ${target}`))
      .map(({ source }) => `${source} is mounted into it`),
    ...capAdd.filter((name) => /SYS_ADMIN|SYS_PTRACE|DAC_READ_SEARCH|SYS_MODULE|^ALL$/.test(name)).map((name) => `it has ${name}`),
  ];
}

/** A privileged container runs as whoever it runs as, and reaches what root reaches. */
function fallen(why: string, gateway: Gateway, around: Surroundings): Standing {
  const { rung } = asUser(gateway, around);
  return { rung: why.includes('privileged') ? 'profile' : rung, why };
}

function asUser({ main: { sighting } }: Gateway, { all, namespaces, groups: database }: Surroundings): Standing {
  const { runsAs, process } = sighting;
  if (runsAs === undefined) return { rung: 'profile', why: 'who it runs as is not known: the lowest rung is assumed' };
  const { uid, name = `uid ${uid}`, groups } = runsAs;
  if (uid === 0) return { rung: 'profile', why: 'it runs as root' };
  const sharing = all.filter(({ main }) => main.sighting.runsAs?.uid === uid);
  if (sharing.length > 1) return { rung: 'profile', why: `${name} runs ${sharing.length} gateways` };
  const held = database
    .filter(({ gid, members }) => groups.includes(gid) || members.includes(name))
    .map((group) => group.name)
    .filter((group) => ROOT_GROUPS.includes(group));
  if (held.length > 0) return { rung: 'profile', why: `${name} is in the group ${held.join(', ')}, which is as good as root` };
  const seen = process?.namespaces.ok === true ? process.namespaces.value : undefined;
  const common = seen === undefined ? [] : ['net', 'mnt', 'pid'].filter((kind) => seen[kind] === namespaces[kind]);
  const rest = common.length === 0 ? '' : `; ${common.map((kind) => COMMON[kind] ?? kind).join(', ')} in common with the host`;
  return { rung: 'os-user', why: `a user of its own, ${name}${rest}` };
}

const COMMON: Readonly<Record<string, string>> = { net: 'loopback and network', mnt: 'mounts and /tmp', pid: 'processes' };
