/** What a machine needs before tenants are built on it, and the commands that bring what can be brought. Pure. */
import type { Command } from '../core/command.ts';
import type { MachineSeen, Need } from '../core/machine.ts';
import { ENGINE_PACKAGES, type Engine } from '../core/words.ts';
import { engineNeed, enginePackages, type WantedEngine } from './prepare-engine.ts';

/** What the tenants of one host want besides what all need. */
export interface Wants {
  readonly engines: readonly WantedEngine[];
  /** One has `limits.disk`. */
  readonly disks: boolean;
  /** One has a Podman of its own. */
  readonly rootless: boolean;
  /** One has a Docker of its own, for its container or its sandboxes. */
  readonly ownDocker: boolean;
}
const NOTHING: Wants = { engines: [], disks: false, rootless: false, ownDocker: false };

/** All that `prepareCommands` may ask apt for where tenants want everything and these engines. */
export function allPackages(engines: readonly Engine[]): readonly string[] {
  return [...new Set([...Object.values(ALL_PACKAGES_OF), TIME_PACKAGE, ...engines.map((engine) => ENGINE_PACKAGES[engine])])].toSorted();
}

/** Program → the package of Debian and Ubuntu that brings it. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  bwrap: 'bubblewrap',
  nft: 'nftables',
  ip: 'iproute2',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  prlimit: 'util-linux',
  mount: 'mount',
  useradd: 'passwd',
  ps: 'procps',
  tar: 'tar',
  sha256sum: 'coreutils',
  'update-ca-certificates': 'ca-certificates',
};
export const NEEDED_PROGRAMS = Object.keys(PACKAGE_OF);

/** The same for a disk of a tenant's own. */
const DISK_PACKAGE_OF: Readonly<Record<string, string>> = {
  'mkfs.ext4': 'e2fsprogs',
  debugfs: 'e2fsprogs',
  resize2fs: 'e2fsprogs',
  losetup: 'mount',
};

/** The same for a rootless Podman; of the two runtimes the one that can start a container there, see `isolation/container/rootless.ts`. */
const ROOTLESS_PACKAGE_OF: Readonly<Record<string, string>> = { newuidmap: 'uidmap', newgidmap: 'uidmap', runc: 'runc', crun: 'crun' };

/** The same for a Docker of a tenant's own; the one that the package starts as root is not used, and may be switched off. */
const DOCKER_PACKAGE_OF: Readonly<Record<string, string>> = {
  dockerd: ENGINE_PACKAGES.docker,
  docker: ENGINE_PACKAGES.docker,
  containerd: 'containerd',
  runc: 'runc',
};

const ALL_PACKAGES_OF = { ...PACKAGE_OF, ...DISK_PACKAGE_OF, ...ROOTLESS_PACKAGE_OF, ...DOCKER_PACKAGE_OF };
/** Whatever tenants want. */
export const ALL_PROGRAMS = Object.keys(ALL_PACKAGES_OF);

const TIME_PACKAGE = 'systemd-timesyncd';

/** Tokens and certificates stop to fit beyond this. */
const MOST_AHEAD_MS = 2_000;
/** Of a gateway at rest 0.8 GB, and what the machine itself takes. */
const LEAST_MEMORY = 1_500_000_000;
/** The install, once more while it is brought, and a tenant. */
const LEAST_DISK = 3_000_000_000;
/** Debian and the install once more, twice while it is brought. */
const IMAGE_DISK = 2_000_000_000;
/** systemd of Debian 11; `systemctl --output=json` and what the units use. */
const OLDEST_SYSTEMD = 247;

/** Of OpenClaw and its Node there. `steps` bring them; `refused` says why none can. */
export function installNeed(
  version: string,
  { steps, refused }: { readonly steps: number; readonly refused?: { readonly why: string; readonly fix: string } },
): Need {
  const what = `OpenClaw ${version} and its Node`;
  if (refused !== undefined) return need('openclaw', what, false, refused.why, refused.fix);
  if (steps === 0) return need('openclaw', what, true, 'there, and nobody but root can change it');
  return { id: 'openclaw', what, state: 'lacking', seen: 'not there as it must be: this machine has it to bring' };
}

/** In the order in which they are told. `here`: the machine that Bulkhead runs on. */
export function needsOf(seen: MachineSeen, here = false, wants: Wants = NOTHING): readonly Need[] {
  const { engines } = wants;
  const missing = missingPackages(seen, wants);
  const debian = isDebian(seen);
  const engine = engineNeed(seen, engines, debian);
  return [
    need('root', 'commands run as root', seen.root, seen.user === 'root' ? 'you log in as root' : `${seen.user} becomes root`),
    need(
      'system',
      'Debian or Ubuntu',
      debian,
      seen.system.name || 'no /etc/os-release',
      'without apt, install by hand what is said to be missing here',
    ),
    need(
      'machine',
      'Linux on x86_64 or aarch64',
      seen.kernel.startsWith('Linux ') && ['x86_64', 'aarch64'].includes(seen.architecture),
      `${seen.kernel} ${seen.architecture}`,
      'take a machine for which OpenClaw brings its Node',
    ),
    systemdNeed(seen, here),
    need(
      'control-groups',
      'limits for memory, processes and processor',
      seen.controlGroups.controllers.length === 3,
      `control groups ${seen.controlGroups.version}: ${seen.controlGroups.controllers.join(', ') || 'no controller'}`,
      'boot with cgroup_enable=memory, or have the container host delegate them',
    ),
    {
      id: 'programs',
      what: 'programs that boundaries are made with',
      state: missing.length === 0 ? 'fine' : debian ? 'lacking' : 'blocked',
      seen: missing.length === 0 ? `all ${programsFor(seen, wants).length}` : `missing: ${missing.join(', ')}`,
      ...(missing.length === 0 || debian ? {} : { fix: `install what brings ${missing.join(', ')}` }),
    },
    ...(engine === undefined ? [] : [engine]),
    packagesNeed(seen),
    need(
      'namespaces',
      'namespaces can be made',
      seen.namespaces,
      seen.namespaces ? 'network, mount and process' : 'unshare is refused',
      'take a machine of its own, not a container without CAP_SYS_ADMIN',
    ),
    ...(wants.disks
      ? [
          need(
            'loops',
            'disks of tenants can be mounted',
            seen.loops,
            seen.loops ? 'there are loop devices' : 'no /dev/loop-control',
            'modprobe loop; where the machine is a container, have its host give it loop devices',
          ),
        ]
      : []),
    firewallNeed(seen, missing),
    timeNeed(seen, debian),
    need(
      'memory',
      'memory for a gateway',
      seen.memoryBytes >= LEAST_MEMORY,
      gigabytes(seen.memoryBytes),
      'take a machine with at least 2 GB',
      'note',
    ),
    need(
      'disk',
      'room in /var/lib',
      seen.freeBytes >= LEAST_DISK + (engines.length === 0 ? 0 : IMAGE_DISK),
      `${gigabytes(seen.freeBytes)} free`,
      `make room: the install takes 0.9 GB, twice while it is brought${engines.length === 0 ? '' : ', and an image as much again'}`,
    ),
    listenersNeed(seen),
  ];
}

function need(id: string, what: string, fine: boolean, seen: string, fix?: string, otherwise: 'blocked' | 'note' = 'blocked'): Need {
  return { id, what, state: fine ? 'fine' : otherwise, seen, ...(fine || fix === undefined ? {} : { fix }) };
}

function systemdNeed({ init }: MachineSeen, here: boolean): Need {
  const what = 'systemd, which keeps gateways running';
  if ('other' in init && here) return need('systemd', what, true, `the init is ${init.other}: Bulkhead's own supervisor does it here`);
  if ('other' in init) return need('systemd', what, false, `the init is ${init.other || 'unknown'}`, 'take a machine that systemd boots');
  const fine = init.systemd >= OLDEST_SYSTEMD && ['running', 'degraded', 'starting'].includes(init.state);
  return need(
    'systemd',
    what,
    fine,
    `systemd ${init.systemd}, ${init.state || 'silent'}`,
    `systemd ${OLDEST_SYSTEMD} or later must run: systemctl is-system-running`,
  );
}

function packagesNeed({ halfInstalled }: MachineSeen): Need {
  const what = 'packages are whole';
  if (halfInstalled === undefined) return need('packages', what, false, 'dpkg --audit did not answer', 'see what it says: dpkg --audit', 'note');
  if (halfInstalled === '') return need('packages', what, true, 'dpkg --audit finds nothing');
  return { id: 'packages', what, state: 'lacking', seen: `an installation was interrupted: ${halfInstalled.split('\n').slice(-1).join('').trim()}` };
}

function firewallNeed({ nftables }: MachineSeen, missing: readonly string[]): Need {
  const what = 'firewall';
  if (!nftables.answers && missing.includes('nftables')) return { id: 'firewall', what, state: 'lacking', seen: 'nft is not there yet' };
  if (!nftables.answers) return need('firewall', what, false, 'nftables does not answer', 'modprobe nf_tables');
  if (nftables.dropForwarded.length === 0) return need('firewall', what, true, 'nftables answers, and nothing else there drops what is forwarded');
  return {
    id: 'firewall',
    what,
    state: 'note',
    seen: `${nftables.dropForwarded.join(', ')} drops what is forwarded: tenants with open egress reach nothing`,
    fix: 'let it pass what comes from interfaces bh*, or declare egress: none',
  };
}

function timeNeed(seen: MachineSeen, debian: boolean): Need {
  const { aheadMs, errorMs } = seen.clock;
  const off = Math.max(0, Math.abs(aheadMs) - errorMs);
  const how = `${Math.abs(aheadMs)} ms ${aheadMs < 0 ? 'behind' : 'ahead'} (give or take ${errorMs})`;
  const keeper = seen.timeServices[0];
  if (keeper === undefined)
    return {
      id: 'time',
      what: 'clock',
      state: debian ? 'lacking' : 'blocked',
      seen: `nothing keeps it right; ${how}`,
      ...(debian ? {} : { fix: 'install chrony' }),
    };
  return need('time', 'clock', off <= MOST_AHEAD_MS, `${how}, kept by ${keeper}`, `see why it is off: systemctl status ${keeper}`);
}

/** Bulkhead opens nothing to the network, so whatever is open is somebody else's: told, not changed. */
function listenersNeed({ listeners }: MachineSeen): Need {
  const others = listeners.filter((listener) => !listener.endsWith(' sshd') && !listener.endsWith(' systemd'));
  const what = 'open to the network';
  if (others.length === 0) return need('open', what, true, listeners.length === 0 ? 'nothing' : 'ssh alone');
  return { id: 'open', what, state: 'note', seen: [...new Set(others)].slice(0, 5).join(', '), fix: 'close what tenants and others must not reach' };
}

/** The packages to ask apt for; [] when none is missing. */
export function missingPackages(seen: MachineSeen, wants: Wants = NOTHING): readonly string[] {
  const missing = programsFor(seen, wants).filter((name) => !seen.programs.includes(name));
  return [...new Set(missing.map((name) => ALL_PACKAGES_OF[name] ?? name))].toSorted();
}

function programsFor({ controlGroups }: MachineSeen, { disks, rootless, ownDocker }: Wants): readonly string[] {
  const own = rootless ? ['newuidmap', 'newgidmap', controlGroups.version === 'v2' ? 'crun' : 'runc'] : [];
  return [...NEEDED_PROGRAMS, ...(disks ? Object.keys(DISK_PACKAGE_OF) : []), ...own, ...(ownDocker ? Object.keys(DOCKER_PACKAGE_OF) : [])];
}

const isDebian = ({ system }: MachineSeen): boolean => system.ids.includes('debian') || system.ids.includes('ubuntu');
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const APT = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'] as const;

/** What `needsOf` calls `lacking`, in the order in which it is brought. [] when there is nothing to do. */
export function prepareCommands(seen: MachineSeen, wants: Wants = NOTHING): readonly Command[] {
  if (!isDebian(seen)) return [];
  const noTime = seen.timeServices.length === 0;
  const packages = [...new Set([...missingPackages(seen, wants), ...enginePackages(seen, wants.engines), ...(noTime ? [TIME_PACKAGE] : [])])];
  const whole = (seen.halfInstalled ?? '') === '';
  if (packages.length === 0 && whole) return [];
  const finish: Command = {
    title: 'finish what an interrupted installation left half-done',
    argv: ['env', 'DEBIAN_FRONTEND=noninteractive', 'dpkg', '--configure', '-a'],
    timeoutMs: 600_000,
  };
  const names = packages.length === 0 ? 'what is half-done' : packages.join(', ');
  const apt: readonly Command[] = [
    ...(whole ? [] : [finish]),
    { title: 'ask for the lists of packages', argv: [...APT, 'update'], timeoutMs: 600_000 },
    {
      title: `install ${names}`,
      argv: [...APT, 'install', '--fix-broken', '--no-install-recommends', '--', ...packages],
      timeoutMs: 1_200_000,
    },
  ];
  const time: Command = { title: 'have the clock kept', argv: ['systemctl', 'enable', '--now', 'systemd-timesyncd.service'] };
  return [...apt, ...(noTime ? [time] : [])];
}
