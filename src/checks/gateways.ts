/** Tenants that one gateway serves, and what it tells them apart by instead of a boundary. */
import type { Violation } from '../core/check.ts';
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { RouteSettings } from '../core/place-settings.ts';
import type { Setting } from '../core/settings.ts';
import type { TenantId } from '../core/words.ts';
import { identitiesOf, inCommon, names, pathsOf, remembered, sharedBy, type Holding, type Shared } from './join.ts';
import { settingsOf } from './settings.ts';

/** Groups of tenants with one state, one process or one port of one host between them. */
export function sharedGateways(facts: Facts): readonly Shared[] {
  return sharedBy(withCommonGateways(facts), gatewaysOf);
}

/** Tenants that one gateway serves, or that have one config. */
export const servedTogether = remembered((facts) => sharedBy(withCommonGateways(facts), gatewaysAndConfigsOf));

const withCommonGateways = inCommon(gatewaysAndConfigsOf);

function gatewaysAndConfigsOf(tenant: TenantFacts): readonly Holding[] {
  return [...gatewaysOf(tenant), ...pathsOf(tenant, 'config').flatMap((path) => identitiesOf(tenant, path))];
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
  const routes = new Map<TenantId, readonly Setting<string>[]>();
  for (const { tenant, settings } of settingsOf(facts)) if (settings.routes[kind].length > 0) routes.set(tenant.tenant, settings.routes[kind]);
  if (routes.size === 0) return;
  const isEnough = [...routes.values()].some((list) => list.length >= least);
  // Most fleets have nothing of the kind: then nobody has to be compared.
  for (const { tenants, evidence } of isEnough ? servedTogether(facts) : []) {
    const found = tenants.map((tenant) => routes.get(tenant) ?? []).find((list) => list.length >= least) ?? [];
    if (found.length > 0)
      yield { tenants, message: `one gateway tells ${names(tenants)} apart by ${what}`, evidence: [...shown(found), ...evidence] };
  }
  const ids = new Set(facts.tenants.map(({ tenant }) => tenant));
  // Tenants of one policy have one list.
  const named = new Map<readonly Setting<string>[], ReturnType<typeof calledAfter>>();
  for (const [tenant, found] of routes) {
    const after = named.get(found) ?? calledAfter(found, ids);
    named.set(found, after);
    for (const [other, called] of after)
      if (other !== tenant)
        yield { tenants: [tenant, other], message: `the gateway of ${tenant} has ${what} called after ${other}`, evidence: shown(called) };
  }
}

/** Tenants whose whole id is a part of a name. `main` is what every gateway calls its first agent and session. */
function calledAfter(found: readonly Setting<string>[], ids: ReadonlySet<TenantId>): ReadonlyMap<TenantId, readonly Setting<string>[]> {
  const others = new Map<TenantId, Setting<string>[]>();
  for (const setting of found) {
    for (const part of new Set(setting.value.toLowerCase().split(/[^a-z0-9-]+/))) {
      if (part === 'main' || !ids.has(part)) continue;
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
