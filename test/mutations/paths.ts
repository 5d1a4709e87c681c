/** Leaks by way of paths that are named: one place under two names, includes, references. Trees are real where a machine of tests can have them. */
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts, PathRole, TenantFacts } from '../../src/core/facts.ts';
import { observedFacts, withConfig, withPaths } from '../../src/checks/testing/clean-facts.ts';
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

export function relink(target: string, path: string): void {
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

/** What one config means: one workspace, one token, one log, and one gateway that tells both apart. */
const ONE_CONFIG = [
  'boundary.sessionkey-as-boundary',
  'boundary.shared-tool-agent',
  'config.cross-reference',
  'log.file-shared',
  'secret.ref-shared',
  'token.gateway-shared',
  'workspace.shared',
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
    { hooks: { transformsDir: 'ROOT/globex/./workspace/' } },
  ].map((patch): Mutation => ({ id: 'config.cross-reference', disguise: JSON.stringify(patch), facts: () => config(patch) })),
  {
    id: 'config.cross-reference',
    disguise: 'an address of a file',
    facts: () => withConfig({ agents: { defaults: { docs: 'file:///t/globex/state/credentials' } } }),
  },
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

export const paths: readonly Mutation[] = [...shared, ...configs];
