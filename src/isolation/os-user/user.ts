/** The tenant's system user: no shell, no password, no home outside its tree, and our mark in its comment. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { foreign, markOf, uidOf, userOf } from './names.ts';
import type { OsUserObserved } from './observer.ts';

/** A user of this name without this tenant's mark is somebody else's. Throws BulkheadError `apply`. */
export function refuseForeignUser(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): void {
  const { name } = userOf(blueprint);
  if (observed.user === null || observed.user.mark === markOf(blueprint, layout)) return;
  throw foreign(blueprint, `OS user ${name} exists and is not this tenant's`, `look at it with: getent passwd ${name}`);
}

export function convergeUser(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  if (observed.user !== null) return [];
  const { name } = userOf(blueprint);
  const uid = String(uidOf(observed));
  // Ids of their own range, so that a freed one is not handed to the next package's daemon: useradd(8), login.defs(5).
  const range = ['SYS_UID_MIN=12000', 'SYS_UID_MAX=16383', 'SYS_GID_MIN=12000', 'SYS_GID_MAX=16383'].flatMap((pair) => ['-K', pair]);
  const home = ['--no-create-home', '--home-dir', blueprint.paths.home, '--shell', '/usr/sbin/nologin'];
  return [
    {
      title: `create OS user ${name}`,
      argv: ['useradd', '--system', ...range, '--uid', uid, '--user-group', ...home, '--comment', markOf(blueprint, layout), '--', name],
    },
  ];
}

export function removeUser(blueprint: Blueprint, observed: OsUserObserved): readonly Command[] {
  if (observed.user === null) return [];
  const { name } = userOf(blueprint);
  return [{ title: `delete OS user ${name}`, argv: ['userdel', '--', name] }];
}
