/** Leaks by which an agent of one client reaches another. */
import assert from 'node:assert/strict';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentsAt } from '../../src/probes/attempts/agents.ts';
import { mountInto } from './boundary.ts';
import type { Leak } from './leak.ts';
import { all, config, file, modes, part } from './plant.ts';
import type { Client, World } from './world.ts';

/** What sees a foreign directory in a boundary. */
const BESIDE = ['path.bind-mount', 'workspace.shared', 'fs.perms-cross'];

/** Attacks that reach an open tree that is mounted. */
const OTHERS_TREE = [
  'agent.exec',
  'agent.read',
  'agent.read-link',
  'files.by-user',
  'files.list',
  'files.read-state',
  'files.symlink',
  'files.watch',
  'policy.drift',
];

/** What sees that a gateway has an agent that is called like another tenant. */
const SECOND_AGENT = ['agent.automations', 'agent.spawn', 'boundary.agents-as-tenants', 'gateway.agent-name', 'policy.drift'];

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
    pain: 'one gateway for two clients, an agent each, and one may start the other',
    id: 'agent.spawn',
    also: SECOND_AGENT,
    by: 'attacks',
    plant: (here) => agentsOf(here, { main: { subagents: { allowAgents: ['main', 'globex'] } }, globex: {} }),
  },
  {
    pain: 'one gateway for two clients, an agent each, and one scheduler',
    id: 'agent.automations',
    also: SECOND_AGENT,
    by: 'attacks',
    plant: (here) => agentsOf(here, { main: {}, globex: {} }),
  },
  {
    pain: 'an agent that may write anywhere, and the trees of all clients mounted where it runs',
    id: 'agent.patch',
    also: [...OTHERS_TREE, ...BESIDE, 'policy.fs-not-workspace-only'],
    by: 'attacks',
    plant: async (here) => {
      const anywhere = { fs: { workspaceOnly: false }, exec: { applyPatch: { workspaceOnly: false } } };
      const undo = await config(here, 'acme', (live) => ({ ...live, tools: { ...part(live, 'tools'), ...anywhere } }));
      const open = await modes(here, '0755', here.path('globex'), here.path('globex', 'workspace'));
      // Canaries are as open as what lies beside them.
      const note = await file(here.path('globex', 'workspace/notes.md'), 'notes for all\n', 0o644);
      const trees = join(here.stateDir, 'tenants');
      return all([undo, open, note, await mountInto(here, 'acme', trees, trees)]);
    },
  },
];

/** Agents of acme's gateway, from one moment to the next; returns when it has them. */
async function agentsOf(here: World, entries: Readonly<Record<string, unknown>>): Promise<() => Promise<unknown>> {
  const gateway = [await here.port('acme'), readFileSync(join(here.stateDir, 'secrets/acme/gateway-token'), 'utf8').trim()] as const;
  const known = async (count: number): Promise<void> => {
    const end = Date.now() + 60_000;
    while ((await agentsAt(...gateway)).length !== count) {
      assert.ok(Date.now() < end, `acme’s gateway does not have ${count} agents after a minute`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  const undo = await config(here, 'acme', (live) => ({ ...live, agents: { ...part(live, 'agents'), ownership: 'explicit', entries } }));
  await known(Object.keys(entries).length);
  return async () => {
    await undo();
    await known(0);
  };
}

/** The directory of a client's notes, made where there is none. */
async function notes(here: World, tenant: Client): Promise<{ readonly directory: string; remove(): Promise<unknown> }> {
  const directory = here.path(tenant, 'workspace/memory');
  if (lstatSync(directory, { throwIfNoEntry: false }) !== undefined) return { directory, remove: () => Promise.resolve() };
  await here.host('install', '-d', '-m', '0700', '-o', here.user(tenant), '-g', here.user(tenant), directory);
  return { directory, remove: () => here.host('rm', '-rf', directory) };
}
