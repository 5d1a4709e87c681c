/** Leaks that an agent of one client reaches another by, each found by the attack through that agent. */
import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mountInto } from './boundary.ts';
import type { Leak } from './leak.ts';
import { all, config, modes, part } from './plant.ts';
import type { Client, World } from './world.ts';

/** What sees a foreign directory in a boundary, or a live config that nobody rendered. */
const BESIDE = ['path.bind-mount', 'policy.drift', 'workspace.shared', 'fs.perms-cross', 'config.cross-reference'];

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
  {
    pain: 'the trees of all tenants in a boundary, the neighbour’s workspace for everybody to write, and file tools let out of their own',
    id: 'agent.patch',
    also: [
      ...BESIDE,
      'agent.exec',
      'agent.memory',
      'agent.read',
      'agent.read-link',
      'agent.write',
      'files.by-user',
      'files.list',
      'files.read-state',
      'files.symlink',
      'files.watch',
      'files.write',
    ],
    by: 'attacks',
    plant: async (here) => {
      const workspace = here.path('globex', 'workspace');
      const undos = [
        await config(here, 'acme', (live) => {
          const { exec, ...rest } = part(live, 'tools');
          const free = { ...(exec as Record<string, unknown>), applyPatch: { workspaceOnly: false } };
          return { ...live, tools: { ...rest, exec: free, fs: { workspaceOnly: false } } };
        }),
        await modes(here, '0711', here.path('globex')),
        await modes(here, '0777', workspace),
      ];
      const neighbour = join(workspace, 'team.txt');
      writeFileSync(neighbour, 'for all\n', { mode: 0o644 });
      undos.push(() => Promise.resolve(rmSync(neighbour)));
      const trees = join(here.path('acme'), '..');
      undos.push(await mountInto(here, 'acme', trees, trees));
      return all(undos);
    },
  },
  {
    pain: 'an agent for the other client in one’s own gateway, which every agent may start',
    id: 'agent.spawn',
    also: [...BESIDE, 'gateway.agent-name'],
    by: 'attacks',
    plant: (here) =>
      config(here, 'acme', (live) => {
        const { defaults } = part(live, 'agents');
        const entries = { main: { subagents: { allowAgents: ['*'] } }, globex: {} };
        return { ...live, agents: { ownership: 'explicit', defaults, entries } };
      }),
  },
];

/** The directory of a client's notes, made where there is none. */
async function notes(here: World, tenant: Client): Promise<{ readonly directory: string; remove(): Promise<unknown> }> {
  const directory = here.path(tenant, 'workspace/memory');
  if (lstatSync(directory, { throwIfNoEntry: false }) !== undefined) return { directory, remove: () => Promise.resolve() };
  await here.host('install', '-d', '-m', '0700', '-o', here.user(tenant), '-g', here.user(tenant), directory);
  return { directory, remove: () => here.host('rm', '-rf', directory) };
}
