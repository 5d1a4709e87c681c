/** What lies behind paths, by /proc/<pid>/mountinfo. Travels with the collectors. Source: Documentation/filesystems/proc.rst (3.5 mountinfo). */
export type BackingsSeen = Record<string, { readonly backing: string; readonly fileSystem: string }>;

interface Mount {
  readonly device: string;
  /** What of its file system is mounted. */
  readonly root: string;
  readonly type: string;
  /** Of the file system as a whole, the last field. */
  readonly options: string;
}
export type Mounts = ReadonlyMap<string, Mount>;

/** From the text of a mountinfo, by where they are mounted; of several in one place the last one, which is seen. */
export function mountsIn(mountinfo: string): Mounts {
  const mounts = new Map<string, Mount>();
  for (const line of mountinfo.split('\n')) {
    const [, , device, root, point] = line.split(' ');
    const type = / - (\S+)/.exec(line)?.[1] ?? '';
    const options = line.slice(line.lastIndexOf(' ') + 1);
    if (device !== undefined && root !== undefined && point !== undefined) mounts.set(plain(point), { device, root: plain(root), type, options });
  }
  return mounts;
}

/** What is mounted below the paths. */
export function mountsBelow(mounts: Mounts, paths: readonly string[]): BackingsSeen {
  const points = [...mounts.keys()].filter((point) => paths.some((path) => path !== '/' && point.startsWith(`${path}/`)));
  return backingsOf(mounts, points.slice(0, 200));
}

/** Path → `major:minor:path inside that file system` and its type. */
export function backingsOf(mounts: Mounts, paths: readonly string[]): BackingsSeen {
  return Object.fromEntries(
    paths.flatMap((path) => {
      const found = backingOf(mounts, path);
      return found === undefined ? [] : [[path, found]];
    }),
  );
}

/** The mount over the longest prefix counts. */
export function backingOf(mounts: Mounts, path: string): BackingsSeen[string] | undefined {
  for (let at = path; ; at = at.slice(0, Math.max(at.lastIndexOf('/'), 1))) {
    const mount = mounts.get(at);
    if (mount !== undefined) {
      const inside = `${mount.root}/${path.slice(at.length)}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
      return { backing: `${mount.device}:${inside}`, fileSystem: mount.type };
    }
    if (at === '/' || at === '') return undefined;
  }
}

function plain(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
