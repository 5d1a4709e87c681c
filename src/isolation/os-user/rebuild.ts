/**
 * What a reboot takes from a boundary (mounted disk, namespace, link, loaded rules, forwarding) comes back by the commands that made it, kept in a file
 * that the tenant's unit runs before the gateway. Only on hosts where systemd starts services at boot.
 */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { mountAgain } from './disk.ts';
import { convergeForwarding, convergeUplinks, loadFirewall } from './firewall.ts';
import { boundaryDir, userOf } from './names.ts';
import { convergeLink, convergeLinkUp } from './network.ts';
import type { OsUserObserved } from './observer.ts';
import { REBUILD } from './programs.ts';
import { directory } from './tree.ts';

export function rebuildFile(blueprint: Blueprint, layout: Layout): string {
  return `${boundaryDir(blueprint, layout)}/rebuild`;
}

/** Lies in memory: it is there from the moment that everything stands until the next boot. */
export function builtNote(blueprint: Blueprint, layout: Layout): string {
  return `${layout.runDir}/${userOf(blueprint).name}.built`;
}

export function rebuildArgv(blueprint: Blueprint, layout: Layout): readonly [string, ...string[]] {
  return ['/usr/bin/perl', '-e', REBUILD, builtNote(blueprint, layout), rebuildFile(blueprint, layout)];
}

/** After everything else: the note says that all of it stands. */
export function convergeRebuild(
  blueprint: Blueprint,
  layout: Layout,
  observed: OsUserObserved,
  commands = rebuildCommands(blueprint, layout, observed),
): readonly Command[] {
  if (!observed.systemd) return [];
  const file = rebuildFile(blueprint, layout);
  const text = commands.map(line).join('');
  const keep: Command = { title: `keep what ${blueprint.tenant} needs after a reboot`, argv: ['tee', file], stdin: text };
  const note = noteBuilt(blueprint, layout);
  return [...(observed.files[file] === text ? [] : [keep]), ...(observed.files[builtNote(blueprint, layout)] === note.stdin ? [] : [note])];
}

/** Rules before the link is up, as when it was first built; an unfinished attempt goes first, its link with its namespace. */
export function rebuildCommands(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const { namespace } = userOf(blueprint);
  const gone = afterReboot(observed);
  return [
    directory(layout.runDir, 0o711),
    ...mountAgain(blueprint, layout),
    { title: `delete the unfinished network namespace ${namespace}`, argv: ['ip', 'netns', 'delete', namespace], okExits: [0, 1] },
    ...convergeLink(blueprint, gone),
    loadFirewall(layout),
    ...convergeUplinks(blueprint, layout, gone),
    ...convergeForwarding(blueprint, layout, gone),
    ...convergeLinkUp(blueprint, gone),
    noteBuilt(blueprint, layout),
  ];
}

/** For a boundary whose network comes back by itself: its disk and the rules. */
export function rebuildDisk(blueprint: Blueprint, layout: Layout): readonly Command[] {
  return [directory(layout.runDir, 0o711), ...mountAgain(blueprint, layout), loadFirewall(layout), noteBuilt(blueprint, layout)];
}

export function forgetBuilt(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const note = builtNote(blueprint, layout);
  if ((observed.files[note] ?? null) === null) return [];
  return [{ title: `forget that the boundary of ${blueprint.tenant} stands`, argv: ['rm', '-f', '--', note] }];
}

function noteBuilt(blueprint: Blueprint, layout: Layout): Command & { readonly stdin: string } {
  const title = `note that the boundary of ${blueprint.tenant} stands`;
  return { title, argv: ['tee', builtNote(blueprint, layout)], stdin: `${userOf(blueprint).namespace}\n` };
}

/** The host as it will be found at its next boot, as far as these commands ask. An uplink that forwards because of us will not. */
function afterReboot(observed: OsUserObserved): OsUserObserved {
  const noted = new Set(Object.values(observed.uplinkNotes).flatMap((names) => names.split('\n')));
  const uplinks = observed.uplinks.map((uplink) => (noted.has(uplink.name) ? { ...uplink, forwarding: '0' } : uplink));
  return { ...observed, namespace: 'missing', link: null, inside: null, boundary: null, sysctl: {}, uplinks, uplinkNotes: {} };
}

/** Read by `REBUILD`. Nothing secret is in it. */
function line({ argv, stdin = '', okExits = [0] }: Command): string {
  return `${[okExits.join(','), stdin, ...argv].map(encodeURIComponent).join(' ')}\n`;
}
