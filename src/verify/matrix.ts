/** The seven things that must be unique per tenant, from facts. Hash joins: linear in the tenants. */
import type { Facts, Known, PathRole, TenantFacts } from '../core/facts.ts';
import { MATRIX_COLUMNS, type MatrixCell, type MatrixColumn } from '../core/report.ts';
import type { TenantId } from '../core/words.ts';
import { isWithin } from '../core/path-text.ts';
import { parentOf, upwards } from '../checks/join.ts';

/** What a tenant has in a column: shown text, the place it was read, and keys of which none may be anybody else's in the same space. */
type Held =
  | {
      readonly state: 'has';
      readonly value: string;
      readonly source: string;
      /** Where the keys count: one host, or everywhere. */
      readonly space: string;
      readonly keys: readonly string[];
      readonly places: readonly string[];
      /** What of it was out of sight: it may be shared there. */
      readonly unseen?: string;
    }
  | { readonly state: 'none'; readonly why: string }
  | { readonly state: 'unknown'; readonly why: string };

/** One cell per tenant and column, columns in their fixed order. */
export function matrixOf(facts: Facts): MatrixCell[] {
  return MATRIX_COLUMNS.flatMap((column) => cellsOf(column, facts));
}

function cellsOf(column: MatrixColumn, facts: Facts): MatrixCell[] {
  const held = facts.tenants.map((tenant) => ({ tenant, has: holding(column, tenant) }));
  const taken = column === 'port' ? overlapping(facts.tenants) : new Set<TenantId>();
  const spaces = spacesOf(held);
  // A tenant that could not be looked at may share anything there is where it is: no other cell of the column can then be called unique.
  const isEverywhere = column === 'channel-account' || column === 'status-output';
  const placeOf = ({ host }: TenantFacts): string => (isEverywhere ? '' : host);
  const blind = new Set(held.flatMap(({ tenant, has }) => (isSeen(has) ? [] : [placeOf(tenant)])));
  return held.map(({ tenant, has }) => {
    const cell = { tenant: tenant.tenant, column };
    if (has.state === 'none') return { ...cell, value: 'none', source: has.why, unique: 'none' };
    if (has.state === 'unknown') return { ...cell, value: 'unknown', source: has.why, unique: 'unknown' };
    const space = spaces.get(has.space);
    const shared = taken.has(tenant.tenant) || (space !== undefined && isShared(tenant.tenant, has.keys, has.places, space));
    return { ...cell, value: has.value, source: has.source, unique: shared ? 'no' : blind.has(placeOf(tenant)) ? 'unknown' : 'yes' };
  });
}

function isSeen(has: Held): boolean {
  return has.state === 'none' || (has.state === 'has' && has.unseen === undefined);
}

/** Who holds a key: one tenant, or several of them. Which ones is not asked, so no list is kept: 10,000 tenants lie below `/var`. */
type Owners = Map<string, TenantId | typeof SEVERAL>;
const SEVERAL = Symbol('several');

/** `above`: who has a place below a directory. */
interface Space {
  readonly held: Owners;
  readonly above: Owners;
}

function spacesOf(held: readonly { readonly tenant: TenantFacts; readonly has: Held }[]): ReadonlyMap<string, Space> {
  const spaces = new Map<string, Space>();
  for (const { tenant, has } of held) {
    if (has.state !== 'has') continue;
    const space = spaces.get(has.space) ?? { held: new Map(), above: new Map() };
    spaces.set(has.space, space);
    for (const key of has.keys) isNews(space.held, key, tenant.tenant);
    for (const place of has.places) {
      // Whoever stands in a directory stands in all above it as well: what is no news here is none further up.
      for (const above of upwards(parentOf(place))) if (!isNews(space.above, above, tenant.tenant)) break;
    }
  }
  return spaces;
}

/** Notes a holder; false when that was known. */
function isNews(owners: Owners, key: string, tenant: TenantId): boolean {
  const before = owners.get(key);
  if (before === SEVERAL || before === tenant) return false;
  owners.set(key, before === undefined ? tenant : SEVERAL);
  return true;
}

/** Whether somebody else has an equal key, a place below one of these, or a place that one of these lies below. */
function isShared(tenant: TenantId, keys: readonly string[], places: readonly string[], { held, above }: Space): boolean {
  const others = (owners: Owners, key: string): boolean => (owners.get(key) ?? tenant) !== tenant;
  if (keys.some((key) => others(held, key))) return true;
  for (const place of places) {
    if (others(above, place)) return true;
    for (const outer of upwards(parentOf(place))) if (others(held, outer)) return true;
  }
  return false;
}

function holding(column: MatrixColumn, tenant: TenantFacts): Held {
  switch (column) {
    case 'status-output':
      return from(tenant.statusDigest, (digest, source) => ({
        state: 'has',
        value: digest.slice(0, 12),
        source,
        space: '',
        keys: [digest],
        places: [],
      }));
    case 'port':
      return from(tenant.ports, ({ first, last, published }, source) => ({
        state: 'has',
        value: published === undefined ? `${first} of its own` : `${published} (block ${first}-${last})`,
        source,
        space: tenant.host,
        keys: published === undefined ? [] : [String(published)],
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
  if (!fact.known) return { state: 'unknown', why: fact.why };
  const held = read(fact.value, fact.source);
  if (fact.unseen === undefined || held.state === 'unknown') return held;
  // None that was seen is not none.
  return held.state === 'none' ? { state: 'unknown', why: fact.unseen } : { ...held, unseen: fact.unseen };
}

function path(tenant: TenantFacts, roles: readonly PathRole[]): Held {
  return from(tenant.paths, (paths, source) => {
    const mine = paths.filter(({ role }) => roles.includes(role));
    const first = mine[0];
    if (first === undefined) return { state: 'unknown', why: `no path is known for ${roles.join(' and ')}` };
    // A path, a device with an inode and a backing are told apart by their form.
    const keys = mine.flatMap(({ real, identity, backing }) => [real, identity, backing].filter((key) => key !== undefined));
    // A path below another of the same tenant says the same place twice; only the outermost is compared for nesting.
    const places = mine.map(({ real }) => real).filter((real, _, all) => !all.some((other) => other !== real && isWithin(real, other)));
    return { state: 'has', value: mine.map(({ declared }) => declared).join(', '), source, space: tenant.host, keys, places };
  });
}

/** The account where it is known, otherwise the token's digest; a bare reference cannot tell whose account it is. */
function channels(tenant: TenantFacts): Held {
  return from(tenant.identities, (identities, source) => {
    if (!identities.some(({ kind }) => kind === undefined)) return { state: 'none', why: 'no channel is declared' };
    const keys: string[] = [];
    const own = identities.filter(({ kind }) => kind === undefined);
    const named = new Set(own.flatMap(({ channel, account }) => (account === undefined ? [] : [channel])));
    for (const { channel, account, reference } of own) {
      const digest = tenant.secrets.known ? tenant.secrets.value.find(({ role }) => role === `channel:${channel}`)?.digest : undefined;
      if (!named.has(channel) && digest === undefined) return { state: 'unknown', why: `the ${channel} account behind ${reference} is not known` };
      if (account !== undefined) keys.push(`${channel} account ${account}`);
      if (digest !== undefined) keys.push(`${channel} token ${digest}`);
    }
    const texts = own.flatMap(({ channel, account }) => (account !== undefined ? [`${channel}:${account}`] : named.has(channel) ? [] : [channel]));
    const value = [...new Set(texts)].join(', ');
    return { state: 'has', value, source, space: '', keys, places: [] };
  });
}

/** Tenants whose block overlaps another's on the same host: one sweep over the sorted blocks. One that no port of the host leads to has its own. */
function overlapping(tenants: readonly TenantFacts[]): Set<TenantId> {
  const blocks = tenants.flatMap(({ tenant, host, ports }) => {
    if (!ports.known) return [];
    const { first, last, published, namespace } = ports.value;
    return [{ tenant, host: published === undefined ? `${host} ${namespace}` : host, first, last }];
  });
  blocks.sort((left, right) => left.host.localeCompare(right.host) || left.first - right.first);
  const found = new Set<TenantId>();
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
