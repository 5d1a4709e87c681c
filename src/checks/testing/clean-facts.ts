/** Facts of two tenants that share nothing but their host, whose administrators are an accepted risk. Tests spoil one thing each. */
import { known, type Facts, type HostFacts, type PathFact, type PathRole, type TenantFacts } from '../../core/facts.ts';
import type { AuditFact, DocumentFact } from '../../core/audit-facts.ts';
import type { NamedRisk, PresetName } from '../../core/fleet.ts';
import type { AccessObject } from '../../core/place-facts.ts';
import type { PlaceFact } from '../../core/secret-facts.ts';
import { merge, type Json } from '../../openclaw/merge.ts';
import { readSettings } from '../../openclaw/settings/index.ts';
import { cleanHost, cleanOs } from './clean-os-facts.ts';
import { accessFact, pathFacts } from './clean-places.ts';

export const TENANTS = ['acme', 'globex'] as const;

const ACCEPTED: NamedRisk = {
  item: 'host-admins',
  tenants: TENANTS,
  risk: 'ops reads everything',
  owner: 'security@example.test',
  until: '2027-03-01',
};

const HOST_NAMESPACES = { mnt: '1', net: '2', pid: '3', ipc: '4' };

/** As `verify` sees them; `mutate` changes a copy. */
export function observedFacts(
  change: Partial<Facts> = {},
  mutate: Readonly<Record<string, (tenant: TenantFacts) => Partial<TenantFacts>>> = {},
): Facts {
  const tenants = TENANTS.map((name, at) => tenantFacts(name, at + 1)).map((tenant) => ({ ...tenant, ...mutate[tenant.tenant]?.(tenant) }));
  return {
    phase: 'observed',
    takenAt: '2026-11-24T00:00:00.000Z',
    trust: { default: 'clients', relations: [] },
    risks: [ACCEPTED],
    hosts: [wholeHost()],
    tenants,
    ...change,
  };
}

/** The host of the clean tenants. */
export function wholeHost(): HostFacts {
  const sockets = [1, 2].flatMap((number) => [
    { namespace: HOST_NAMESPACES.net, address: '127.0.0.1', port: 20_000 + 120 * number, uid: 0, pids: [1] },
    { namespace: `${number}2`, address: '127.0.0.1', port: 18_789, uid: 1000 + number, pids: [100 * number] },
  ]);
  return {
    host: 'local',
    admins: [{ name: 'ops', how: 'root' }],
    ...cleanHost(),
    kernel: known({ bootId: 'boot', namespaces: HOST_NAMESPACES }, 'test'),
    portRange: known({ first: 32_768, last: 60_999, reserved: [] }, 'test'),
    proxies: known([], 'test'),
    sockets: known(sockets, 'test'),
  };
}

/** One fact of a tenant replaced by what `spoil` makes of its known value. */
export function withPaths(spoil: (path: PathFact) => PathFact): (tenant: TenantFacts) => Partial<TenantFacts> {
  return ({ paths }) => ({ paths: paths.known ? known(paths.value.map(spoil), 'test') : paths });
}

/** acme with some of the objects on the way to its files changed. */
export function withAccess(change: Readonly<Record<string, Partial<AccessObject>>>): Facts {
  return observedFacts(
    {},
    {
      acme: ({ access }) => {
        if (!access.known) return {};
        const objects = { ...access.value.objects };
        for (const [path, part] of Object.entries(change)) {
          const before = objects[path];
          if (before === undefined) throw new Error(`${path} is not among the clean objects`);
          objects[path] = { ...before, ...part };
        }
        return { access: known({ ...access.value, objects }, 'test') };
      },
    },
  );
}

/** acme with its config changed: merged over the clean one, and read by the product's own reader. */
export function withConfig(patch: Readonly<Json>, environment: Readonly<Record<string, string>> = {}): Facts {
  const config = merge(cleanConfig('/t/acme', 1), patch);
  const settings = readSettings({ config, environment: { ...cleanEnvironment('/t/acme'), ...environment } });
  return observedFacts({}, { acme: () => ({ settings: known(settings, 'test') }) });
}

/** Both with their configs changed: `right` as `left` when it is left out. */
export function withConfigs(left: Readonly<Json>, right = left, environment: Readonly<Record<string, string>> = {}): Facts {
  const read = (root: string, number: number, patch: Readonly<Json>) => (): Partial<TenantFacts> => {
    const config = merge(cleanConfig(root, number), patch);
    return { settings: known(readSettings({ config, environment: { ...cleanEnvironment(root), ...environment } }), 'test') };
  };
  return observedFacts({}, { acme: read('/t/acme', 1, left), globex: read('/t/globex', 2, right) });
}

/** acme of those facts with another preset. */
export function withPreset(preset: PresetName, facts: Facts): Facts {
  const tenants = facts.tenants.map((tenant) =>
    tenant.tenant === 'acme' ? { ...tenant, policy: known({ preset, restricted: true, drifted: [] }, 'test') } : tenant,
  );
  return { ...facts, tenants };
}

/** acme with a part of its audit replaced. */
export function withAudit(change: Partial<AuditFact>, facts: Partial<Facts> = {}): Facts {
  return observedFacts(facts, { acme: ({ audit }) => (audit.known ? { audit: known({ ...audit.value, ...change }, 'test') } : {}) });
}

/** acme with another page that people rely on; `null`: the manifest asks for none. */
export function withDocument(change: Partial<DocumentFact> | null): Facts {
  const acme = ({ documents }: TenantFacts): Partial<TenantFacts> =>
    documents.known ? { documents: known(change === null || documents.value === null ? null : { ...documents.value, ...change }, 'test') } : {};
  return observedFacts({}, { acme });
}

/** What an `openclaw.json` of a clean tenant says. */
export function cleanConfig(root: string, number: number): Json {
  return {
    gateway: { mode: 'local', bind: 'loopback', port: 18789, auth: { mode: 'token' } },
    agents: { defaults: { workspace: `${root}/workspace` } },
    tools: {
      profile: 'messaging',
      deny: ['group:runtime', 'write', 'edit', 'apply_patch', 'group:automation', 'group:nodes', 'group:ui'],
      elevated: { enabled: false },
      fs: { workspaceOnly: true },
      sessions: { visibility: 'self' },
      agentToAgent: { enabled: false },
      message: { crossContext: { allowWithinProvider: false, allowAcrossProviders: false } },
    },
    browser: { enabled: false },
    channels: { telegram: { enabled: true, dmPolicy: 'allowlist', groupPolicy: 'disabled', allowFrom: [`424${number}`] } },
    discovery: { mdns: { mode: 'off' } },
    logging: { file: `${root}/logs/gateway.log` },
    update: { checkOnStart: false },
  };
}

export function cleanEnvironment(root: string): Readonly<Record<string, string>> {
  return {
    HOME: `${root}/home`,
    OPENCLAW_HOME: `${root}/home`,
    OPENCLAW_STATE_DIR: `${root}/state`,
    OPENCLAW_CONFIG_PATH: `${root}/config/openclaw.json`,
  };
}

export function tenantFacts(name: string, number: number): TenantFacts {
  const root = `/t/${name}`;
  const uid = 1000 + number;
  const namespaces = { mnt: `${number}1`, net: `${number}2`, pid: `${number}3`, ipc: `${number}4` };
  const declared = { configPath: `${root}/config/openclaw.json`, stateDir: `${root}/state`, gatewayPort: 18789, publishedPort: 20000 + number * 120 };
  return {
    tenant: name,
    host: 'local',
    rung: 'os-user',
    rungDeclared: true,
    boundary: { owner: `owner@${name}.test`, data: 'tickets', members: [] },
    browser: false,
    declared,
    paths: known(pathFacts(root, number, uid), 'test'),
    hardLinks: known([], 'test'),
    links: known([], 'test'),
    prompts: known([], 'test'),
    access: known(accessFact(root, uid), 'test'),
    stores: known(
      {
        databases: [{ path: `${root}/state/state/openclaw.sqlite`, identity: `1:${number * 100 + 50}` }],
        marks: [{ what: 'device identity', digest: `device-${name}` }],
      },
      'test',
    ),
    includes: known([], 'test'),
    secrets: known(
      [
        { role: 'gateway-token', location: `file:/s/${name}/gateway-token`, digest: `token-${name}` },
        { role: 'channel:telegram', location: `file:/s/${name}/channel-telegram`, digest: `bot-${name}` },
        { role: 'model:anthropic', location: `file:/s/${name}/model-anthropic`, digest: `model-${name}` },
      ],
      'test',
    ),
    identities: known(
      [{ channel: 'telegram', account: `70${number}`, location: `file:/s/${name}/channel-telegram`, reference: `env:${name}` }],
      'test',
    ),
    environment: known(
      {
        variables: [{ name: 'HOME', layer: 'process', location: 'env:HOME', value: `${root}/home`, secret: false, declared: true }],
        files: [placeFact('env-file', `${root}/state/.env`)],
      },
      'test',
    ),
    references: known(
      [
        {
          role: 'gateway-token',
          location: 'config:gateway.auth.token',
          source: 'file',
          text: `file:/s/${name}/gateway-token`,
          target: `file:9:${number}`,
          resolved: true,
        },
      ],
      'test',
    ),
    logins: known([], 'test'),
    places: known([placeFact('cli:codex', `${root}/home/.codex`), placeFact('session:gpg', `${root}/home/.gnupg`)], 'test'),
    exposed: known([], 'test'),
    ports: known(
      { first: declared.publishedPort, last: declared.publishedPort + 119, published: declared.publishedPort, namespace: namespaces.net },
      'test',
    ),
    user: known({ name: `bh-${name}`, uid, gid: uid }, 'test'),
    policy: known({ preset: 'support', restricted: true, drifted: [] }, 'test'),
    settings: known(readSettings({ config: cleanConfig(root, number), environment: cleanEnvironment(root) }), 'test'),
    ...cleanOs(name, root, uid),
    process: known(
      {
        pid: 100 * number,
        startTicks: '1',
        uid,
        gid: uid,
        groups: [uid],
        umask: '0077',
        noNewPrivs: true,
        capabilities: '0000000000000000',
        seccomp: 2,
        namespaces,
        environment: {
          OPENCLAW_CONFIG_PATH: declared.configPath,
          OPENCLAW_STATE_DIR: declared.stateDir,
          OPENCLAW_GATEWAY_PORT: String(declared.gatewayPort),
        },
      },
      'test',
    ),
    listener: known(
      {
        address: '127.0.0.1',
        port: declared.publishedPort,
        holders: [
          { pid: 1, uid: 0, namespaces: HOST_NAMESPACES },
          { pid: 100 * number + 1, uid, namespaces },
        ],
      },
      'test',
    ),
    claim: known({ version: '2026.9.6', configPath: declared.configPath, stateDir: declared.stateDir, authMode: 'token', latencyMs: 60 }, 'test'),
    audit: known(
      {
        ranAs: { uid, configPath: declared.configPath, namespaces },
        summary: { critical: 0, warn: 0, info: 0 },
        findings: [],
        takenAt: '2026-11-24T00:00:00.000Z',
      },
      'test',
    ),
    auditRun: known({}, 'test'),
    documents: known({ path: `docs/${name}.md`, exists: true, current: true, tellsLimits: true, claims: [] }, 'test'),
    effective: known({ tools: ['message', 'session_status'], sessions: 1 }, 'test'),
    statusDigest: known(`status-${name}`, 'test'),
    apiClients: known([], 'test'),
    browserProfiles: known([], 'test'),
    egress: known({ filtered: true, how: 'its rules are loaded' }, 'test'),
    pairedNodes: known([], 'test'),
  };
}

export function placeFact(what: string, path: string): PlaceFact {
  return { what, declared: path, real: path, exists: false };
}

/** acme as one gateway with globex: one state directory between them; `patch` is merged over both configs. */
export function servedTogether(patch: Readonly<Json> = {}): Facts {
  const settings = (root: string, number: number): TenantFacts['settings'] =>
    known(readSettings({ config: merge(cleanConfig(root, number), patch), environment: cleanEnvironment(root) }), 'test');
  const theirs = tenantFacts('globex', 2).paths;
  const state = theirs.known ? theirs.value.find(({ role }) => role === 'state')?.identity : undefined;
  return observedFacts(
    {},
    {
      acme: (tenant) => ({
        ...withPaths((path) => (path.role === 'state' && state !== undefined ? { ...path, identity: state } : path))(tenant),
        settings: settings('/t/acme', 1),
      }),
      globex: () => ({ settings: settings('/t/globex', 2) }),
    },
  );
}

/** One path of acme changed. */
export function withPath(role: PathRole, change: Partial<PathFact>): Facts {
  return observedFacts({}, { acme: withPaths((path) => (path.role === role ? { ...path, ...change } : path)) });
}

/** Each tenant's facts with a part replaced. */
export function withFacts(change: Readonly<Record<string, Partial<TenantFacts>>>): Facts {
  return observedFacts({}, Object.fromEntries(Object.entries(change).map(([tenant, facts]) => [tenant, () => facts])));
}
