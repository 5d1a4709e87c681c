/** Leaks by way of a real archive that `openclaw backup create` made of one tenant. */
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Leak } from './leak.ts';
import { all } from './plant.ts';
import type { Client, World } from './world.ts';

export const backups: readonly Leak[] = [
  {
    pain: 'a backup of one tenant among those of another',
    id: 'backup.restore-crossed',
    alone: true,
    manifest: (text) => text.replace('    egress: none\n', `    backup: { to: ${SHELF} }\n    egress: none\n`),
    plant: async (here) => {
      await here.host('install', '-d', '-m', '0700', SHELF);
      const { path, remove } = await archiveOf(here, 'globex');
      await here.host('cp', path, join(SHELF, 'acme.tar.gz'));
      return all([() => here.host('rm', '-r', SHELF), remove]);
    },
  },
  {
    pain: 'a backup that everybody may read',
    id: 'backup.readable',
    alone: true,
    manifest: (text) => text.replace('    egress: none\n', `    backup: { to: ${SHELF} }\n    egress: none\n`),
    plant: async (here) => {
      await here.host('install', '-d', '-m', '0755', SHELF);
      const { path, remove } = await archiveOf(here, 'acme');
      await here.host('install', '-m', '0644', path, join(SHELF, 'acme.tar.gz'));
      return all([() => here.host('rm', '-r', SHELF), remove]);
    },
  },
  {
    pain: 'a backup of one tenant unpacked where another keeps its state',
    id: 'state.cloned-identity',
    also: ['gateway.not-running'],
    alone: true,
    plant: async (here) => {
      const [state, kept] = [here.path('acme', 'state'), here.path('acme', 'state.kept')];
      const { path, remove } = await archiveOf(here, 'globex');
      await here.bulkhead('stop', 'acme');
      renameSync(state, kept);
      await here.host('install', '-d', '-m', '0700', state);
      // The archive names a file by a folder of its own, `payload/posix` and its path.
      const inner = here.path('globex', 'state');
      const depth = 3 + inner.split('/').length - 1;
      await here.host('tar', '-xzf', path, '-C', state, `--strip-components=${depth}`, '--wildcards', `*/payload/posix${inner}/*`);
      await here.host('chown', '-R', `${here.user('acme')}:${here.user('acme')}`, state);
      return async () => {
        await here.host('rm', '-r', state);
        renameSync(kept, state);
        await remove();
        await here.bulkhead('start', 'acme');
        await here.startsAgain('acme');
      };
    },
  },
];

const SHELF = `/var/backups/bulkhead-seeded-leak-${process.pid}`;

async function archiveOf(here: World, tenant: Client): Promise<{ readonly path: string; remove(): Promise<unknown> }> {
  const directory = here.path(tenant, 'tmp/backup');
  await here.host('install', '-d', '-m', '0700', '-o', here.user(tenant), '-g', here.user(tenant), directory);
  const { exit, stderr } = await here.bulkhead('exec', tenant, '--', 'openclaw', 'backup', 'create', '--output', directory);
  const [name] = readdirSync(directory);
  if (exit !== 0 || name === undefined) throw new Error(`no backup was made: ${stderr}`);
  return { path: join(directory, name), remove: () => here.host('rm', '-r', directory) };
}
