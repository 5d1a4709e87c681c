/** The tenant's tree and secrets directory. Root touches a tree only until it hands it over; later the tenant may have put links there. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { convergeDisk, deleteImages, detachDisk, diskEntries, isMountPoint, refuseForeignDisk } from './disk.ts';
import { foreign, userOf } from './names.ts';
import type { Entry, OsUserObserved } from './observer.ts';

export function secretsParent(layout: Layout): string {
  return `${layout.stateDir}/secrets`;
}

/** Root-owned while the tree is made; renamed into place in one step. */
export function stagingOf(blueprint: Blueprint, layout: Layout): string {
  return `${layout.tenantsDir}/.${blueprint.tenant}.new`;
}

/** Directories of root that every tenant's paths lead through: passable, not listable. */
function passages(layout: Layout): readonly { readonly path: string; readonly mode: number }[] {
  return [
    { path: layout.stateDir, mode: 0o711 },
    { path: layout.tenantsDir, mode: 0o711 },
    { path: secretsParent(layout), mode: 0o711 },
    { path: `${layout.stateDir}/logs`, mode: 0o700 },
    { path: layout.runDir, mode: 0o711 },
  ];
}

/** Every path of the tree that must exist, parents first. */
function insideTree({ paths }: Blueprint): readonly string[] {
  const logs = paths.logFile.slice(0, paths.logFile.lastIndexOf('/'));
  return [paths.home, paths.state, paths.configDir, paths.workspace, paths.tmp, paths.compileCache, logs].filter((path) =>
    path.startsWith(`${paths.root}/`),
  );
}

/** First level only: deeper paths lead through what the tenant can replace, and root looks at none of them. */
function firstLevel(blueprint: Blueprint): readonly string[] {
  return insideTree(blueprint).filter((path) => !path.slice(blueprint.paths.root.length + 1).includes('/'));
}

export function treeEntries(blueprint: Blueprint, layout: Layout): readonly string[] {
  const { root, secretsDir } = blueprint.paths;
  return [
    ...passages(layout).map(({ path }) => path),
    root,
    stagingOf(blueprint, layout),
    secretsDir,
    ...diskEntries(blueprint, layout),
    ...firstLevel(blueprint),
  ];
}

/** Throws BulkheadError `apply` unless tree and secrets directory are absent or the tenant's own, at their own place. */
export function refuseForeignTree(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): void {
  const { root, secretsDir } = blueprint.paths;
  const owned = (found: Entry | null, uid: number | undefined): boolean => found === null || (found.kind === 'directory' && found.uid === uid);
  const refuse = (path: string): never => {
    throw foreign(blueprint, `${path} is not this tenant's own directory`, `look at it with: ls -ld ${path}`);
  };
  const isOwn = owned(observed.entries[root] ?? null, observed.user?.uid) || isMountPoint(blueprint, observed);
  if (root !== `${layout.tenantsDir}/${blueprint.tenant}` || !isOwn) refuse(root);
  if (secretsDir !== `${secretsParent(layout)}/${blueprint.tenant}` || !owned(observed.entries[secretsDir] ?? null, 0)) refuse(secretsDir);
  for (const { path } of passages(layout)) if (!owned(observed.entries[path] ?? null, 0)) refuse(path);
  refuseForeignDisk(blueprint, layout, observed);
}

/** Whether it is in place: the tenant's own directory, on its disk where it has one. */
export function hasTree({ paths }: Blueprint, { entries, user }: OsUserObserved): boolean {
  return user !== null && entries[paths.root]?.uid === user.uid;
}

export function convergePassages(layout: Layout, observed: OsUserObserved): readonly Command[] {
  return passages(layout).flatMap(({ path, mode }) => (observed.entries[path]?.mode === mode ? [] : [directory(path, mode)]));
}

export function convergeTree(
  blueprint: Blueprint,
  layout: Layout,
  observed: OsUserObserved,
  asTenant: (argv: readonly [string, ...string[]]) => Command,
): readonly Command[] {
  return [...convergeSecretsDir(blueprint, observed), ...convergeRoot(blueprint, layout, observed, asTenant)];
}

function convergeSecretsDir(blueprint: Blueprint, observed: OsUserObserved): readonly Command[] {
  const { secretsDir } = blueprint.paths;
  const found = observed.entries[secretsDir];
  if (found?.mode === 0o750 && found.gid === observed.user?.gid) return [];
  const { name } = userOf(blueprint);
  return [
    { title: `create ${secretsDir}, read-only for ${name}`, argv: ['install', '-d', '-o', 'root', '-g', name, '-m', '0750', '--', secretsDir] },
  ];
}

function convergeRoot(
  blueprint: Blueprint,
  layout: Layout,
  observed: OsUserObserved,
  asTenant: (argv: readonly [string, ...string[]]) => Command,
): readonly Command[] {
  const { root } = blueprint.paths;
  const found = observed.entries[root];
  const disk = convergeDisk(blueprint, layout, observed);
  // chmod(1) by the owner: the tree's own directory entry belongs to root's parent, its mode to the tenant.
  const close = asTenant(['chmod', '0700', '--', root]);
  const fill = asTenant(['mkdir', '-p', '-m', '0700', '--', ...insideTree(blueprint)]);
  if (blueprint.limits.diskBytes !== undefined && observed.disk.mount === null) return [...disk, close, fill];
  const staging = stagingOf(blueprint, layout);
  const leftOver = observed.entries[staging] ?? null;
  const clear: readonly Command[] =
    leftOver === null ? [] : [{ title: `delete the unfinished ${staging}`, argv: ['rm', '-rf', '--one-file-system', '--', staging] }];
  if (found === undefined || found === null) return [...clear, ...stage(blueprint, staging)];
  const missing = firstLevel(blueprint).some((path) => observed.entries[path]?.kind !== 'directory');
  return [...clear, ...disk, ...(found.mode === 0o700 ? [] : [close]), ...(missing ? [fill] : [])];
}

function stage(blueprint: Blueprint, staging: string): readonly Command[] {
  const { name } = userOf(blueprint);
  const { root } = blueprint.paths;
  const staged = insideTree(blueprint).map((path) => `${staging}${path.slice(root.length)}`);
  return [
    { title: `stage the tree of ${blueprint.tenant}`, argv: ['install', '-d', '-m', '0700', '--', staging, ...staged] },
    { title: `hand it to ${name}`, argv: ['chown', '-R', '-h', `${name}:${name}`, '--', staging] },
    { title: `put it in place as ${root}`, argv: ['mv', '-T', '--', staging, root] },
  ];
}

export function removeTree(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const { root, secretsDir } = blueprint.paths;
  const directories = [stagingOf(blueprint, layout), root, secretsDir].flatMap((path): readonly Command[] =>
    (observed.entries[path] ?? null) === null
      ? []
      : [{ title: `delete ${path}`, argv: ['rm', '-rf', '--one-file-system', '--', path], timeoutMs: 600_000 }],
  );
  return [...detachDisk(blueprint, observed), ...directories, ...deleteImages(blueprint, layout, observed)];
}

export function directory(path: string, mode: number): Command {
  return { title: `create ${path}`, argv: ['install', '-d', '-m', mode.toString(8).padStart(4, '0'), '--', path] };
}
