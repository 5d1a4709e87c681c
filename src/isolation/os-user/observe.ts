/** Everything of a tenant's boundary that the kernel knows; and the quick look, for many tenants at once. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { BoundaryDetails, Host } from '../../core/host.ts';
import type { TenantId } from '../../core/words.ts';
import { runSelfContained } from '../../hosts/run-program.ts';
import { sibling } from '../../hosts/self-contained.ts';
import { diskImage } from './disk.ts';
import { SUBORDINATES, engineEntries, sandboxImageRecord } from './engine.ts';
import { ETC_NAMES } from './filesystem.ts';
import { firewallFiles } from './firewall.ts';
import { limitEntries, limitFiles } from './limits.ts';
import { boundaryDir, uidsFor, userOf } from './names.ts';
import type { Located, LocateRequest } from './locator.ts';
import type { BoundarySeen, OsUserObserved, OsUserRequest } from './observer.ts';
import { builtNote, rebuildFile } from './rebuild.ts';
import { treeEntries } from './tree.ts';

export async function observeOsUser(blueprint: Blueprint, layout: Layout, host: Host, signal: AbortSignal): Promise<OsUserObserved> {
  const { name, link, namespace } = userOf(blueprint);
  const files = firewallFiles(blueprint, layout);
  const etcDir = boundaryDir(blueprint, layout);
  const etc = ETC_NAMES.map((file) => `${etcDir}/${file}`);
  const request: OsUserRequest = {
    user: name,
    link,
    namespace,
    instance: layout.instance,
    tenant: blueprint.tenant,
    entries: [
      ...treeEntries(blueprint, layout),
      ...limitEntries(blueprint, layout),
      ...engineEntries(blueprint, layout),
      files.dir,
      files.tenants,
      etcDir,
      ...etc,
    ],
    files: [files.table, files.tenant, files.record, rebuildFile(blueprint, layout), builtNote(blueprint, layout), ...etc],
    limits: limitFiles(blueprint, layout),
    tree: blueprint.paths.root,
    image: diskImage(blueprint, layout),
    firewallDir: files.tenants,
    uplinksDir: files.uplinksDir,
    uids: uidsFor(blueprint, layout),
    subordinates: SUBORDINATES,
    sandboxImage: sandboxImageRecord(layout),
  };
  const title = `look at ${blueprint.tenant}`;
  const program = sibling(import.meta.url, 'observer');
  const [seen, located] = await Promise.all([
    runSelfContained<BoundarySeen>(host, { program, request, node: blueprint.install.node, title }, signal),
    locate([blueprint], host, signal),
  ]);
  return { ...seen, boundary: located[blueprint.tenant]?.boundary ?? null };
}

/** What `details` tells, of all tenants with one look. */
export async function locateOsUsers(
  blueprints: readonly Blueprint[],
  host: Host,
  signal: AbortSignal,
): Promise<ReadonlyMap<TenantId, BoundaryDetails>> {
  const located = await locate(blueprints, host, signal);
  return new Map(
    Object.entries(located).map(([tenant, { user, boundary }]) => [tenant, { ...user, ...(boundary === null ? {} : { pid: boundary.pid }) }]),
  );
}

async function locate(blueprints: readonly Blueprint[], host: Host, signal: AbortSignal): Promise<Readonly<Record<TenantId, Located>>> {
  const [first] = blueprints;
  if (first === undefined) return {};
  const tenants = blueprints.map((blueprint) => {
    const { name, namespace } = userOf(blueprint);
    return { tenant: blueprint.tenant, user: name, namespace, ...(blueprint.rootless === true ? { nested: true as const } : {}) };
  });
  const request: LocateRequest = { tenants };
  const program = sibling(import.meta.url, 'locator');
  return await runSelfContained(host, { program, request, node: first.install.node, title: 'look where boundaries run' }, signal);
}
