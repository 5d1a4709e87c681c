/** Fleet → blueprints: decides everything that the manifest leaves open. Pure, linear in the tenants. */
import type { Blueprint, Layout, PortBlock } from '../core/blueprint.ts';
import type { Fleet, Tenant } from '../core/fleet.ts';
import { BulkheadError } from '../core/error.ts';
import { leastRung, type Rung, type TenantId, type Trust } from '../core/words.ts';
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
  layout: Layout,
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
    return makeBlueprint(tenant, { layout, ports, trust, hostAdmins: admins.get(tenant.host) ?? [], options });
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

interface Surroundings {
  readonly layout: Layout;
  readonly ports: PortBlock;
  readonly trust: Trust;
  readonly hostAdmins: Blueprint['hostAdmins'];
  readonly options: BlueprintOptions;
}

function makeBlueprint(tenant: Tenant, { layout, ports, trust, hostAdmins, options }: Surroundings): Blueprint {
  const rung = tenant.isolation ?? options.defaultRung ?? leastRung(trust);
  const paths = tenantPaths(tenant, layout);
  const name = userName(layout.instance, tenant.id);
  // From os-user upwards the loopback is the tenant's own, so everybody may use OpenClaw's default.
  const gatewayPort = rung === 'profile' ? ports.first : INSIDE_PORT;
  const { boundary, host, policy, channels, models, apiClients, browser, limits, egress, allow, sealed, backup } = tenant;
  return {
    tenant: tenant.id,
    host,
    rung,
    rungDeclared: tenant.isolation !== undefined,
    boundary,
    trust,
    hostAdmins,
    policy,
    channels,
    models,
    apiClients,
    browser: runsBrowser(policy, browser),
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
    environment: tenantEnvironment({ paths, install: layout.install, gatewayPort, userName: name }),
    config: renderConfig({ paths, gatewayPort, policy, channels, models, browser, config: tenant.config }),
    install: layout.install,
  };
}
