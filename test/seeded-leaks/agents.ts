/** Leaks by which an agent of one client reaches another. */
import { lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mountInto } from './boundary.ts';
import type { Leak } from './leak.ts';
import { all } from './plant.ts';
import type { Client, World } from './world.ts';

/** What sees a foreign directory in a boundary. */
const BESIDE = ['path.bind-mount', 'workspace.shared', 'fs.perms-cross'];

export const agents: readonly Leak[] = [
  {
    pain: 'one directory of notes for the agents of two clients',
    id: 'agent.memory',
    also: BESIDE,
    by: 'attacks',
    plant: async (here) => {
      const [own, other] = [await notes(here, 'acme'), await notes(here, 'globex')];
      // As open as the notes that are in it.
      writeFileSync(join(other.directory, 'team.md'), 'notes for all\n', { mode: 0o644 });
      await here.host('chmod', '0755', other.directory);
      const unmount = await mountInto(here, 'acme', other.directory, own.directory);
      return all([own.remove, other.remove, unmount]);
    },
  },
];

/** The directory of a client's notes, made where there is none. */
async function notes(here: World, tenant: Client): Promise<{ readonly directory: string; remove(): Promise<unknown> }> {
  const directory = here.path(tenant, 'workspace/memory');
  if (lstatSync(directory, { throwIfNoEntry: false }) !== undefined) return { directory, remove: () => Promise.resolve() };
  await here.host('install', '-d', '-m', '0700', '-o', here.user(tenant), '-g', here.user(tenant), directory);
  return { directory, remove: () => here.host('rm', '-rf', directory) };
}
