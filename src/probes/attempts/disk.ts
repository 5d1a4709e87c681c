/** Attempts on disk space: how much a tenant could write, as the kernel says, and where else. Nothing is written. */
import { accessSync, constants, readFileSync, statfsSync, statSync } from 'node:fs';
import { codeOf } from './code.ts';

export interface OnDisk {
  /** Where it keeps what it has, and how much that may be. */
  readonly tree: string;
  readonly bytes: number;
  /** What it sees of the host's own file system. */
  readonly beside: string;
}

/** Throws `LIMITED` where all that it can write to, memory aside, is a file system of its own that is no larger than it may be. */
export function onDisk({ tree, bytes, beside }: OnDisk): string {
  const { blocks, bsize } = statfsSync(tree);
  const own = statSync(tree).dev;
  if (blocks * bsize > bytes) return `its tree may take ${mebibytes(blocks * bsize)}, and ${mebibytes(bytes)} are declared`;
  if (own === statSync(beside).dev) return `its tree is on the file system of the host, where ${beside} is`;
  const elsewhere = pointsIn(readFileSync('/proc/self/mountinfo', 'utf8')).find((point) => isWritable(point) && statSync(point).dev !== own);
  if (elsewhere !== undefined) return `may write to ${elsewhere} as well, which is not on its disk`;
  throw Object.assign(new Error('LIMITED'), { code: 'LIMITED' });
}

/** File systems that take memory, which has a limit of its own, or nothing at all. */
const NO_DISK = new Set(['tmpfs', 'ramfs', 'devtmpfs', 'devpts', 'proc', 'sysfs', 'cgroup', 'cgroup2', 'mqueue', 'nsfs', 'bpf', 'hugetlbfs']);

/** Where file systems that take disk space are mounted. Source: Documentation/filesystems/proc.rst (3.5 mountinfo). */
export function pointsIn(mountinfo: string): readonly string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const point = line.split(' ')[4];
    if (point === undefined || NO_DISK.has(/ - (\S+)/.exec(line)?.[1] ?? '')) return [];
    return [point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))];
  });
}

/** A mount that another one hides, or that leads through a closed directory, is out of reach. */
function isWritable(point: string): boolean {
  try {
    accessSync(point, constants.W_OK);
    return true;
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM', 'ENOENT', 'ENOTDIR'].includes(codeOf(error))) return false;
    throw error;
  }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
