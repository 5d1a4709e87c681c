/** Leaks by way of paths: one place under two names, copies, links, mounts, includes, who may pass. Trees are real where a machine of tests can have them. */
import { cpSync, linkSync, mkdirSync, chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { known, type Facts, type PathRole, type TenantFacts } from '../../src/core/facts.ts';
import { observedFacts, withAccess, withConfig, withPaths } from '../../src/checks/testing/clean-facts.ts';
import { IN_ONE_STATE } from './one-state.ts';
import type { Mutation } from './mutation.ts';
import { seededTrees, type Seed } from './seeded-trees.ts';

type Make = NonNullable<Seed['make']>;

const made = (make: Make): Promise<Facts> => seededTrees({}, { make });
const config = (patch: Readonly<Record<string, unknown>>): Promise<Facts> => seededTrees({ config: patch }, {});
/** A place of globex made the same as that of acme: by a link, by what is mounted there, by the file itself. */
const linked = (id: string, place: string, also: readonly string[] = []): Mutation => ({
  id,
  disguise: 'through a symlink',
  also: ['path.nested', 'path.symlink-alias', 'fs.parent-writable', 'fs.perms-cross', ...also],
  facts: () =>
    seededTrees(
      { make: (tenant) => mkdirSync(join(tenant, place), { recursive: true, mode: 0o700 }) },
      {
        make: (tenant, root) => (
          mkdirSync(join(tenant, place, '..'), { recursive: true, mode: 0o700 }),
          relink(join(root, 'acme', place), join(tenant, place))
        ),
      },
    ),
});
const mounted = (id: string, role: PathRole, also: readonly string[] = []): Mutation => ({
  id,
  disguise: 'through a bind mount',
  also: ['path.bind-mount', ...also],
  facts: () => {
    const theirs = behind(observedFacts().tenants[1], role);
    return observedFacts({}, { acme: withPaths((path) => (path.role === role ? { ...path, backing: theirs } : path)) });
  },
});

function behind(tenant: TenantFacts | undefined, role: PathRole): string {
  const path = tenant?.paths.known === true ? tenant.paths.value.find((one) => one.role === role) : undefined;
  if (path?.backing === undefined) throw new Error(`nothing is behind the ${role}`);
  return path.backing;
}

function relink(target: string, path: string): void {
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}

/** The config of a tenant rewritten as text, however odd. */
const rewritten =
  (text: (config: string, root: string) => string): Make =>
  (tenant, root) => {
    const file = join(tenant, 'config/openclaw.json');
    writeFileSync(file, text(readFileSync(file, 'utf8'), root));
  };
const included = (file: string, text = '{}'): Seed => ({
  make: (tenant, root) => {
    writeFileSync(join(root, 'common.json5'), text);
    chmodSync(join(root, 'common.json5'), 0o666);
    rewritten((before) => before.replace(/^\{/, `{ "$include": ${JSON.stringify(file.replace('ROOT', root))},`))(tenant, root);
  },
});

const STRAYED = ['fs.parent-writable', 'fs.perms-cross'];
const CREATE = 'CREATE TABLE device_identities (identity_key TEXT, device_id TEXT, public_key_pem TEXT)';
const DATABASE = 'state/state/openclaw.sqlite';

/** What one config means: one workspace, one token, one log, and one gateway that tells both apart. */
const ONE_CONFIG = [
  ...['boundary.sessionkey-as-boundary', 'boundary.shared-tool-agent', 'config.cross-reference'],
  ...['log.file-shared', 'secret.ref-shared', 'token.gateway-shared', 'workspace.shared'],
];
const shared: readonly Mutation[] = [
  linked('config.path-shared', 'config', ONE_CONFIG),
  mounted('config.path-shared', 'config', ['boundary.sessionkey-as-boundary']),
  {
    id: 'config.path-shared',
    disguise: 'through a hard link',
    also: ['path.hardlink', 'fs.parent-writable', 'fs.perms-cross', ...ONE_CONFIG],
    facts: () =>
      made(
        (tenant, root) => (
          rmSync(join(tenant, 'config/openclaw.json')),
          linkSync(join(root, 'acme/config/openclaw.json'), join(tenant, 'config/openclaw.json'))
        ),
      ),
  },
  linked('state.dir-shared', 'state', ['boundary.shared-gateway', ...IN_ONE_STATE]),
  mounted('state.dir-shared', 'state', ['boundary.shared-gateway']),
  linked('agentdir.shared', 'state/agents/main/agent', ['model.auth-store-shared']),
  mounted('agentdir.shared', 'agent', ['model.auth-store-shared']),
  {
    id: 'agentdir.shared',
    disguise: 'one that both configs name, with a trailing slash and with dots',
    also: ['model.auth-store-shared'],
    facts: () =>
      seededTrees(
        { config: { agents: { entries: { main: { agentDir: 'ROOT/agents/' } } } } },
        { config: { agents: { entries: { main: { agentDir: 'ROOT/x/../agents' } } } } },
      ),
  },
  {
    id: 'model.auth-store-shared',
    disguise: 'the agent of another by its config, with a tilde',
    also: ['agentdir.shared', 'path.nested', 'config.cross-reference', 'fs.parent-writable'],
    facts: () => config({ agents: { entries: { desk: { agentDir: '~/../../globex/state/agents/main/agent' } } } }),
  },
  linked('workspace.shared', 'workspace'),
  mounted('workspace.shared', 'workspace'),
  {
    id: 'workspace.shared',
    disguise: 'a working directory of an agent, from a comment-ridden config',
    facts: () => {
      const cwd = rewritten((before, root) =>
        before
          .replace(/^\{/, `// mine\n{ cwdless: 1, 'x': [1,],`)
          .replace('"agents":{', `"agents":{ "list": [{ id: 'main', cwd: '${root}/work', }],`),
      );
      return seededTrees({ make: cwd }, { make: cwd });
    },
  },
  linked('credentials.store-shared', 'state/credentials'),
  mounted('credentials.store-shared', 'credentials'),
  {
    id: 'sandbox.root-shared',
    disguise: 'one directory, once through a symlink',
    also: ['path.symlink-alias'],
    facts: () =>
      seededTrees(
        {
          config: { agents: { defaults: { sandbox: { workspaceRoot: 'ROOT/boxes' } } } },
          make: (_, root) => mkdirSync(join(root, 'boxes'), { mode: 0o700 }),
        },
        {
          config: { agents: { defaults: { sandbox: { workspaceRoot: 'ROOT/other' } } } },
          make: (_, root) => relink(join(root, 'boxes'), join(root, 'other')),
        },
      ),
  },
  {
    id: 'sandbox.root-shared',
    disguise: 'one target of SSH in two cases',
    facts: () =>
      seededTrees(
        { config: { agents: { defaults: { sandbox: { ssh: { target: 'ops@Box' } } } } } },
        { config: { agents: { defaults: { sandbox: { ssh: { target: 'ops@box', workspaceRoot: '/tmp/openclaw-sandboxes/' } } } } } },
      ),
  },
];

const configs: readonly Mutation[] = [
  { id: 'config.path-defaulted', disguise: 'a blank variable', facts: () => withConfig({}, { OPENCLAW_CONFIG_PATH: ' ' }) },
  { id: 'config.path-defaulted', disguise: 'the word null', facts: () => withConfig({}, { OPENCLAW_STATE_DIR: 'null' }) },
  { id: 'config.path-defaulted', disguise: 'another place', facts: () => withConfig({}, { OPENCLAW_STATE_DIR: '~/state' }) },
  {
    id: 'config.include-shared',
    disguise: 'one file by two ways to write it',
    facts: () => seededTrees(included('ROOT/common.json5'), included('../../common.json5')),
  },
  {
    id: 'config.include-shared',
    disguise: 'once through a symlink',
    facts: () =>
      seededTrees(included('ROOT/common.json5'), {
        make: (tenant, root) => {
          included('ROOT/acme-common')['make']?.(tenant, root);
          symlinkSync(join(root, 'common.json5'), join(root, 'acme-common'));
        },
      }),
  },
  {
    id: 'config.include-shared',
    disguise: 'through a hard link, from an included file',
    also: ['path.hardlink'],
    facts: () =>
      seededTrees(included('ROOT/common.json5', '{ $include: "acme/config/part.json5" }'), {
        make: (tenant, root) => {
          writeFileSync(join(root, 'acme/config/part.json5'), '{}');
          chmodSync(join(root, 'acme/config/part.json5'), 0o666);
          linkSync(join(root, 'acme/config/part.json5'), join(tenant, 'config/part.json5'));
          rewritten((before) => before.replace(/^\{/, '{ "$include": ["./part.json5"],'))(tenant, root);
        },
      }),
  },
  ...['ROOT/globex/config', '~/../../globex/workspace/parts', 'ROOT/'].map((root): Mutation => ({
    id: 'config.include-roots-overlap',
    disguise: root,
    facts: () => withConfig({}, { OPENCLAW_INCLUDE_ROOTS: `/srv/common:${root.replace('ROOT', '/t')}` }),
    also: root === 'ROOT/' ? [] : ['config.cross-reference'],
  })),
  ...['1', ' True ', 'on'].map((value): Mutation => ({
    id: 'config.multi-gateway-flag',
    disguise: JSON.stringify(value),
    facts: () => withConfig({}, { OPENCLAW_ALLOW_MULTI_GATEWAY: value }),
  })),
  ...[
    { mcp: { servers: { x: { command: 'x', args: ['--root=ROOT/globex/home'] } } } },
    { agents: { defaults: { docs: ['~/../../globex/state'] } } },
    { agents: { defaults: { docs: 'file://ROOT/globex/state/credentials' } } },
    { hooks: { transformsDir: 'ROOT/globex/./workspace/' } },
  ].map((patch): Mutation => ({ id: 'config.cross-reference', disguise: JSON.stringify(patch), facts: () => config(patch) })),
  {
    id: 'config.cross-reference',
    disguise: 'in a file that a config with comments includes',
    facts: () =>
      seededTrees(
        {
          make: (tenant, root) => {
            writeFileSync(join(tenant, 'config/part.json5'), `{ extra: { dir: '${root}/globex/workspace/a', }, /* mine */ }`);
            rewritten((before) => `// mine\n${before.replace(/^\{/, "{ $include: 'part.json5',")}`)(tenant, root);
          },
        },
        {},
      ),
  },
  { id: 'workspace.implicit', disguise: 'null', facts: () => withConfig({ agents: { defaults: { workspace: null } } }) },
  {
    id: 'workspace.implicit',
    disguise: 'only in the environment',
    facts: () => withConfig({ agents: { defaults: { workspace: undefined } } }, { OPENCLAW_WORKSPACE_DIR: '/t/acme/workspace' }),
  },
];

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

export const paths: readonly Mutation[] = [...shared, ...configs, ...reaching, ...stores, ...permissions];
