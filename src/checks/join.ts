/** Hash joins: who shares a key. Linear in the keys, never a loop over pairs of tenants. */
import type { Violation } from '../core/check.ts';
import type { Facts, PathFact, PathRole, TenantFacts } from '../core/facts.ts';
import { isWithin } from '../core/path-text.ts';
import type { HostId, TenantId } from '../core/words.ts';

/** Something a tenant has. Two tenants with an equal `key` in an equal `space` share it; `where` is what people are shown. */
export interface Holding {
  /** Where the key counts: a host's name, or nothing for everywhere. */
  readonly space?: HostId;
  readonly key: string;
  readonly where: string;
}

export interface Shared {
  readonly tenants: readonly [TenantId, ...TenantId[]];
  readonly evidence: readonly string[];
}

/** Groups of two or more tenants that hold an equal key. Several keys with the same holders become one group. */
export function sharedBy(tenants: readonly TenantFacts[], holdingsOf: (tenant: TenantFacts) => Iterable<Holding>): readonly Shared[] {
  const holders: Map<TenantId, string>[] = [];
  const spaces = new Map<HostId, Map<string, TenantFacts | Map<TenantId, string>>>();
  for (const tenant of tenants) {
    for (const { space = '', key, where } of holdingsOf(tenant)) {
      const first = spaces.get(space) ?? new Map<string, TenantFacts | Map<TenantId, string>>();
      if (first.size === 0) spaces.set(space, first);
      const before = first.get(key);
      // Nearly every key has one holder: anything made for each of them would cost more than everything else.
      if (before === undefined) first.set(key, tenant);
      else if (before instanceof Map) before.set(tenant.tenant, where);
      else if (before.tenant !== tenant.tenant) {
        const group = new Map([
          [before.tenant, whereOf({ space, key }, holdingsOf(before))],
          [tenant.tenant, where],
        ]);
        first.set(key, group);
        holders.push(group);
      }
    }
  }
  const groups = new Map<string, { readonly tenants: readonly [TenantId, ...TenantId[]]; readonly evidence: Set<string> }>();
  for (const group of holders) {
    const [one, ...rest] = group.keys();
    if (one === undefined) continue;
    const name = [one, ...rest].join('\0');
    const merged = groups.get(name) ?? { tenants: [one, ...rest] as const, evidence: new Set<string>() };
    for (const [tenant, where] of group) merged.evidence.add(`${tenant}: ${where}`);
    groups.set(name, merged);
  }
  return [...groups.values()].map(({ tenants: members, evidence }) => ({ tenants: members, evidence: [...evidence] }));
}

function whereOf(wanted: Omit<Holding, 'where'>, holdings: Iterable<Holding>): string {
  for (const { space = '', key, where } of holdings) if (key === wanted.key && space === wanted.space) return where;
  throw new Error(`a holding was named once and not again: ${wanted.key}`);
}

/** A group as a violation: `acme and globex share <what>`. */
export function sharing(group: Shared, what: string): Violation {
  return { tenants: group.tenants, message: `${names(group.tenants)} share ${what}`, evidence: group.evidence };
}

/** Names of up to four tenants, and how many more there are. */
export function names(tenants: readonly TenantId[]): string {
  if (tenants.length > 4) return `${tenants.slice(0, 3).join(', ')} and ${tenants.length - 3} more`;
  return tenants.length < 2 ? tenants.join('') : `${tenants.slice(0, -1).join(', ')} and ${tenants.at(-1)}`;
}

/** The answer of the first check that asks this of some facts, for all that ask later: facts never change. */
export function remembered<T>(ask: (facts: Facts) => T): (facts: Facts) => T {
  const answers = new WeakMap<Facts, { readonly answer: T }>();
  return (facts) => {
    const found = answers.get(facts) ?? { answer: ask(facts) };
    answers.set(facts, found);
    return found.answer;
  };
}

/**
 * Tenants that have anything of a kind in common with another: nearly none, and only they can have a part of it in common. Many checks join
 * parts of one kind; each then looks at these few.
 */
export function inCommon(holdingsOf: (tenant: TenantFacts, facts: Facts) => Iterable<Holding>): (facts: Facts) => readonly TenantFacts[] {
  return remembered((facts) => {
    const members = new Set(sharedBy(facts.tenants, (tenant) => holdingsOf(tenant, facts)).flatMap(({ tenants }) => tenants));
    return facts.tenants.filter(({ tenant }) => members.has(tenant));
  });
}

const withCommonPaths = inCommon((tenant) => pathsOf(tenant).flatMap((path) => identitiesOf(tenant, path)));

/** Tenants that have the same object in the given role: same real path, same device and inode, or same backing of a mount. */
export function sharedPaths(facts: Facts, role: PathRole): readonly Shared[] {
  return sharedBy(withCommonPaths(facts), (tenant) => pathsOf(tenant, role).flatMap((path) => identitiesOf(tenant, path)));
}

/** Paths of a tenant, all or those in one role; none when they are not known (`needs` has then spoken). */
export function pathsOf(tenant: TenantFacts, role?: PathRole): readonly PathFact[] {
  if (!tenant.paths.known) return [];
  return role === undefined ? tenant.paths.value : tenant.paths.value.filter((path) => path.role === role);
}

/** By what a path is known: its real path, device and inode, and what is mounted behind it. */
export function identitiesOf(tenant: TenantFacts, path: PathFact): readonly Holding[] {
  const where = path.declared === path.real ? path.declared : `${path.declared} is ${path.real}`;
  // Told apart by their form: a path, a device with an inode, a device with a path.
  const ids = [path.folded ?? path.real, path.identity, path.backing].filter((id) => id !== undefined);
  return ids.map((key) => ({ space: tenant.host, key, where }));
}

/** The path itself, then each directory above it, nearest first. */
export function* upwards(path: string): Iterable<string> {
  for (let at = path; at.length > 1; at = parentOf(at)) yield at;
}

/** The directory that a path lies in; empty for one at the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

export interface Crossing {
  readonly inner: { readonly tenant: TenantFacts; readonly path: PathFact };
  readonly outer: { readonly tenant: TenantFacts; readonly path: PathFact };
}

type PlaceOf = (path: PathFact) => string | undefined;

/** Which tenants hold a place of one host. One other owner is enough to say so; the rest of a group is named by the check of its role. */
interface Places {
  readonly one: Map<string, TenantFacts>;
  readonly other: Map<string, TenantFacts>;
  /** Length of the shortest place: what is shorter is nobody's. */
  shortest: number;
}

/** Paths of one tenant that lie at or below a path of another on the same host, by whatever text `placeOf` gives. Of nested outer paths the nearest. */
export function* crossings(facts: Facts, placeOf: PlaceOf): Iterable<Crossing> {
  const hosts = placesByHost(facts, placeOf);
  for (const tenant of facts.tenants) {
    for (const path of pathsOf(tenant)) {
      const outer = ownerOf(hosts.get(tenant.host), tenant, placeOf(path) ?? '', placeOf);
      if (outer !== undefined) yield { inner: { tenant, path }, outer };
    }
  }
}

/** The nearest path of another tenant at or above a place. */
function ownerOf(here: Places | undefined, tenant: TenantFacts, place: string, placeOf: PlaceOf): Crossing['outer'] | undefined {
  if (here === undefined) return undefined;
  for (let above = place; above.length > 1 && above.length >= here.shortest; above = parentOf(above)) {
    const one = here.one.get(above);
    const owner = one === tenant ? here.other.get(above) : one;
    const path = owner === undefined ? undefined : pathsOf(owner).find((candidate) => placeOf(candidate) === above);
    if (owner !== undefined && path !== undefined) return { tenant: owner, path };
  }
  return undefined;
}

/** A path that a tenant names or reaches, as text. */
export interface Reference {
  readonly path: string;
  readonly where: string;
}

export interface Referring {
  readonly tenant: TenantFacts;
  readonly reference: Reference;
}

export interface Reach extends Referring {
  readonly outer: Crossing['outer'];
}

/** References that lie in none of the tenant's own paths: nearly all do. Whose its own paths are besides is told by the checks of paths. */
export function foreign(facts: Facts, referencesOf: (tenant: TenantFacts) => Iterable<Reference>): readonly Referring[] {
  const found: Referring[] = [];
  for (const tenant of facts.tenants) {
    const root = pathsOf(tenant).find(({ role }) => role === 'root')?.real;
    for (const reference of referencesOf(tenant)) {
      if (root !== undefined && isWithin(reference.path, root)) continue;
      if (!pathsOf(tenant).some(({ real }) => isWithin(reference.path, real))) found.push({ tenant, reference });
    }
  }
  return found;
}

/** References that lie at or below a path of another tenant on the same host. */
export function* reaches(facts: Facts, references: readonly Referring[]): Iterable<Reach> {
  if (references.length === 0) return;
  const hosts = placesByHost(facts, ({ real }) => real);
  for (const { tenant, reference } of references) {
    const outer = ownerOf(hosts.get(tenant.host), tenant, reference.path, ({ real }) => real);
    if (outer !== undefined) yield { tenant, reference, outer };
  }
}

/** References that lie above a path of another tenant on the same host. */
export function* spans(facts: Facts, references: readonly Referring[]): Iterable<Reach> {
  const named = new Map<string, Referring[]>();
  for (const referring of references) {
    const key = `${referring.tenant.host} ${referring.reference.path}`;
    const here = named.get(key);
    // Two of a kind are enough: whoever is met has at least one other above it.
    if (here === undefined) named.set(key, [referring]);
    else if (here.length < 2 && here[0]?.tenant !== referring.tenant) here.push(referring);
  }
  if (named.size === 0) return;
  const said = new Set<string>();
  for (const tenant of facts.tenants) {
    for (const path of pathsOf(tenant)) {
      for (const above of upwards(path.real)) {
        const found = above === path.real ? undefined : named.get(`${tenant.host} ${above}`)?.find((one) => one.tenant !== tenant);
        const key = found === undefined ? '' : `${found.tenant.tenant} ${found.reference.path} ${tenant.tenant}`;
        if (found !== undefined && !said.has(key)) yield { ...found, outer: { tenant, path } };
        said.add(key);
      }
    }
  }
}

/** References of one tenant into another, gathered by pair. */
export function* reaching(found: Iterable<Reach>, how: string): Iterable<Violation> {
  const pairs = new Map<string, { readonly tenants: readonly [TenantId, TenantId]; readonly evidence: string[] }>();
  for (const { tenant, reference, outer } of found) {
    const key = `${tenant.tenant}\0${outer.tenant.tenant}`;
    const pair = pairs.get(key) ?? { tenants: [tenant.tenant, outer.tenant.tenant] as const, evidence: [] };
    pairs.set(key, pair);
    pair.evidence.push(`${tenant.tenant}: ${reference.where}`, `${outer.tenant.tenant}: ${outer.path.role} ${outer.path.real}`);
  }
  for (const { tenants, evidence } of pairs.values())
    yield { tenants, message: `${tenants[0]} ${how} ${tenants[1]}`, evidence: [...new Set(evidence)].slice(0, 20) };
}

function placesByHost(facts: Facts, placeOf: PlaceOf): ReadonlyMap<HostId, Places> {
  const hosts = new Map<HostId, Places>();
  for (const tenant of facts.tenants) {
    const here = hosts.get(tenant.host) ?? { one: new Map(), other: new Map(), shortest: Infinity };
    hosts.set(tenant.host, here);
    for (const path of pathsOf(tenant)) {
      const place = placeOf(path);
      if (place === undefined) continue;
      const before = here.one.get(place);
      if (before === undefined) here.one.set(place, tenant);
      else if (before !== tenant && !here.other.has(place)) here.other.set(place, tenant);
      here.shortest = Math.min(here.shortest, place.length);
    }
  }
  return hosts;
}

/** A crossing as a violation. */
export function crossing({ inner, outer }: Crossing, how: string): Violation {
  return {
    tenants: [inner.tenant.tenant, outer.tenant.tenant],
    message: `the ${inner.path.role} of ${inner.tenant.tenant} ${how} the ${outer.path.role} of ${outer.tenant.tenant}`,
    evidence: [
      `${inner.tenant.tenant}: ${inner.path.declared} is ${inner.path.real}`,
      `${outer.tenant.tenant}: ${outer.path.declared} is ${outer.path.real}`,
    ],
  };
}
