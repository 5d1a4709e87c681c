/** Leaks in the file system. */
import { join } from 'node:path';
import type { Leak } from './leak.ts';
import { all, file, modes } from './plant.ts';

export const files: readonly Leak[] = [
  {
    pain: 'a state directory that everybody may read',
    id: 'files.by-user',
    also: ['fs.perms-cross'],
    by: 'attacks',
    plant: (here) => modes(here, '0755', here.path('globex'), here.path('globex', 'state')),
  },
  {
    pain: 'a state directory that a group may read, and the neighbour is in the group',
    id: 'fs.perms-cross',
    also: ['files.by-user'],
    plant: async (here) => {
      const paths = [here.path('globex'), here.path('globex', 'state')];
      await here.host('chgrp', here.user('acme'), ...paths);
      const closed = await modes(here, '0750', ...paths);
      return all([() => here.host('chgrp', here.user('globex'), ...paths), closed]);
    },
  },
  {
    pain: 'an access control list that lets the neighbour in',
    id: 'fs.perms-cross',
    plant: async (here) => {
      const paths = [here.path('globex'), here.path('globex', 'state')];
      await here.host('setfacl', '-m', `u:${here.user('acme')}:rx`, ...paths);
      return () => here.host('setfacl', '-b', ...paths);
    },
  },
  {
    pain: 'an access control list that gives new files to the neighbour',
    id: 'fs.acl-default',
    plant: async (here) => {
      await here.host('setfacl', '-d', '-m', `u:${here.user('acme')}:rX`, here.path('globex', 'workspace'));
      return () => here.host('setfacl', '-k', here.path('globex', 'workspace'));
    },
  },
  {
    pain: 'a hard link to a session file of the neighbour',
    id: 'path.hardlink',
    plant: async (here) => {
      const name = here.path('acme', 'workspace/kept');
      await here.host('ln', here.path('globex', 'config/openclaw.json'), name);
      return () => here.host('rm', name);
    },
  },
  {
    pain: 'a symbolic link into the neighbour’s state',
    id: 'path.symlink-alias',
    plant: async (here) => {
      const name = here.path('acme', 'workspace/other');
      await here.host('ln', '-s', here.path('globex', 'state'), name);
      return () => here.host('rm', name);
    },
  },
  {
    pain: 'the neighbour’s workspace, mounted among one’s own files',
    id: 'path.bind-mount',
    also: ['workspace.shared'],
    // It cannot be walked to its end then: what else lies in that tree is unknown.
    alone: true,
    plant: async (here) => {
      const name = here.path('acme', 'workspace/mounted');
      await here.host('mkdir', name);
      await here.host('mount', '--bind', here.path('globex', 'workspace'), name);
      return all([() => here.host('rmdir', name), () => here.host('umount', name)]);
    },
  },
  {
    pain: 'a directory above all tenants that everybody may write',
    id: 'files.replace',
    also: ['fs.parent-writable'],
    by: 'attacks',
    plant: (here) => modes(here, '0777', join(here.path('acme'), '..')),
  },
  {
    pain: 'the same, seen without an attack',
    id: 'fs.parent-writable',
    plant: (here) => modes(here, '0777', join(here.path('acme'), '..')),
  },
  {
    pain: 'a state that was made by copying another: one device identity',
    id: 'state.cloned-identity',
    plant: async (here) => {
      const name = 'state/config-journal-fingerprint.key';
      const { stdout } = await here.host('cat', here.path('acme', name));
      return file(here.path('globex', name), stdout);
    },
  },
  {
    pain: 'a plugin that hard-codes ~/.openclaw',
    id: 'plugin.hardcoded-home',
    plant: async (here) => {
      const directory = here.path('acme', 'state/extensions/keeper');
      await here.host('install', '-d', '-o', here.user('acme'), '-g', here.user('acme'), here.path('acme', 'state/extensions'), directory);
      const undos = [await file(join(directory, 'index.js'), 'require("fs").writeFileSync("/root/.openclaw/credentials.json", "{}");\n')];
      undos.push(await file(join(directory, 'package.json'), '{"name":"keeper","version":"1.0.0","main":"index.js"}\n'));
      return all([() => here.host('rm', '-r', directory), ...undos]);
    },
  },
];
