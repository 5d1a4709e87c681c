/** bulkhead.yaml → Fleet, or every problem with its line and column. Pure: the caller reads the file and hashes it. */
import type { AllowedAddress, Fleet, FleetHost, FleetWatch, Limits, PolicyChoice, SecretSource, Tenant } from '../core/fleet.ts';
import { checkBoundaries } from './boundary.ts';
import { toChannels } from './channels.ts';
import type { Manifest, ManifestSecret, ManifestTenant } from './manifest.ts';
import { checkPolicies } from './policy.ts';
import { listProblems, type Complaint, type ManifestProblem } from './problem.ts';
import { checkReferences } from './references.ts';
import { scanSource } from './scan.ts';
import { checkShape } from './shape.ts';
import { readTree, type Spot } from './tree.ts';

export { formatProblem, type ManifestProblem } from './problem.ts';

export type Parsed = { readonly ok: true; readonly fleet: Fleet } | { readonly ok: false; readonly problems: readonly ManifestProblem[] };

/**
 * Reads a manifest. `path` is named in problems as given; `sha256` (hex, of the bytes) is kept as the fleet's source.
 * Never throws for any input. Missing trust boundaries are reported alone, before anything else is judged.
 */
export function parseManifest(source: string | Uint8Array, path: string, sha256: string): Parsed {
  const fail = (complaints: readonly Complaint[]): Parsed => ({ ok: false, problems: listProblems(path, complaints) });
  const scan = scanSource(source);
  if (!scan.ok) return fail([scan.complaint]);
  const tree = readTree(scan);
  if (!tree.ok) return fail(tree.complaints);
  const { root } = tree;
  const undeclared = checkBoundaries(root);
  if (undeclared.length > 0) return fail(undeclared);
  const references = [...checkReferences(root), ...checkPolicies(root)];
  const shape = checkShape(root);
  if (!shape.ok) return fail([...shape.complaints, ...references]);
  if (references.length > 0) return fail(references);
  return { ok: true, fleet: toFleet(shape.manifest, root, { path, sha256 }) };
}

function toFleet(manifest: Manifest, root: Spot, source: Fleet['source']): Fleet {
  const places = root.entries?.get('tenants')?.entries;
  return {
    name: manifest.fleet,
    trust: manifest.trust,
    relations: manifest.relations,
    hosts: toHosts(manifest.hosts),
    tenants: Object.entries(manifest.tenants).map(([id, tenant]) => toTenant(id, tenant, places?.get(id)?.keyAt ?? root.at)),
    namedRisks: manifest.namedRisks,
    ...present('verify', toWatch(manifest.verify)),
    ...present('recipients', manifest.secrets?.recipients),
    ...present('documents', manifest.documents),
    source,
  };
}

function toWatch(verify: Manifest['verify']): FleetWatch | undefined {
  if (verify === undefined) return undefined;
  const { every, attackEvery, webhook, metrics } = verify;
  return { every, attackEvery, ...present('webhookFile', webhook?.file), ...present('metrics', metrics) };
}

/** `local` is always there. */
function toHosts(hosts: Manifest['hosts']): FleetHost[] {
  const withLocal = Object.hasOwn(hosts, 'local') ? hosts : { local: { admins: [], proxies: [] }, ...hosts };
  return Object.entries(withLocal).map(([id, host]) => ({
    id,
    ...present('ssh', host.ssh),
    ...present('become', host.become),
    admins: host.admins.map(({ name, how, accounts }) => ({ name, how, ...present('accounts', accounts) })),
    proxies: host.proxies,
    ...present('snapshots', host.snapshots),
  }));
}

function toTenant(id: string, tenant: ManifestTenant, at: Tenant['at']): Tenant {
  return {
    id,
    at,
    boundary: tenant.boundary,
    ...present('isolation', tenant.isolation),
    ...present('inside', tenant.inside),
    // Only Docker is given one.
    ...present('engine', tenant.engine ?? (tenant.runtime === undefined ? undefined : 'docker')),
    ...present('runtime', tenant.runtime),
    ...(tenant.rootless ? { rootless: true as const } : {}),
    host: tenant.host,
    policy: toPolicy(tenant.policy),
    // The schema has checked the form of each secret.
    channels: toChannels(tenant.channels, (secret) => toSecret(secret as ManifestSecret)),
    models: Object.entries(tenant.models).map(([provider, { apiKey, baseUrl, model }]) => ({
      provider,
      apiKey: toSecret(apiKey),
      ...present('baseUrl', baseUrl),
      ...present('model', model),
    })),
    apiClients: tenant.apiClients.map(({ name, kind, key, baseUrl, envFiles, keyWithUsers }) => ({
      name,
      kind,
      ...present('key', key === undefined ? undefined : toSecret(key)),
      ...present('baseUrl', baseUrl),
      envFiles,
      keyWithUsers,
    })),
    browser: tenant.browser === 'on',
    ...present('sandbox', tenant.sandbox === 'off' ? undefined : tenant.sandbox),
    limits: toLimits(tenant.limits),
    ...present('port', tenant.port),
    egress: tenant.egress,
    allow: tenant.allow.map(toAddress),
    ...present('backup', tenant.backup === undefined ? undefined : { to: tenant.backup.to, ...present('recipient', tenant.backup.recipient) }),
    config: tenant.config,
  };
}

function toPolicy(policy: ManifestTenant['policy']): PolicyChoice {
  return typeof policy === 'string' ? { preset: policy, allow: [], alsoAllow: [], deny: [] } : policy;
}

function toSecret(secret: ManifestSecret): SecretSource {
  if ('env' in secret) return { kind: 'env', name: secret.env };
  if ('file' in secret) return { kind: 'file', path: secret.file };
  if ('exec' in secret) {
    const [program = '', ...args] = secret.exec; // the schema has checked that there is one
    return { kind: 'exec', argv: [program, ...args] };
  }
  return { kind: 'age', path: plainPath(secret.age), ...present('key', secret.key) };
}

/** `./a//b.age` and `a/b.age` are one file. */
function plainPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

const UNITS: Readonly<Record<string, number>> = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** `2GiB` → 2147483648; the schema has checked the form. */
function toBytes(amount: string): number {
  return Math.round(Number(amount.slice(0, -3)) * (UNITS[amount.slice(-3)] ?? 1));
}

function toLimits({ memory, cpu, pids, disk }: ManifestTenant['limits']): Limits {
  return { memoryBytes: toBytes(memory), cpus: cpu, pids, ...present('diskBytes', disk === undefined ? undefined : toBytes(disk)) };
}

/** `tcp:10.0.0.1:8080`; the schema has checked the form. */
function toAddress(text: string): AllowedAddress {
  const [protocol, address = '', port] = text.split(':');
  return { protocol: protocol === 'udp' ? 'udp' : 'tcp', address, port: Number(port) };
}

/** The property when there is a value, nothing otherwise. */
function present<const Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  // A computed key widens to an index signature; the shape is as declared.
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
