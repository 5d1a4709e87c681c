/**
 * A Docker of the tenant's own, for OpenClaw's sandboxes: it runs inside the boundary, as user ids that are no user's, and sees what the tenant sees.
 * Whoever may ask an engine may mount whatever the engine sees: so it is given no more than that.
 */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import { ENGINE_DIRECTORY, ENGINE_SOCKET, SANDBOX_IMAGE } from '../../openclaw/sandbox.ts';
import { dropTo } from './enter.ts';
import { KEEP_ENGINE, START_ENGINE } from './engine-programs.ts';
import { foreign, gidOf, uidOf, userOf } from './names.ts';
import type { OsUserObserved, OsUserRequest } from './observer.ts';
import { seccompFilter } from './seccomp.ts';
import { directory } from './tree.ts';

/** Ids of one engine: 0 is its own root, the tenant keeps its number, the rest are for files of images. */
export const COUNT = 65_536;
/**
 * From here up nobody hands out ids: systemd.io/UIDS-GIDS, "1879048192…2147483647 unused". One range for every user id of tenants but the last
 * 289; the last range that there would be is for single ids, `container/rootless.ts`.
 */
export const SUBORDINATES: OsUserRequest['subordinates'] = { first: 0x7000_0000, slots: 4095, count: COUNT };
/** What the image is called where the engine loads it from. */
const ARCHIVE_INSIDE = '/run/sandbox-image.tar';
export const STORE_INSIDE = '/var/lib/docker';
const PROGRAMS = ['dockerd', 'containerd', 'runc', 'docker', 'docker-init'];
const DIRECTORIES = ['/usr/sbin', '/usr/bin', '/usr/libexec/docker'];
/** Of an engine, and of whoever asks it inside the boundary. */
const ENVIRONMENT = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: ENGINE_DIRECTORY,
  XDG_RUNTIME_DIR: ENGINE_DIRECTORY,
  DOCKER_HOST: `unix://${ENGINE_SOCKET}`,
};

/** Root-owned file that pins the image of sandboxes by its id. */
export function sandboxImageRecord({ stateDir }: Pick<Layout, 'stateDir'>): string {
  return `${stateDir}/sandbox-image`;
}

export function sandboxImageArchives({ stateDir }: Pick<Layout, 'stateDir'>): string {
  return `${stateDir}/sandbox-images`;
}

/** Where engines keep images and containers: root's, passable; each below belongs to its engine's root. */
function stores({ stateDir }: Pick<Layout, 'stateDir'>): string {
  return `${stateDir}/engines`;
}

export function storeOf({ tenant }: Pick<Blueprint, 'tenant'>, layout: Pick<Layout, 'stateDir'>): string {
  return `${stores(layout)}/${tenant}`;
}

export function engineEntries(blueprint: Blueprint, layout: Layout): readonly string[] {
  const own = [stores(layout), storeOf(blueprint, layout)];
  return blueprint.sandbox === undefined ? own : [...own, ...PROGRAMS.flatMap(placesOf)];
}

function placesOf(program: string): readonly string[] {
  return DIRECTORIES.map((folder) => `${folder}/${program}`);
}

/** Throws BulkheadError `apply` for a store, or ids, that are somebody else's. */
export function refuseForeignEngine(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): void {
  const { own, clash } = observed.subordinates;
  const store = storeOf(blueprint, layout);
  if (clash !== null)
    throw foreign(blueprint, `the subordinate ids of ${userOf(blueprint).name} are also ${clash}’s`, 'look at it with: cat /etc/subuid /etc/subgid');
  const found = observed.entries[store] ?? null;
  if (found === null || (found.kind === 'directory' && (found.uid === own?.first || found.uid === 0))) return;
  throw foreign(blueprint, `${store} is not the store of this tenant’s engine`, `look at it with: ls -ld ${store}`);
}

/** Ids and store come with `sandbox: all` and go with it. */
export function convergeEngine(
  blueprint: Blueprint,
  layout: Layout,
  observed: OsUserObserved,
  asTenant: (argv: readonly [string, ...string[]]) => Command,
): readonly Command[] {
  if (blueprint.sandbox === undefined) return [...removeStore(blueprint, layout, observed), ...giveIdsBack(blueprint, observed)];
  const { name } = userOf(blueprint);
  const { own } = observed.subordinates;
  const first = firstOf(observed);
  const range = `${first}-${first + COUNT - 1}`;
  const store = storeOf(blueprint, layout);
  const found = observed.entries[store] ?? null;
  // Where OpenClaw mounts skills: otherwise the engine makes it, as its own root, in a workspace whose owner could not delete it.
  const skills = `${blueprint.paths.workspace}/.openclaw/sandbox-skills/skills`;
  return [
    ...(found === null ? [asTenant(['mkdir', '-p', '-m', '0700', '--', skills])] : []),
    ...(own === null
      ? [{ title: `give ${name} ${COUNT} subordinate ids`, argv: ['usermod', '--add-subuids', range, '--add-subgids', range, '--', name] as const }]
      : []),
    ...(observed.entries[stores(layout)]?.mode === 0o711 ? [] : [directory(stores(layout), 0o711)]),
    // dockerd makes it 0710 itself, other versions 0701.
    ...(found?.uid === first && (found.mode & 0o066) === 0
      ? []
      : [{ title: `create ${store}`, argv: ['install', '-d', '-o', String(first), '-g', String(first), '-m', '0710', '--', store] as const }]),
  ];
}

export function removeStore(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const store = storeOf(blueprint, layout);
  if ((observed.entries[store] ?? null) === null) return [];
  return [{ title: `delete ${store}`, argv: ['rm', '-rf', '--one-file-system', '--', store], timeoutMs: 600_000 }];
}

function giveIdsBack(blueprint: Blueprint, observed: OsUserObserved): readonly Command[] {
  const { own } = observed.subordinates;
  if (own === null) return [];
  const { name } = userOf(blueprint);
  const range = `${own.first}-${own.first + own.count - 1}`;
  return [{ title: `take the subordinate ids of ${name} back`, argv: ['usermod', '--del-subuids', range, '--del-subgids', range, '--', name] }];
}

/** What the engine needs in the tenant's root: bwrap's arguments. `/run` is a file system of its own there. */
export function engineBinds(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly string[] {
  if (blueprint.sandbox === undefined) return [];
  const archive = `${sandboxImageArchives(layout)}/${pinnedImage(blueprint, observed).slice('sha256:'.length)}.tar`;
  return [...engineDirectories(), '--bind', storeOf(blueprint, layout), STORE_INSIDE, '--ro-bind', archive, ARCHIVE_INSIDE];
}

/** What every engine takes for granted in that root. */
export function engineDirectories(): readonly string[] {
  return ['/etc/docker', '/var/lib', STORE_INSIDE].flatMap((path) => ['--perms', '0755', '--dir', path]);
}

/** Starts the engine before `gateway`, whose process takes its place. `gateway` drops what this has: it is started as root. */
export function withEngine(blueprint: Blueprint, observed: OsUserObserved, gateway: readonly string[]): readonly string[] {
  if (blueprint.sandbox === undefined) return gateway;
  refuseWithoutPrograms(blueprint, observed);
  const engine: OwnEngine = {
    asker: { outside: gidOf(observed), inside: gidOf(observed) },
    mounts: [asItIs('/usr', 'ro'), asItIs(blueprint.paths.root, 'rw')],
    keep: [KEEP_ENGINE, pinnedImage(blueprint, observed), SANDBOX_IMAGE, ARCHIVE_INSIDE],
    daemon: [],
  };
  return startBefore(observed, engine, gateway);
}

/** What one engine has that another has not. */
export interface OwnEngine {
  /** The group that may ask it besides its own root, as the host and as its user namespace number it. */
  readonly asker: { readonly outside: number; readonly inside: number };
  /** Arguments of mount(8), for the engine alone. */
  readonly mounts: readonly (readonly string[])[];
  /** The program that keeps it, and the words before the engine's. */
  readonly keep: readonly string[];
  /** Further words of dockerd's. */
  readonly daemon: readonly string[];
}

/** A bind of bubblewrap's without its nosuid and nodev: see `START_ENGINE`. */
function asItIs(path: string, how: 'ro' | 'rw'): readonly string[] {
  return ['-o', `remount,bind,${how},suid,dev`, path];
}

export function startBefore(observed: OsUserObserved, { asker, mounts, keep, daemon }: OwnEngine, gateway: readonly string[]): readonly string[] {
  const filter = seccompFilter(observed.arch, { userNamespaces: true, keyrings: 'absent' });
  const engine = [...asEngine(observed, filter), '/usr/bin/perl', '-e', ...keep, ...daemonArgv(asker.inside), ...daemon];
  const ids = [uidOf(observed), gidOf(observed), firstOf(observed), COUNT, observed.cgroups, asker.outside].map(String);
  const mounted = mounts.flatMap((words) => [...words, '--']);
  return ['/usr/bin/perl', '-e', START_ENGINE, ...ids, String(mounted.length), ...mounted, String(engine.length), ...engine, ...gateway];
}

/** Becomes the engine's root as the host numbers it: nobody's user, without a privilege outside of the engine's user namespace. */
export function asEngine(observed: OsUserObserved, filter = seccompFilter(observed.arch, { userNamespaces: false })): readonly [string, ...string[]] {
  const first = firstOf(observed);
  return dropTo({ uid: first, gid: first, filter, environment: ENVIRONMENT, directory: '/' });
}

/** No bridge, no rules, no forwarding: a container has no network, or the tenant's. */
function daemonArgv(asker: number): readonly string[] {
  return [
    'dockerd',
    '--rootless',
    `--host=unix://${ENGINE_SOCKET}`,
    `--group=${asker}`,
    `--data-root=${STORE_INSIDE}`,
    `--exec-root=${ENGINE_DIRECTORY}/exec`,
    `--pidfile=${ENGINE_DIRECTORY}/pid`,
    '--bridge=none',
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
    '--ip-masq=false',
    '--exec-opt=native.cgroupdriver=cgroupfs',
    '--log-driver=none',
    '--log-level=error',
  ];
}

export function firstOf({ subordinates: { own, free } }: OsUserObserved): number {
  return own?.count === COUNT ? own.first : free;
}

function pinnedImage(blueprint: Blueprint, { sandboxImage }: OsUserObserved): string {
  if (sandboxImage !== null && /^sha256:[0-9a-f]{64}$/.test(sandboxImage)) return sandboxImage;
  throw new BulkheadError(
    'apply',
    `${blueprint.tenant} on ${blueprint.host}: sandbox: all, and no image of sandboxes is pinned`,
    'bulkhead image build --sandbox',
  );
}

function refuseWithoutPrograms(blueprint: Blueprint, { entries }: OsUserObserved): void {
  const missing = PROGRAMS.filter((program) => placesOf(program).every((path) => (entries[path] ?? null) === null));
  if (missing.length === 0) return;
  throw new BulkheadError(
    'apply',
    `${blueprint.tenant} on ${blueprint.host}: sandbox: all needs ${missing.join(', ')}`,
    'apt-get install docker.io; its own daemon is not used and may stay off',
  );
}
