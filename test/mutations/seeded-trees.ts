/**
 * Two tenants on real trees, with what is seeded in them, as the product's own readers see them: config, variables, files, stores and links go
 * through the real collectors, which run in this process instead of one of their own. Everything else of the facts is clean.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { observedFacts } from '../../src/checks/testing/clean-facts.ts';
import type { Blueprint } from '../../src/core/blueprint.ts';
import type { Command, CommandResult } from '../../src/core/command.ts';
import { known, type Facts, type TenantFacts } from '../../src/core/facts.ts';
import type { Host, Isolation } from '../../src/core/host.ts';
import { main as lookAtArgv, type ArgvRequest } from '../../src/observe/argv-collector.ts';
import { observeFleet } from '../../src/observe/observe.ts';
import { main as lookAtSecrets, type SecretsRequest } from '../../src/observe/secrets-collector.ts';
import { main as lookAtFiles, type TenantRequest } from '../../src/observe/tenant-collector.ts';
import { main as lookThroughTree, type TreeRequest } from '../../src/observe/tree-collector.ts';
import { splitEnviron, tellVariables } from '../../src/observe/variables.ts';
import type { HostRequest } from '../../src/observe/host-collector.ts';
import { renderConfig } from '../../src/openclaw/config.ts';
import { tenantEnvironment } from '../../src/openclaw/environment.ts';
import { makeMasker } from '../../src/openclaw/masking.ts';
import { merge, type Json } from '../../src/openclaw/merge.ts';
import { gatewayTokenFile } from '../../src/openclaw/secrets.ts';
import { testInstall } from '../support/requires.ts';
import { SAMPLE_LAYOUT, sampleBlueprint } from '../support/sample.ts';

export interface Seed {
  /** Merged over the rendered config, as if the tenant had written it there. */
  readonly config?: Json;
  readonly variables?: Readonly<Record<string, string>>;
  /** Path below the tenant's root → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Path below the tenant's root → what it links to, seen from the folder of both tenants. */
  readonly links?: Readonly<Record<string, string>>;
  /** Path below the tenant's root → statements. */
  readonly databases?: Readonly<Record<string, readonly string[]>>;
  readonly gatewayToken?: string;
  /** What else is done once both trees are there; `tenant` is the root of this one, `root` the folder of both. */
  readonly make?: (tenant: string, root: string) => void;
}

/** What is read from the trees; the rest of the facts is clean. */
const READ = [
  ...(['secrets', 'identities', 'environment', 'references', 'logins', 'places', 'exposed', 'settings'] as const),
  ...(['paths', 'hardLinks', 'links', 'access', 'stores', 'includes', 'prompts'] as const),
];

/** The seeds may name the folder of both tenants as `ROOT`. */
export async function seededTrees(acme: Seed, globex: Seed, mutate: (tenant: TenantFacts) => Partial<TenantFacts> = () => ({})): Promise<Facts> {
  const root = mkdtempSync(join(tmpdir(), 'bulkhead-mutation-'));
  try {
    const seeds = new Map(Object.entries({ acme, globex }).map(([tenant, seed]) => [tenant, inRoot(seed, root)]));
    const blueprints = [...seeds.keys()].map((tenant, at) => blueprintIn(root, tenant, at));
    chmodSync(root, 0o711);
    for (const blueprint of blueprints) build(blueprint, root, seeds.get(blueprint.tenant) ?? {});
    for (const [tenant, { make }] of seeds) make?.(join(root, tenant), root);
    const observed = await observeFleet({
      fleet: {
        name: 'f',
        trust: 'clients',
        relations: [],
        tenants: [],
        namedRisks: [],
        source: { path: '', sha256: '' },
        hosts: [{ id: 'local', admins: [], proxies: [] }],
      },
      blueprints,
      layoutOf: () => SAMPLE_LAYOUT,
      hostOf: () => hostOf(blueprints, seeds),
      isolationOf: () => RUNG,
      takenAt: '2026-11-24T00:00:00Z',
      signal: new AbortController().signal,
    });
    const [first, second] = observed.tenants;
    const changed = (tenant: TenantFacts | undefined) => (clean: TenantFacts) => {
      const real = { ...clean, ...seen(clean, tenant, root) };
      return { ...real, ...mutate(real) };
    };
    return observedFacts({}, { acme: changed(first), globex: changed(second) });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function seen(clean: TenantFacts, tenant: TenantFacts | undefined, root: string): Partial<TenantFacts> {
  if (tenant === undefined) throw new Error('a tenant was not observed');
  for (const name of READ) {
    const fact = tenant[name];
    if (!fact.known) throw new Error(`${name} of ${tenant.tenant} could not be read: ${fact.why}`);
  }
  const { declared } = tenant;
  return { ...Object.fromEntries(READ.map((name) => [name, tenant[name]])), declared, ...sayingSo(clean, declared), ...ownedBy(clean, tenant, root) };
}

/** The running gateway that the clean facts tell of, in the place where the tree is. */
function sayingSo({ process, claim, audit }: TenantFacts, { configPath, stateDir, gatewayPort }: TenantFacts['declared']): Partial<TenantFacts> {
  const environment = { OPENCLAW_CONFIG_PATH: configPath, OPENCLAW_STATE_DIR: stateDir, OPENCLAW_GATEWAY_PORT: String(gatewayPort) };
  return {
    process: process.known && process.value !== null ? known({ ...process.value, environment }, 'test') : process,
    claim: claim.known ? known({ ...claim.value, configPath, stateDir }, 'test') : claim,
    audit: audit.known ? known({ ...audit.value, ranAs: { ...audit.value.ranAs, configPath } }, 'test') : audit,
  };
}

/** The trees are ours, whoever runs this: what lies in one counts as its tenant's, what lies above them as root's. */
function ownedBy({ user }: TenantFacts, { paths, access }: TenantFacts, root: string): Partial<TenantFacts> {
  const ownerOf = (path: string): number => {
    const place = /^(?:secrets\/)?(acme|globex)(?:\/|$)/.exec(path.slice(root.length + 1));
    if (!path.startsWith(`${root}/`) || place === null) return 0;
    return place[1] === 'acme' ? 1001 : 1002;
  };
  const objects = Object.entries(access.known ? access.value.objects : {}).map(
    ([path, object]) => [path, { ...object, uid: ownerOf(path), gid: ownerOf(path) }] as const,
  );
  return {
    user,
    paths: paths.known
      ? known(
          paths.value.map((path) => (path.uid === undefined ? path : { ...path, uid: ownerOf(path.real), gid: ownerOf(path.real) })),
          'test',
        )
      : paths,
    access: access.known ? known({ ...access.value, objects: Object.fromEntries(objects) }, 'test') : access,
  };
}

function inRoot(seed: Seed, root: string): Seed {
  const text = JSON.parse(JSON.stringify(seed).replaceAll('ROOT', root)) as Seed; // the same seed with another text
  return seed.make === undefined ? text : { ...text, make: seed.make };
}

function blueprintIn(root: string, tenant: string, at: number): Blueprint {
  const sample = sampleBlueprint(tenant, 20_000 + at * 120);
  const move = (path: string): string => path.replace(SAMPLE_LAYOUT.tenantsDir, root).replace(SAMPLE_LAYOUT.stateDir, root);
  const paths = Object.fromEntries(Object.entries(sample.paths).map(([name, path]) => [name, move(String(path))])) as unknown as Blueprint['paths']; // same keys
  const rendered = renderConfig({ paths, gatewayPort: 18789, policy: sample.policy, channels: [], models: [], browser: false, config: {} });
  const environment = tenantEnvironment({ paths, install: sample.install, gatewayPort: 18789, userName: `bh-${tenant}` });
  return { ...sample, rung: 'os-user', paths, environment, config: rendered, install: testInstall() };
}

function build({ paths, config, tenant }: Blueprint, root: string, seed: Seed): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600 });
  };
  for (const path of [paths.root, paths.home, paths.state, paths.workspace]) mkdirSync(path, { recursive: true, mode: 0o700 });
  write(paths.configFile, JSON.stringify(merge(config, seed.config ?? {})));
  write(gatewayTokenFile(paths), seed.gatewayToken ?? `${tenant}-5f1c0de83a7b49d2a6e0f9d18c24b735-${tenant}`);
  for (const [path, text] of Object.entries(seed.files ?? {})) write(join(paths.root, path), text);
  for (const [path, target] of Object.entries(seed.links ?? {})) {
    mkdirSync(dirname(join(paths.root, path)), { recursive: true });
    if (!existsSync(join(root, target))) mkdirSync(join(root, target), { recursive: true });
    rmSync(join(paths.root, path), { recursive: true, force: true });
    symlinkSync(join(root, target), join(paths.root, path));
  }
  for (const [path, statements] of Object.entries(seed.databases ?? {})) {
    mkdirSync(dirname(join(paths.root, path)), { recursive: true });
    const database = new DatabaseSync(join(paths.root, path));
    for (const statement of statements) database.exec(statement);
    database.close();
  }
}

const RUNG: Isolation = {
  rung: 'os-user',
  separates: { files: true, processes: true, loopback: true, tmp: true, limits: true, egress: true },
  fingerprint: async () => ({ state: 'usable', detail: '' }),
  observe: async () => ({}),
  foresee: () => ({}),
  hasTree: () => true,
  converge: () => [],
  remove: () => [],
  service: () => {
    throw new Error('not asked for');
  },
  enter: (_blueprint, _layout, _observed, program) => program,
  asTenant: (_blueprint, _layout, _observed, program) => program,
  details: () => ({ uid: 1001, gid: 1001 }),
};

/** Runs the collector that a command carries, with the request that it carries. */
function hostOf(blueprints: readonly Blueprint[], seeds: ReadonlyMap<string, Seed>): Host {
  const run = async ({ title, stdin }: Command): Promise<CommandResult> => {
    const request: unknown = JSON.parse(/await main\((.*)\)\) \+ '\\n'\);\n$/s.exec(stdin ?? '')?.[1] ?? 'null');
    const answer = await answerTo(title, request, blueprints, seeds);
    return {
      exit: answer === undefined ? 1 : 0,
      signal: null,
      stdout: JSON.stringify(answer ?? null),
      stderr: '',
      timedOut: false,
      truncated: false,
      durationMs: 1,
    };
  };
  return { id: 'local', run, stream: run };
}

async function answerTo(title: string, request: unknown, blueprints: readonly Blueprint[], seeds: ReadonlyMap<string, Seed>): Promise<unknown> {
  // Each request was made for the program that its title names.
  if (title.startsWith('look at the files')) return await lookAtFiles(request as TenantRequest);
  if (title.startsWith('look through the tree')) return await lookThroughTree(request as TreeRequest);
  if (title.startsWith('look at the secrets')) return await lookAtSecrets(request as SecretsRequest);
  if (title.startsWith('look for tokens')) return await lookAtArgv(request as ArgvRequest);
  if (title.startsWith('look at processes')) return processes(request as HostRequest, blueprints, seeds);
  return undefined;
}

/** As if a gateway of each tenant ran with its declared variables and the seeded ones. */
function processes({ masking, names }: HostRequest, blueprints: readonly Blueprint[], seeds: ReadonlyMap<string, Seed>): unknown {
  if (masking === undefined) throw new Error('the variables were not asked for');
  const masker = makeMasker(masking.key, masking.rules);
  const tenants = blueprints.map(({ tenant, environment }) => {
    const environ = Object.entries({ ...environment, ...seeds.get(tenant)?.variables }).map(([name, value]) => `${name}=${value}`);
    const variables = tellVariables(splitEnviron(environ.join('\0')), new Set(names), masker);
    const process = {
      pid: 100,
      startTicks: '1',
      uid: 1001,
      gid: 1001,
      groups: [1001],
      noNewPrivs: true,
      capabilities: '0',
      seccomp: 2,
      namespaces: {},
      environment: {},
      variables,
    };
    return [tenant, { process: { ok: true, value: process }, listener: { ok: true, value: null }, backings: { ok: true, value: {} } }];
  });
  return { bootId: '00000000-0000-0000-0000-000000000000', addresses: ['192.0.2.1'], namespaces: {}, tenants: Object.fromEntries(tenants) };
}
