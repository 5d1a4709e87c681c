/** Part of the observer: the image of one tenant's disk, and what is mounted at its tree. Reads what is root's and what the kernel says. */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync } from 'node:fs';

export interface DiskSeen {
  /** The file's size, and how much the file system in it spans; null where there is no image. */
  readonly image: { readonly bytes: number; readonly fileSystemBytes: number } | null;
  /** What is mounted at the tree, and how large its device is; `ours` where the image is behind it. */
  readonly mount: { readonly device: string; readonly bytes: number; readonly ours: boolean } | null;
  /** Whether the tree's directory, where it is root's own and nothing is mounted there, has nothing in it. */
  readonly empty: boolean;
  /** ext4 grows while it is mounted for whoever has CAP_SYS_RESOURCE, which root in a container may lack. fs/ext4/resize.c. */
  readonly growsInUse: boolean;
}

const CAP_SYS_RESOURCE = 24n;

export function diskAt(tree: string, image: string): DiskSeen {
  const file = lstatSync(image, { throwIfNoEntry: false });
  if (file !== undefined && (!file.isFile() || file.uid !== 0)) throw new Error(`${image} is not a file of root's`);
  const mounted = mountAt(tree);
  const backing = mounted === undefined ? undefined : readText(`/sys/dev/block/${mounted.number}/loop/backing_file`)?.trim();
  const ours = file !== undefined && backing === realpathSync(image);
  // While it is mounted the file lags behind: what is newest is seen through the device.
  const fileSystemBytes = file === undefined ? 0 : spanOf(ours && mounted !== undefined ? mounted.device : image);
  const found = lstatSync(tree, { throwIfNoEntry: false });
  return {
    image: file === undefined ? null : { bytes: file.size, fileSystemBytes },
    mount: mounted === undefined ? null : { device: mounted.device, bytes: sectorsOf(mounted.number) * 512, ours },
    empty: mounted === undefined && found?.isDirectory() === true && found.uid === 0 && readdirSync(tree).length === 0,
    growsInUse: ((BigInt(`0x${/^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`) >> CAP_SYS_RESOURCE) & 1n) === 1n,
  };
}

/** Of several in one place the last one, which is seen. Source: Documentation/filesystems/proc.rst (3.5 mountinfo). */
function mountAt(path: string): { readonly number: string; readonly device: string } | undefined {
  const plain = (field: string): string => field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  const wanted = lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? realpathSync(path) : path;
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const line = lines.findLast((text) => plain(text.split(' ')[4] ?? '') === wanted);
  if (line === undefined) return undefined;
  return { number: line.split(' ')[2] ?? '', device: plain(/ - \S+ (\S+)/.exec(line)?.[1] ?? '') };
}

/** 0 for what is no block device. */
function sectorsOf(number: string): number {
  return Number(readText(`/sys/dev/block/${number}/size`) ?? 0);
}

/** Blocks times their size, as the superblock tells. Source: Documentation/filesystems/ext4/super.rst. */
function spanOf(path: string): number {
  const block = Buffer.alloc(1024);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, block, 0, block.length, 1024);
  } finally {
    closeSync(fd);
  }
  if (block.readUInt16LE(0x38) !== 0xef53) throw new Error(`${path} holds no ext4 file system`);
  return (block.readUInt32LE(0x4) + block.readUInt32LE(0x150) * 2 ** 32) * 1024 * 2 ** block.readUInt32LE(0x18);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
