/** The seven things that must be unique per tenant, from facts. Hash joins: linear in the tenants. */
import type { Facts, Known, PathRole, TenantFacts } from '../core/facts.ts';
import { MATRIX_COLUMNS, type MatrixCell, type MatrixColumn } from '../core/report.ts';
import { isWithin, upwards } from '../checks/join.ts';

/** What a tenant has in a column: shown text, the place it was read, and keys of which none may be anybody else's. */
type Held =
  | { readonly state: 'has'; readonly value: string; readonly source: string; readonly keys: readonly string[]; readonly places: readonly string[] }
  | { readonly state: 'none'; readonly why: string }
  | { readonly state: 'unknown'; readonly why: string };

/** One cell per tenant and column, columns in their fixed order. */
export function matrixOf(facts: Facts): MatrixCell[] {
  return MATRIX_COLUMNS.flatMap((column) => cellsOf(column, facts));
}

function cellsOf(column: MatrixColumn, facts: Facts): MatrixCell[] {
  const held = facts.tenants.map((tenant) => ({ tenant, has: holding(column, tenant) }));
  const taken = column === 'port' ? overlapping(facts.tenants) : new Set<string>();
  const owners = countOwners(held);
  // A tenant that could not be looked at may share anything: no other cell of the column can then be called unique.
  const blind = held.some(({ has }) => has.state === 'unknown');
  return held.map(({ tenant, has }) => {
    const cell = { tenant: tenant.tenant, column };
    if (has.state === 'none') return { ...cell, value: 'none', source: has.why, unique: 'none' };
    if (has.state === 'unknown') return { ...cell, value: 'unknown', source: has.why, unique: 'unknown' };
    const shared = taken.has(tenant.tenant) || has.keys.some((key) => (owners.get(key)?.size ?? 0) > 1) || nested(tenant, has.places, owners);
    return { ...cell, value: has.value, source: has.source, unique: shared ? 'no' : blind ? 'unknown' : 'yes' };
  });
}

type Owners = ReadonlyMap<string, ReadonlySet<string>>;

function countOwners(held: readonly { readonly tenant: TenantFacts; readonly has: Held }[]): Owners {
  const owners = new Map<string, Set<string>>();
  for (const { tenant, has } of held) {
    if (has.state !== 'has') continue;
    const inside = has.places.flatMap((place) => [...upwards(place)].slice(1).map((above) => `above ${tenant.host} ${above}`));
    for (const key of [...has.keys, ...inside]) owners.set(key, (owners.get(key) ?? new Set<string>()).add(tenant.tenant));
  }
  return owners;
}

/** Whether a place lies below another tenant's, or another tenant's lies below it. */
function nested(tenant: TenantFacts, places: readonly string[], owners: Owners): boolean {
  const others = (key: string): boolean => [...(owners.get(key) ?? [])].slice(0, 2).some((owner) => owner !== tenant.tenant);
  return places.some(
    (place) => others(`above ${tenant.host} ${place}`) || [...upwards(place)].slice(1).some((above) => others(`${tenant.host} real ${above}`)),
  );
}

function holding(column: MatrixColumn, tenant: TenantFacts): Held {
  switch (column) {
    case 'status-output':
      return from(tenant.statusDigest, (digest, source) => ({ state: 'has', value: digest.slice(0, 12), source, keys: [digest], places: [] }));
    case 'port':
      return from(tenant.ports, ({ first, last, published }, source) => ({
        state: 'has',
        value: `${published} (block ${first}-${last})`,
        source,
        keys: [`${tenant.host} ${published}`],
        places: [],
      }));
    case 'workspace':
      return path(tenant, ['workspace']);
    case 'state-directory':
      return path(tenant, ['state']);
    case 'credentials-store':
      return path(tenant, ['credentials', 'agent']);
    case 'browser-profile':
      return tenant.browser ? path(tenant, ['browser']) : { state: 'none', why: 'browser: off' };
    case 'channel-account':
      return channels(tenant);
  }
}

function from<T>(fact: Known<T>, read: (value: T, source: string) => Held): Held {
  return fact.known ? read(fact.value, fact.source) : { state: 'unknown', why: fact.why };
}

function path(tenant: TenantFacts, roles: readonly PathRole[]): Held {
  return from(tenant.paths, (paths, source) => {
    const mine = paths.filter(({ role }) => roles.includes(role));
    const first = mine[0];
    if (first === undefined) return { state: 'unknown', why: `no path is known for ${roles.join(' and ')}` };
    const keys = mine.flatMap(({ real, identity, backing }) => [
      `real ${real}`,
      ...(identity === undefined ? [] : [`inode ${identity}`]),
      ...(backing === undefined ? [] : [`backing ${backing}`]),
    ]);
    // A path below another of the same tenant says the same place twice; only the outermost is compared for nesting.
    const places = mine.map(({ real }) => real).filter((real, _, all) => !all.some((other) => other !== real && isWithin(real, other)));
    return { state: 'has', value: mine.map(({ declared }) => declared).join(', '), source, keys: keys.map((key) => `${tenant.host} ${key}`), places };
  });
}

/** The account where it is known, otherwise the token's digest; a bare reference cannot tell whose account it is. */
function channels(tenant: TenantFacts): Held {
  return from(tenant.identities, (identities, source) => {
    if (identities.length === 0) return { state: 'none', why: 'no channel is declared' };
    const keys: string[] = [];
    for (const { channel, account, reference } of identities) {
      const digest = tenant.secrets.known ? tenant.secrets.value.find(({ role }) => role === `channel:${channel}`)?.digest : undefined;
      if (account === undefined && digest === undefined) return { state: 'unknown', why: `the ${channel} account behind ${reference} is not known` };
      if (account !== undefined) keys.push(`${channel} account ${account}`);
      if (digest !== undefined) keys.push(`${channel} token ${digest}`);
    }
    const value = identities.map(({ channel, account }) => (account === undefined ? channel : `${channel}:${account}`)).join(', ');
    return { state: 'has', value, source, keys, places: [] };
  });
}

/** Tenants whose block overlaps another's on the same host: one sweep over the sorted blocks. */
function overlapping(tenants: readonly TenantFacts[]): Set<string> {
  const blocks = tenants.flatMap(({ tenant, host, ports }) => (ports.known ? [{ tenant, host, ...ports.value }] : []));
  blocks.sort((left, right) => left.host.localeCompare(right.host) || left.first - right.first);
  const found = new Set<string>();
  let reach: (typeof blocks)[number] | undefined;
  for (const block of blocks) {
    if (reach !== undefined && reach.host === block.host && block.first <= reach.last) {
      found.add(reach.tenant);
      found.add(block.tenant);
    }
    if (reach === undefined || reach.host !== block.host || block.last > reach.last) reach = block;
  }
  return found;
}
