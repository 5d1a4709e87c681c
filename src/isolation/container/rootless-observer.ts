/** Runs on the tenant's host (Node on standard input, as root): what a rootless engine of its user would find. Decides nothing. */
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { type IdRange, idRangesIn } from '../../core/subordinate-ids.ts';
import { pinned } from './observer.ts';

export interface RootlessRequest {
  /** File that pins the image, and the directory of unpacked ones. */
  readonly record: string;
  readonly roots: string;
  /** Where Podman's files lie while it runs. */
  readonly place: string;
}

export interface RootlessSeen {
  /** The pinned image, and whether it is unpacked as root's own. */
  readonly image: string | null;
  readonly imageThere: boolean;
  readonly place: string;
  /** Of those that are needed, the ones that are installed. */
  readonly programs: readonly string[];
  readonly ranges: { readonly users: readonly IdRange[]; readonly groups: readonly IdRange[] };
}

const DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const PROGRAMS = ['newuidmap', 'newgidmap', 'runc', 'crun', 'dockerd', 'containerd', 'bwrap'];

export async function main({ record, roots, place }: RootlessRequest): Promise<RootlessSeen> {
  const image = pinned(record);
  return {
    image,
    imageThere: image !== null && isRootOwned(`${roots}/${image.replace(/^sha256:/, '')}`),
    place,
    programs: PROGRAMS.filter((name) => DIRECTORIES.some((directory) => existsSync(`${directory}/${name}`))),
    ranges: { users: rangesIn('/etc/subuid'), groups: rangesIn('/etc/subgid') },
  };
}

function isRootOwned(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
}

function rangesIn(file: string): readonly IdRange[] {
  return existsSync(file) ? idRangesIn(readFileSync(file, 'utf8')) : [];
}
