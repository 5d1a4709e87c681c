/** What the supervisor keeps running: the container with the gateway in it, its published port, and the rules that must stay loaded. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Service } from '../../core/host.ts';
import { fromNothing } from '../os-user/enter.ts';
import { ETC_NAMES } from '../os-user/filesystem.ts';
import { firewallGuard } from '../os-user/firewall.ts';
import { joinFiles, visibleLimits } from '../os-user/limits.ts';
import { boundaryDir, gidOf, markOf, uidOf, userOf } from '../os-user/names.ts';
import type { OsUserObserved } from '../os-user/observer.ts';
import { RUN_UNDER_FIRST } from '../os-user/programs.ts';
import { rebuildArgv } from '../os-user/rebuild.ts';
import { forwarderArgv, gatewayArgv } from '../os-user/service.ts';
import { secretsParent } from '../os-user/tree.ts';
import { containerName, labels } from './names.ts';
import { hasLink, networkArguments } from './network.ts';
import type { ContainerObserved } from './observe.ts';
import { FIRST_PROCESS, FORWARD_INTO, FORWARD_INTO_ROOTLESS, OWN_PLACE, RUN_CONTAINER } from './programs.ts';
import { forwarderBesideGvisor, withOwnJournals } from './gvisor.ts';
import { asEngineUser, idMaps, imageRoot, podmanArgv } from './rootless.ts';
import { dockerArgv, imageMounts, LINKS_IMAGE } from './rootless-docker.ts';

const MIB = 1 << 20;
const GRACE_SECONDS = 10;

/** `payload` is what runs inside; the gateway unless a test says otherwise. Throws BulkheadError `apply` while no image is pinned. */
export function containerService(
  blueprint: Blueprint,
  layout: Layout,
  observed: ContainerObserved,
  payload: readonly string[] = gatewayArgv(blueprint),
): Service {
  const { engine, base, rootless } = observed;
  const { limits } = blueprint;
  const guard = firewallGuard(layout);
  const image = pinnedImage(blueprint, observed);
  const inside = [
    '/usr/bin/tini',
    '--',
    ...fromNothing(blueprint, base, { environment: blueprint.environment, directory: blueprint.paths.workspace }),
    ...withOwnJournals(blueprint, payload),
  ];
  const how = rootless === undefined ? underRootful : engine === 'docker' ? underDocker : underPodman;
  return {
    name: containerName(blueprint),
    tenant: blueprint.tenant,
    ...how(blueprint, layout, observed, [image, inside]),
    environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    workingDirectory: '/',
    logFile: `${layout.stateDir}/logs/${blueprint.tenant}.log`,
    limits: { memoryBytes: limits.memoryBytes, cpus: limits.cpus, pids: limits.pids },
    neverRestartExits: [78],
    guard,
    // After a reboot a rootful Docker brings its network back, and the rules and the disk are ours; others were given a network of ours.
    ...(base.systemd ? { rebuild: hasLink(observed) || limits.diskBytes !== undefined ? rebuildArgv(blueprint, layout) : guard.restore } : {}),
  };
}

type How = (
  blueprint: Blueprint,
  layout: Layout,
  observed: ContainerObserved,
  what: readonly [image: string, inside: readonly string[]],
) => Pick<Service, 'argv' | 'publish' | 'stopGraceSeconds' | 'gainsPrivileges'>;

const underRootful: How = (blueprint, layout, observed, [image, inside]) => {
  const { engine, base } = observed;
  const name = containerName(blueprint);
  const mark = markOf(blueprint, layout);
  const run = [...runArguments(blueprint, layout, observed), image, ...inside];
  const forward = blueprint.runtime === undefined ? forwarderArgv(blueprint, base, '{container}') : forwarderBesideGvisor(blueprint, base);
  return {
    argv: ['/usr/bin/perl', '-e', RUN_CONTAINER, engine, name, mark, String(GRACE_SECONDS), ...run],
    publish: {
      port: blueprint.publishedPort,
      findsBoundary: true,
      argv: ['/usr/bin/perl', '-e', FORWARD_INTO, engine, name, mark, ...forward],
    },
    // What follows the grace is the engine's: killing, unmounting, deleting. A supervisor that was quicker would leave the container running.
    stopGraceSeconds: GRACE_SECONDS + 50,
  };
};

/** Podman is a descendant like any program of a boundary: in the tenant's control group and network, in namespaces that end with it. */
const underPodman: How = (blueprint, layout, observed, [image, inside]) => {
  const { base } = observed;
  const { namespace } = userOf(blueprint);
  const [uid, gid] = [String(uidOf(base)), String(gidOf(base))];
  const place = layout.runDir;
  const pidFile = `${place}/container.pid`;
  const apart = ['--pid', '--fork', '--kill-child', '--mount-proc', '--mount', '--propagation', 'slave'];
  return {
    argv: [
      '/usr/bin/perl',
      '-e',
      RUN_UNDER_FIRST,
      // See os-user/service.ts.
      '--',
      ...joinFiles(blueprint, layout, base),
      '--',
      'nsenter',
      `--net=/run/netns/${namespace}`,
      '--',
      'unshare',
      ...apart,
      '--',
      '/usr/bin/perl',
      '-e',
      OWN_PLACE,
      place,
      uid,
      gid,
      ...asEngineUser(base),
      '/usr/bin/perl',
      '-e',
      FIRST_PROCESS,
      pidFile,
      ...podmanArgv(base, place),
      ...runArguments(blueprint, layout, observed),
      `--pidfile=${pidFile}`,
      '--rootfs',
      imageRoot(layout, image),
      ...inside,
    ],
    publish: publishRootless(blueprint, base),
    stopGraceSeconds: GRACE_SECONDS,
    // newuidmap.
    gainsPrivileges: true,
  };
};

/** SIGTERM goes to the engine's client, which hands it to the container. */
const underDocker: How = (blueprint, layout, observed, [image, inside]) => {
  const { base } = observed;
  const root = imageRoot(layout, image);
  const mounted = imageMounts(root, blueprint).flatMap(([source, target]) => bind(source, target, 'ro'));
  const run = [...runArguments(blueprint, layout, observed), ...mounted, LINKS_IMAGE, ...inside];
  return { argv: dockerArgv(blueprint, layout, base, { root, run }), publish: publishRootless(blueprint, base), stopGraceSeconds: GRACE_SECONDS };
};

function publishRootless(blueprint: Blueprint, base: OsUserObserved): NonNullable<Service['publish']> {
  const { namespace } = userOf(blueprint);
  return {
    port: blueprint.publishedPort,
    // The first process that is one namespace deeper is the engine's, not the container's.
    findsBoundary: true,
    argv: ['/usr/bin/perl', '-e', FORWARD_INTO_ROOTLESS, namespace, String(uidOf(base)), ...forwarderArgv(blueprint, base, '{container}')],
  };
}

function pinnedImage(blueprint: Blueprint, { image, imageThere, engine, rootless }: ContainerObserved): string {
  if (image !== null && imageThere) return image;
  const lacking = rootless === undefined ? `${engine} does not have the pinned image ${image}` : `the pinned image ${image} is not unpacked`;
  const what = image === null ? 'no image is pinned' : lacking;
  const build = rootless === undefined ? `bulkhead image build --engine ${engine}` : 'bulkhead image build --rootless';
  // Another machine's comes from here, whatever engine there is.
  const hint = blueprint.host === 'local' ? build : 'bulkhead image build, here; apply brings it there';
  throw new BulkheadError('apply', `${blueprint.tenant} on ${blueprint.host}: ${what}`, hint);
}

/** All that the container may have; nothing is left to the engine's defaults that loosens it. */
function runArguments(blueprint: Blueprint, layout: Layout, observed: ContainerObserved): readonly string[] {
  const { engine, base, rootless } = observed;
  const { limits, tenant } = blueprint;
  // Of the user on the whole host, forwarder and probes among them: the container's own limit is `--pids-limit`, or the service's.
  const processes = Math.max(4096, limits.pids);
  return [
    'run',
    '--rm',
    ...(rootless === undefined || engine === 'docker' ? ['--pull=never'] : []),
    ...(blueprint.runtime === undefined ? [] : [`--runtime=${blueprint.runtime}`]),
    '--name',
    containerName(blueprint),
    '--hostname',
    tenant,
    ...labels(blueprint, layout),
    ...(rootless === undefined || engine === 'docker' ? [] : idMaps(base)),
    // Root in a container of a rootful engine is root of the host.
    '--user',
    `${uidOf(base)}:${gidOf(base)}`,
    '--read-only',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    '--cgroupns=private',
    '--ipc=private',
    ...(rootless === undefined ? engineLimits(blueprint) : engine === 'podman' ? noControlGroup(base) : []),
    // See os-user/enter.ts: one byte, for a pattern that pipes to a program.
    '--ulimit=core=1:1',
    '--ulimit=nofile=8192:8192',
    // Podman's own number is above what root may have where it lacks CAP_SYS_RESOURCE, and the container would not start.
    `--ulimit=nproc=${processes}:${processes}`,
    `--shm-size=${256 * MIB}`,
    ...tmpfs('/tmp', 512, '1777'),
    ...tmpfs('/var/tmp', 64, '1777'),
    ...tmpfs('/run', 1, '0755'),
    ...networkArguments(blueprint, observed),
    ...(rootless === undefined ? [] : [...overRoot(layout), ...ownLimits(blueprint, layout, observed)]),
    ...mounts(blueprint, layout),
    // The supervisor keeps what the gateway says; the engine would keep all of it once more, without a bound.
    '--log-driver=none',
    ...(engine === 'podman' ? ['--read-only-tmpfs=false'] : []),
  ];
}

/** A sandbox of gVisor's has threads of the host's for each of the tenant's, and ends with a panic where it gets no more: seen with 512 (runsc 0.0~20221219). */
const HOST_THREADS = 4;

function engineLimits({ limits, runtime }: Blueprint): readonly string[] {
  return [
    `--memory=${limits.memoryBytes}`,
    // Memory and swap together: none of it is swap.
    `--memory-swap=${limits.memoryBytes}`,
    `--cpus=${limits.cpus}`,
    `--pids-limit=${limits.pids * (runtime === undefined ? 1 : HOST_THREADS)}`,
  ];
}

/** The container stays in the group of its service, whose limits hold Podman as well. On version 1 a rootless Podman makes none anyway, and says so of the word. */
function noControlGroup({ cgroups }: OsUserObserved): readonly string[] {
  return cgroups === 2 ? ['--cgroups=disabled'] : [];
}

/** What is mounted into the root of the image, which only root could make directories in; and no /sys, which would be the host's. */
function overRoot(layout: Layout): readonly string[] {
  const how = `ro,nosuid,nodev,noexec,size=${64 << 10},mode=0711`;
  return ['/sys', layout.tenantsDir, secretsParent(layout)].flatMap((path) => ['--tmpfs', `${path}:${how}`]);
}

/** A Docker of the tenant's own sees them where its container will. */
function ownLimits(blueprint: Blueprint, layout: Layout, { engine, base }: ContainerObserved): readonly string[] {
  return visibleLimits(blueprint, layout, base).flatMap(([host, inside]) => bind(engine === 'docker' ? inside : host, inside, 'ro'));
}

/** Charged to the tenant's own memory limit. */
function tmpfs(path: string, mebibytes: number, mode: string): readonly string[] {
  return ['--tmpfs', `${path}:rw,nosuid,nodev,exec,size=${mebibytes * MIB},mode=${mode}`];
}

/** The tenant's tree and its secrets at the paths they have on the host, and the files that stand in for an /etc of its own. */
function mounts(blueprint: Blueprint, layout: Layout): readonly string[] {
  const { root, secretsDir } = blueprint.paths;
  const etc = boundaryDir(blueprint, layout);
  return [
    ...bind(root, root, 'rw'),
    ...bind(secretsDir, secretsDir, 'ro'),
    ...ETC_NAMES.flatMap((name) => bind(`${etc}/${name}`, `/etc/${name}`, 'ro')),
  ];
}

/** Both engines read these words as one record of comma-separated values (RFC 4180). */
function bind(source: string, target: string, how: 'ro' | 'rw'): readonly string[] {
  const words = ['type=bind', `source=${source}`, `target=${target}`, ...(how === 'ro' ? ['readonly'] : [])];
  return ['--mount', words.map((word) => (/[",\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word)).join(',')];
}
