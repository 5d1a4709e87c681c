/** Takes a boundary away: rules, link, namespace, limits, then tree and secrets, the user last. Only what carries our mark. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { refuseForeignEngine, removeStore } from './engine.ts';
import { foreign, boundaryDir, userOf } from './names.ts';
import { refuseForeignLink, removeLink } from './network.ts';
import { removeFromFirewall } from './firewall.ts';
import { removeLimits } from './limits.ts';
import type { OsUserObserved } from './observer.ts';
import { forgetBuilt } from './rebuild.ts';
import { refuseForeignTree, removeTree } from './tree.ts';
import { refuseForeignUser, removeUser } from './user.ts';

/** The caller has stopped the service. Throws BulkheadError `apply` while something still runs inside. */
export function removeOsUser(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  refuseForeignUser(blueprint, layout, observed);
  refuseForeignTree(blueprint, layout, observed);
  refuseForeignLink(blueprint, observed);
  refuseForeignEngine(blueprint, layout, observed);
  if (observed.boundary !== null) {
    throw foreign(blueprint, `its boundary still runs (pid ${observed.boundary.pid})`, `bulkhead stop ${blueprint.tenant}`);
  }
  const last = observed.firewall.tenants.every((name) => name === userOf(blueprint).name);
  const dir = boundaryDir(blueprint, layout);
  const files: readonly Command[] =
    (observed.entries[dir] ?? null) === null ? [] : [{ title: `delete ${dir}`, argv: ['rm', '-rf', '--one-file-system', '--', dir] }];
  return [
    ...forgetBuilt(blueprint, layout, observed),
    // The link before the rules: a tenant without rules must not have one.
    ...removeLink(blueprint, observed),
    ...removeFromFirewall(blueprint, layout, observed),
    ...removeLimits(blueprint, layout, observed, last),
    ...files,
    ...removeStore(blueprint, layout, observed),
    // The user goes after all it owns: a freed id is handed out again, with whatever files still carry it.
    ...removeTree(blueprint, layout, observed),
    ...removeUser(blueprint, observed),
  ];
}
