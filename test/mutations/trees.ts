/** Leaks by way of what lies in trees and above them: links, mounts, copies, who may pass. Trees are real where a machine of tests can have them. */
import { chmodSync, cpSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { known, type Facts } from '../../src/core/facts.ts';
import { observedFacts, withAccess, withPaths } from '../../src/checks/testing/clean-facts.ts';
import type { Mutation } from './mutation.ts';
import { relink } from './paths.ts';
import { seededTrees, type Seed } from './seeded-trees.ts';

type Make = NonNullable<Seed['make']>;

const made = (make: Make): Promise<Facts> => seededTrees({}, { make });
const config = (patch: Readonly<Record<string, unknown>>): Promise<Facts> => seededTrees({ config: patch }, {});
const STRAYED = ['fs.parent-writable', 'fs.perms-cross'];
const CREATE = 'CREATE TABLE device_identities (identity_key TEXT, device_id TEXT, public_key_pem TEXT)';
const DATABASE = 'state/state/openclaw.sqlite';

const reaching: readonly Mutation[] = [
  {
    id: 'path.nested',
    disguise: 'an agent without a workspace of its own, by dots',
    also: ['config.cross-reference'],
    facts: () => config({ agents: { entries: { desk: { workspace: 'ROOT/acme/../globex/workspace/desk/' } } } }),
  },
  {
    id: 'path.nested',
    disguise: 'in other letters, on a file system that folds them',
    facts: () =>
      observedFacts(
        {},
        {
          acme: withPaths((path) =>
            path.role === 'backup' ? { ...path, declared: '/t/Globex/b', real: '/t/Globex/b', folded: '/t/globex/b' } : path,
          ),
        },
      ),
  },
  {
    id: 'path.symlink-alias',
    disguise: 'deep in a workspace',
    facts: () =>
      made(
        (tenant, root) => (
          mkdirSync(join(tenant, 'workspace/a/b'), { recursive: true }),
          symlinkSync(join(root, 'acme/workspace'), join(tenant, 'workspace/a/b/c'))
        ),
      ),
  },
  {
    id: 'path.symlink-alias',
    disguise: 'by way of another link, to what is not there',
    facts: () =>
      made((tenant, root) => {
        symlinkSync(join(root, 'way'), join(tenant, 'workspace/out'));
        symlinkSync('acme/state/none', join(root, 'way'));
      }),
  },
  {
    id: 'path.hardlink',
    disguise: 'a file in two workspaces',
    facts: () =>
      made(
        (tenant, root) => (writeFileSync(join(root, 'acme/workspace/a'), ''), linkSync(join(root, 'acme/workspace/a'), join(tenant, 'workspace/b'))),
      ),
  },
  {
    id: 'path.bind-mount',
    disguise: 'below what is mounted at the other',
    facts: () =>
      observedFacts({}, { acme: withPaths((path) => (path.role === 'workspace' ? { ...path, backing: '254:0:/t/globex/workspace/sub' } : path)) }),
  },
  {
    id: 'path.synced-dir',
    disguise: 'what a program left in it',
    facts: () => made((tenant) => mkdirSync(join(tenant, 'workspace/.stfolder'))),
  },
  {
    id: 'path.synced-dir',
    disguise: 'a folder of one through a symlink',
    facts: () =>
      seededTrees(
        {},
        {
          make: (tenant, root) => (
            mkdirSync(join(root, 'Dropbox (Globex)'), { mode: 0o700 }),
            relink(join(root, 'Dropbox (Globex)'), join(tenant, 'workspace'))
          ),
        },
      ),
  },
  {
    id: 'path.synced-dir',
    disguise: 'one network file system',
    facts: () => {
      const remote = withPaths((path) => (path.role === 'workspace' ? { ...path, fileSystem: 'nfs4', backing: `0:99:${path.real}` } : path));
      return observedFacts({}, { acme: remote, globex: remote });
    },
  },
];

const stores: readonly Mutation[] = [
  {
    id: 'state.cloned-identity',
    disguise: 'a state that was copied',
    facts: () =>
      seededTrees(
        { databases: { [DATABASE]: [CREATE, "INSERT INTO device_identities VALUES ('k', 'd', 'p')"] } },
        { make: (tenant, root) => cpSync(join(root, 'acme/state/state'), join(tenant, 'state/state'), { recursive: true }) },
      ),
  },
  {
    id: 'state.cloned-identity',
    disguise: 'the key of an older version',
    facts: () => {
      const files = { 'state/identity/device.json': '{"deviceId":"d"}' };
      return seededTrees({ files }, { files });
    },
  },
  {
    id: 'state.db-shared',
    disguise: 'one database through a hard link',
    also: ['path.hardlink', 'state.cloned-identity'],
    facts: () =>
      seededTrees(
        { databases: { [DATABASE]: [CREATE, "INSERT INTO device_identities VALUES ('k', 'd', 'p')"] } },
        { make: (tenant, root) => (mkdirSync(join(tenant, 'state/state')), linkSync(join(root, 'acme', DATABASE), join(tenant, DATABASE))) },
      ),
  },
  {
    id: 'state.db-shared',
    disguise: 'below a directory that is a symlink',
    also: ['path.symlink-alias', 'state.cloned-identity', ...STRAYED],
    facts: () =>
      seededTrees(
        { databases: { [DATABASE]: [CREATE, "INSERT INTO device_identities VALUES ('k', 'd', 'p')"] } },
        { make: (tenant, root) => relink(join(root, 'acme/state/state'), join(tenant, 'state/state')) },
      ),
  },
];

const permissions: readonly Mutation[] = [
  {
    id: 'fs.perms-cross',
    disguise: 'everything on the way is open',
    facts: () => made((tenant) => (chmodSync(tenant, 0o755), chmodSync(join(tenant, 'workspace'), 0o755))),
  },
  {
    id: 'fs.perms-cross',
    disguise: 'no listing, and a name that everybody knows',
    facts: () => made((tenant) => ['', 'state'].forEach((name) => chmodSync(join(tenant, name), 0o711))),
  },
  {
    id: 'fs.perms-cross',
    disguise: 'an access control list names the neighbour',
    facts: () =>
      withAccess({
        '/t/acme': { named: [{ to: 'user', id: 1002, bits: 1 }] },
        '/t/acme/workspace': { mode: 0o750, named: [{ to: 'user', id: 1002, bits: 5 }] },
      }),
  },
  {
    id: 'fs.acl-default',
    disguise: 'a default access control list for the neighbour',
    facts: () => withAccess({ '/t/acme/workspace': { inherited: { named: [{ to: 'user', id: 1002, bits: 4 }], groupBits: 0, otherBits: 0 } } }),
  },
  {
    id: 'fs.acl-default',
    disguise: 'set-group-ID with the group of the neighbour',
    facts: () => withAccess({ '/t/acme/workspace': { mode: 0o2700, gid: 1002 } }),
  },
  { id: 'fs.parent-writable', disguise: 'above all trees', facts: () => made((_, root) => chmodSync(root, 0o777)) },
  { id: 'fs.parent-writable', disguise: 'sticky, and the neighbour’s', facts: () => withAccess({ '/t': { mode: 0o1777, uid: 1002 } }) },
  ...['0022', '0027'].map((umask): Mutation => ({
    id: 'fs.umask',
    disguise: umask,
    facts: () =>
      observedFacts(
        {},
        { acme: ({ process: seen }) => (seen.known && seen.value !== null ? { process: known({ ...seen.value, umask }, 'test') } : {}) },
      ),
  })),
];

export const trees: readonly Mutation[] = [...reaching, ...stores, ...permissions];
