/** One round trip to the host: everything of a tenant's boundary that the kernel knows. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Host } from '../../core/host.ts';
import { runSelfContained } from '../../hosts/run-program.ts';
import { sibling } from '../../hosts/self-contained.ts';
import { ETC_NAMES } from './filesystem.ts';
import { firewallFiles } from './firewall.ts';
import { limitEntries, limitFiles } from './limits.ts';
import { boundaryDir, uidsFor, userOf } from './names.ts';
import type { OsUserObserved, OsUserRequest } from './observer.ts';
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
    entries: [...treeEntries(blueprint, layout), ...limitEntries(blueprint, layout), files.dir, files.tenants, etcDir, ...etc],
    files: [files.table, files.tenant, files.record, rebuildFile(blueprint, layout), builtNote(blueprint, layout), ...etc],
    limits: limitFiles(blueprint, layout),
    firewallDir: files.tenants,
    uplinksDir: files.uplinksDir,
    uids: uidsFor(blueprint),
  };
  const program = sibling(import.meta.url, 'observer');
  return await runSelfContained<OsUserObserved>(
    host,
    { program, request, node: blueprint.install.node, title: `look at ${blueprint.tenant}` },
    signal,
  );
}
