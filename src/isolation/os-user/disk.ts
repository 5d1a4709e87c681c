/**
 * A tenant's disk: a file system of its own in a file of root's, mounted where its tree is, so that all that the tenant keeps is bounded, in bytes and
 * in files. It is made aside and renamed, grown in place, and never made anew over one that is there. Without `limits.disk` there is none.
 */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { foreign, gidOf, uidOf } from './names.ts';
import type { OsUserObserved } from './observer.ts';
import { AWAIT_DETACHED } from './programs.ts';

const MIB = 1 << 20;
/** ext4 leaves out a last group of blocks that is too small for its own tables: so much less than the file is no unfinished growth. */
const LAST_GROUP = 8 * MIB;

/** Root's alone: whoever can write an image can write whatever the tenant's files say. */
export function disksDir(layout: Layout): string {
  return `${layout.stateDir}/disks`;
}

export function diskImage(blueprint: Blueprint, layout: Layout): string {
  return `${disksDir(layout)}/${blueprint.tenant}.ext4`;
}

function stagedImage(blueprint: Blueprint, layout: Layout): string {
  return `${disksDir(layout)}/.${blueprint.tenant}.new`;
}

export function diskEntries(blueprint: Blueprint, layout: Layout): readonly string[] {
  return [disksDir(layout), stagedImage(blueprint, layout)];
}

/** Whether the tree's directory waits for its disk: root's own, with nothing in it. */
export function isMountPoint(blueprint: Blueprint, { entries, disk }: OsUserObserved): boolean {
  return disk.image !== null && disk.mount === null && disk.empty && entries[blueprint.paths.root]?.uid === 0;
}

/** Throws BulkheadError `apply` where something else is mounted at the tree, or the directory of images is not root's. */
export function refuseForeignDisk(blueprint: Blueprint, layout: Layout, { entries, disk }: OsUserObserved): void {
  const dir = entries[disksDir(layout)] ?? null;
  if (dir !== null && (dir.kind !== 'directory' || dir.uid !== 0))
    throw foreign(blueprint, `${disksDir(layout)} is not a directory of root's`, `look at it with: ls -ld ${disksDir(layout)}`);
  const { root } = blueprint.paths;
  const isBounded = blueprint.limits.diskBytes !== undefined || disk.image !== null;
  if (isBounded && disk.mount?.ours === false)
    throw foreign(blueprint, `something else is mounted at ${root} (${disk.mount.device})`, `look at it with: findmnt ${root}`);
}

/** Up to the mounted disk; what belongs into it is the caller's. Throws BulkheadError `apply` for a change that would need data to move. */
export function convergeDisk(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  refuseChange(blueprint, observed);
  const { limits, paths, tenant } = blueprint;
  if (limits.diskBytes === undefined) return [];
  const { image, mount } = observed.disk;
  const grows = image !== null && isTooSmall(blueprint, observed);
  if (mount !== null && !grows) return [];
  if (mount !== null && observed.boundary !== null) return growInUse(blueprint, layout, observed, mount.device);
  const hasPoint = (observed.entries[paths.root] ?? null) !== null;
  const point: Command = { title: `create ${paths.root}, for the disk of ${tenant}`, argv: ['install', '-d', '-m', '0700', '--', paths.root] };
  return [
    ...(image === null ? makeImage(blueprint, layout, observed) : []),
    ...(grows ? growApart(blueprint, layout, observed) : []),
    ...(hasPoint && !grows ? [] : [point]),
    mountDisk(blueprint, layout),
  ];
}

/** As after a reboot, when nothing is mounted; what an unfinished attempt has mounted goes first. */
export function mountAgain(blueprint: Blueprint, layout: Layout): readonly Command[] {
  if (blueprint.limits.diskBytes === undefined) return [];
  // 32: it was not mounted, umount(8).
  return [{ ...unmountDisk(blueprint), okExits: [0, 32] }, mountDisk(blueprint, layout)];
}

/** Before the tree's directory is deleted. A loop device that `mount` made goes with its last mount: losetup(8), autoclear. */
export function detachDisk(blueprint: Blueprint, { disk }: OsUserObserved): readonly Command[] {
  return disk.mount?.ours === true ? [unmountDisk(blueprint)] : [];
}

/** After it: while the image is there, an empty directory of root's in the place of the tree is known as ours. */
export function deleteImages(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const staged = stagedImage(blueprint, layout);
  const hasStaged = (observed.entries[staged] ?? null) !== null;
  if (observed.disk.image === null && !hasStaged) return [];
  const doomed = [...(observed.disk.image === null ? [] : [diskImage(blueprint, layout)]), ...(hasStaged ? [staged] : [])];
  return [
    ...(observed.disk.image === null ? [] : [awaitDetached(blueprint, layout)]),
    { title: `delete the disk of ${blueprint.tenant}`, argv: ['rm', '-f', '--', ...doomed] },
  ];
}

/**
 * A mount namespace that somebody made meanwhile may have the disk mounted still. Deleting the directory takes it away there as well
 * (fs/namespace.c, detach_mounts); an open file in it keeps it, and then nothing is done to the image.
 */
function awaitDetached(blueprint: Blueprint, layout: Layout): Command {
  return { title: `wait until nothing has the disk of ${blueprint.tenant}`, argv: ['perl', '-e', AWAIT_DETACHED, diskImage(blueprint, layout)] };
}

function mountDisk(blueprint: Blueprint, layout: Layout): Command {
  // discard: what the tenant deletes is the host's again. After an error nothing more is written.
  const options = 'loop,nosuid,nodev,noatime,discard,errors=remount-ro';
  const argv = ['mount', '-t', 'ext4', '-o', options, '--', diskImage(blueprint, layout), blueprint.paths.root] as const;
  return { title: `mount the disk of ${blueprint.tenant}`, argv };
}

function unmountDisk({ tenant, paths }: Blueprint): Command {
  return { title: `unmount the disk of ${tenant}`, argv: ['umount', '--', paths.root] };
}

function makeImage(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const { tenant } = blueprint;
  const dir = disksDir(layout);
  const staged = stagedImage(blueprint, layout);
  const bytes = bytesOf(blueprint);
  const owner = `root_owner=${uidOf(observed)}:${gidOf(observed)}`;
  const leftOver = (observed.entries[staged] ?? null) !== null;
  return [
    ...(observed.entries[dir]?.mode === 0o700 ? [] : [{ title: `create ${dir}`, argv: ['install', '-d', '-m', '0700', '--', dir] as const }]),
    ...(leftOver ? [{ title: `delete the unfinished disk of ${tenant}`, argv: ['rm', '-f', '--', staged] as const }] : []),
    { title: `create an empty file for the disk of ${tenant}`, argv: ['install', '-m', '0600', '--', '/dev/null', staged] },
    { title: `let it grow to ${bytes / MIB} MiB, taken from the host as it fills`, argv: ['truncate', '-s', String(bytes), '--', staged] },
    {
      title: `make a file system of ${bytes / MIB} MiB for ${tenant}`,
      // Blocks of one size whatever the disk's, so that it can grow; none are kept for root; a file for each 8 KiB.
      argv: ['mkfs.ext4', '-q', '-F', '-b', '4096', '-i', '8192', '-m', '0', '-E', owner, '--', staged],
    },
    // Root's directory in the tenant's tree: no look at the tree could go through it.
    { title: `take lost+found out of it`, argv: ['debugfs', '-w', '-R', 'rmdir lost+found', staged] },
    { title: `put the disk of ${tenant} in place`, argv: ['mv', '-T', '-n', '--', staged, diskImage(blueprint, layout)] },
  ];
}

/** File, device and file system are to be as large as declared. */
function isTooSmall(blueprint: Blueprint, { disk: { image, mount } }: OsUserObserved): boolean {
  const bytes = bytesOf(blueprint);
  return image !== null && (image.bytes < bytes || (mount?.bytes ?? bytes) < bytes || bytes - image.fileSystemBytes >= LAST_GROUP);
}

function growInUse(blueprint: Blueprint, layout: Layout, { disk }: OsUserObserved, device: string): readonly Command[] {
  const { tenant } = blueprint;
  if (!disk.growsInUse)
    throw foreign(
      blueprint,
      'root may not grow a file system in use here (no CAP_SYS_RESOURCE)',
      `bulkhead stop ${tenant}, then run: bulkhead apply`,
    );
  return [
    lengthen(blueprint, layout),
    { title: `tell ${device} that it grew`, argv: ['losetup', '--set-capacity', device] },
    { title: `grow the file system of ${tenant}`, argv: ['resize2fs', device], timeoutMs: 600_000 },
  ];
}

/** While nothing runs in it. Only what was looked through is grown; 1: something was put right. resize2fs(8), e2fsck(8). */
function growApart(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const { tenant, paths } = blueprint;
  const file = diskImage(blueprint, layout);
  const hasPoint = (observed.entries[paths.root] ?? null) !== null;
  return [
    ...detachDisk(blueprint, observed),
    ...(hasPoint ? [{ title: `delete ${paths.root}, now empty`, argv: ['rmdir', '--', paths.root] as const }] : []),
    awaitDetached(blueprint, layout),
    lengthen(blueprint, layout),
    { title: `look through the disk of ${tenant}`, argv: ['e2fsck', '-f', '-p', file], okExits: [0, 1], timeoutMs: 600_000 },
    { title: `grow the file system of ${tenant}`, argv: ['resize2fs', file], timeoutMs: 600_000 },
  ];
}

function lengthen(blueprint: Blueprint, layout: Layout): Command {
  const bytes = bytesOf(blueprint);
  return {
    title: `let the disk of ${blueprint.tenant} grow to ${bytes / MIB} MiB`,
    argv: ['truncate', '-s', String(bytes), '--', diskImage(blueprint, layout)],
  };
}

/** What cannot be done in place. */
function refuseChange(blueprint: Blueprint, { entries, user, disk, boundary }: OsUserObserved): void {
  const { limits, paths, tenant } = blueprint;
  const { image, mount } = disk;
  const found = entries[paths.root] ?? null;
  const has = image === null ? 0 : Math.floor(image.bytes / MIB);
  if (limits.diskBytes === undefined) {
    if (image === null) return;
    throw foreign(
      blueprint,
      `its tree is on a disk of ${has} MiB, and limits.disk is not in its manifest any more`,
      `write limits: { disk: ${has}MiB }`,
    );
  }
  if (image === null && found !== null && found.uid === user?.uid)
    throw foreign(
      blueprint,
      `${paths.root} was made without limits.disk, and data is not moved by itself`,
      `bulkhead stop ${tenant}; mv ${paths.root} ${paths.root}.before; bulkhead apply; bulkhead stop ${tenant}; cp -aT ${paths.root}.before ${paths.root}; bulkhead apply`,
    );
  if (image !== null && image.bytes > bytesOf(blueprint))
    throw foreign(blueprint, `its disk has ${has} MiB, and a disk is not made smaller`, `write limits: { disk: ${has}MiB }, or more`);
  // What runs inside has it mounted still: to look through or to mount it beside that would be a second hand on it.
  if (image !== null && mount === null && boundary !== null)
    throw foreign(blueprint, `its disk was unmounted from ${paths.root} while its gateway runs`, `bulkhead stop ${tenant}; bulkhead apply`);
  if (image !== null && mount === null && found !== null && found.uid !== 0)
    throw foreign(
      blueprint,
      `${paths.root} is not on its disk, which has to be mounted there`,
      `bulkhead stop ${tenant}; mv ${paths.root} ${paths.root}.beside; bulkhead apply`,
    );
}

function bytesOf({ limits }: Blueprint): number {
  return Math.floor((limits.diskBytes ?? 0) / MIB) * MIB;
}
