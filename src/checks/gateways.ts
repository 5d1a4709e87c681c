/** Tenants that one gateway serves, and what it tells them apart by instead of a boundary. */
import type { Violation } from '../core/check.ts';
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { RouteSettings } from '../core/place-settings.ts';
import type { Setting } from '../core/settings.ts';
import type { TenantId } from '../core/words.ts';
import { identitiesOf, names, pathsOf, sharedBy, type Holding, type Shared } from './join.ts';

/** Groups of tenants with one state, one process or one port of one host between them. */
export function sharedGateways(facts: Facts): readonly Shared[] {
  return sharedBy(facts.tenants, gatewaysOf);
}

/** Tenants that one gateway serves, or that have one config. */
export function servedTogether(facts: Facts): readonly Shared[] {
  return sharedBy(facts.tenants, (tenant) => [...gatewaysOf(tenant), ...pathsOf(tenant, 'config').flatMap((path) => identitiesOf(tenant, path))]);
}

function gatewaysOf(tenant: TenantFacts): readonly Holding[] {
  const { host, ports } = tenant;
  const process = tenant.process.known ? tenant.process.value : null;
  // Two that were found are two, whatever port each would take: that they cannot both have it is told by the checks of ports.
  const port = ports.known && tenant.found !== true ? ports.value.published : undefined;
  const published = port === undefined ? [] : [{ space: host, key: `port ${port}`, where: `127.0.0.1:${port}` }];
  const states = pathsOf(tenant, 'state').flatMap((path) => identitiesOf(tenant, path));
  const running = process === null ? [] : [{ space: host, key: `process ${process.pid} ${process.startTicks}`, where: `process ${process.pid}` }];
  return [...published, ...states, ...running];
}

/**
 * Tenants that one gateway tells apart by something of the given kind: tenants that share one with at least `least` of it, and a gateway that
 * has some of it called after another tenant.
 */
export function* routed(facts: Facts, kind: keyof RouteSettings, least: number, what: string): Iterable<Violation> {
  const routes = new Map(facts.tenants.map((tenant) => [tenant.tenant, tenant.settings.known ? tenant.settings.value.routes[kind] : []]));
  const isEnough = [...routes.values()].some((list) => list.length >= least);
  // Most fleets have nothing of the kind: then nobody has to be compared.
  for (const { tenants, evidence } of isEnough ? servedTogether(facts) : []) {
    const found = tenants.map((tenant) => routes.get(tenant) ?? []).find((list) => list.length >= least) ?? [];
    if (found.length > 0)
      yield { tenants, message: `one gateway tells ${names(tenants)} apart by ${what}`, evidence: [...shown(found), ...evidence] };
  }
  const ids = new Set(facts.tenants.map(({ tenant }) => tenant));
  for (const [tenant, found] of routes) {
    for (const [other, called] of calledAfter(found, tenant, ids))
      yield { tenants: [tenant, other], message: `the gateway of ${tenant} has ${what} called after ${other}`, evidence: shown(called) };
  }
}

/** Other tenants whose whole id is a part of a name. `main` is what every gateway calls its first agent and session. */
function calledAfter(
  found: readonly Setting<string>[],
  own: TenantId,
  ids: ReadonlySet<TenantId>,
): ReadonlyMap<TenantId, readonly Setting<string>[]> {
  const others = new Map<TenantId, Setting<string>[]>();
  for (const setting of found) {
    for (const part of new Set(setting.value.toLowerCase().split(/[^a-z0-9-]+/))) {
      if (part === own || part === 'main' || !ids.has(part)) continue;
      const list = others.get(part);
      if (list === undefined) others.set(part, [setting]);
      else list.push(setting);
    }
  }
  return others;
}

function shown(found: readonly Setting<string>[]): readonly string[] {
  return found.slice(0, 20).map(({ value, from }) => `${from}: ${value}`);
}
