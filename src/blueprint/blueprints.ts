/** Fleet → blueprints: decides everything that the manifest leaves open. Pure, linear in the tenants. */
import type { Blueprint, Layout, PortBlock } from '../core/blueprint.ts';
import type { Fleet, Tenant } from '../core/fleet.ts';
import { BulkheadError } from '../core/error.ts';
import { leastRung, type HostId, type Rung, type TenantId, type Trust } from '../core/words.ts';
import { renderConfig, runsBrowser } from '../openclaw/config.ts';
import { tenantEnvironment } from '../openclaw/environment.ts';
import { INSIDE_PORT } from '../openclaw/ports.ts';
import { osUser, userName } from './names.ts';
import { tenantPaths } from './paths.ts';
import { strictestTrusts } from './trust.ts';

export interface BlueprintOptions {
  /** Rung of tenants that name none; without it the least that their trust allows. */
  readonly defaultRung?: Rung;
}

/** One blueprint per tenant, in the manifest's order. A tenant without a lease is a bug of the caller. Throws BulkheadError `manifest` when two names meet. */
export function makeBlueprints(
  fleet: Fleet,
  layoutOf: (host: HostId) => Layout,
  leases: ReadonlyMap<TenantId, PortBlock>,
  options: BlueprintOptions = {},
): readonly Blueprint[] {
  const trusts = strictestTrusts(
    { default: fleet.trust, relations: fleet.relations },
    fleet.tenants.map((tenant) => tenant.id),
  );
  const admins = new Map(fleet.hosts.map((host) => [host.id, host.admins]));
  const blueprints = fleet.tenants.map((tenant) => {
    const ports = leases.get(tenant.id);
    if (ports === undefined) throw new Error(`no port block was leased for ${tenant.id}`);
    const trust = trusts.get(tenant.id) ?? fleet.trust;
    return makeBlueprint(tenant, {
      layout: layoutOf(tenant.host),
      path: fleet.source.path,
      ports,
      trust,
      hostAdmins: admins.get(tenant.host) ?? [],
      options,
    });
  });
  refuseSharedNames(blueprints);
  return blueprints;
}

/** Long names are cut and hashed; two could meet. Rather no host object than a shared one. */
function refuseSharedNames(blueprints: readonly Blueprint[]): void {
  const holders = new Map<string, TenantId>();
  for (const { host, tenant, serviceName, user } of blueprints) {
    for (const key of [`service ${serviceName}`, ...(user === undefined ? [] : [`link ${user.link}`])]) {
      const holder = holders.get(`${host} ${key}`);
      if (holder !== undefined)
        throw new BulkheadError('manifest', `${holder} and ${tenant} would share the ${key} on ${host}`, 'rename one of the two tenants');
      holders.set(`${host} ${key}`, tenant);
    }
  }
}

/** The image of the rung has no browser in it. */
function refuseBrowser({ id, policy, browser }: Tenant): void {
  if (!runsBrowser(policy, browser)) return;
  throw new BulkheadError('manifest', `${id}: a browser in a container is not built yet`, `give ${id} isolation: os-user, or take its browser away`);
}

/** A tree of the operator's own user has nothing that could bound it. */
function refuseDisk({ id, limits }: Tenant): void {
  if (limits.diskBytes === undefined) return;
  throw new BulkheadError(
    'manifest',
    `${id}: limits.disk does not hold on the rung profile`,
    `give ${id} isolation: os-user, or take limits.disk away`,
  );
}

/** A rung that the manifest names is judged there, with its place; here it is the one that follows from the trust. */
function refuseSandbox({ id, at, limits }: Tenant, rung: Rung, path: string): void {
  if (limits.diskBytes !== undefined)
    throw new BulkheadError(
      'manifest',
      `${path}:${at.line}:${at.column}: ${id}: limits.disk does not bound what sandbox: all keeps: images and containers lie beside the tree`,
      `take limits.disk or the sandbox of ${id} away`,
    );
  if (rung === 'os-user') return;
  throw new BulkheadError(
    'manifest',
    `${path}:${at.line}:${at.column}: ${id}: sandbox: all is for isolation: os-user, and its trust gives it ${rung}`,
    `give ${id} isolation: os-user, or take its sandbox away`,
  );
}

interface Surroundings {
  readonly layout: Layout;
  /** Path of the manifest, for messages. */
  readonly path: string;
  readonly ports: PortBlock;
  readonly trust: Trust;
  readonly hostAdmins: Blueprint['hostAdmins'];
  readonly options: BlueprintOptions;
}

function makeBlueprint(tenant: Tenant, { layout, path, ports, trust, hostAdmins, options }: Surroundings): Blueprint {
  const rung = tenant.isolation ?? options.defaultRung ?? leastRung(trust);
  if (rung === 'container' || (rung === 'host' && tenant.inside === 'container')) refuseBrowser(tenant);
  if (rung === 'profile') refuseDisk(tenant);
  if (tenant.sandbox !== undefined) refuseSandbox(tenant, rung, path);
  const paths = tenantPaths(tenant, layout);
  const name = userName(layout.instance, tenant.id);
  // From os-user upwards the loopback is the tenant's own, so everybody may use OpenClaw's default.
  const gatewayPort = rung === 'profile' ? ports.first : INSIDE_PORT;
  const sandbox = tenant.sandbox === undefined ? {} : { sandbox: tenant.sandbox };
  const { boundary, host, policy, channels, models, apiClients, browser, limits, egress, allow, sealed, backup } = tenant;
  return {
    tenant: tenant.id,
    host,
    rung,
    ...(rung === 'host' ? { inside: tenant.inside ?? 'os-user' } : {}),
    rungDeclared: tenant.isolation !== undefined,
    ...(tenant.engine === undefined ? {} : { engine: tenant.engine }),
    ...(tenant.rootless === undefined ? {} : { rootless: tenant.rootless }),
    ...(tenant.runtime === undefined ? {} : { runtime: tenant.runtime }),
    boundary,
    trust,
    hostAdmins,
    policy,
    channels,
    models,
    apiClients,
    browser: runsBrowser(policy, browser),
    ...sandbox,
    limits,
    egress,
    allow,
    ...(sealed === undefined ? {} : { sealed }),
    paths,
    ...(backup === undefined ? {} : { backup }),
    serviceName: name,
    ...(rung === 'profile' ? {} : { user: osUser(layout.instance, tenant.id) }),
    ports,
    publishedPort: ports.first,
    gatewayPort,
    environment: tenantEnvironment({ paths, install: layout.install, gatewayPort, userName: name, ...sandbox }),
    config: renderConfig({ paths, gatewayPort, policy, channels, models, browser, ...sandbox, config: tenant.config }),
    install: layout.install,
  };
}
