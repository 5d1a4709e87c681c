/** Who of the other tenants, or of everybody, may do what with a tenant's files. Source: acl(5), path_resolution(7). */
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { AccessFact, AccessObject } from '../core/place-facts.ts';
import type { HostId, TenantId } from '../core/words.ts';
import { isWithin } from '../core/path-text.ts';
import { pathsOf, upwards } from './join.ts';

/** Somebody who is not the tenant. */
export interface Stranger {
  readonly uid: number;
  readonly gids: ReadonlySet<number>;
  /** Tenants that run as it; none: a user of the host that is no tenant, or any of them (`uid` -1). */
  readonly tenants: readonly TenantId[];
  readonly name: string;
}

export interface Exposed {
  readonly tenant: TenantFacts;
  readonly uid: number;
  readonly access: AccessFact;
  /** Everybody, the tenants that an object names by uid or group, and foreign owners. */
  readonly strangers: readonly Stranger[];
}

export const READ = 4;
export const WRITE = 2;
export const ENTER = 1;

/** Tenants whose files and user are known, with the strangers worth asking about: few, because nearly every object names only its tenant and root. */
export function* exposed(facts: Facts): Iterable<Exposed> {
  const hosts = indexStrangers(facts);
  for (const tenant of facts.tenants) {
    const uid = tenant.user.known ? tenant.user.value.uid : undefined;
    // Root may do everything, and of a tenant that is root os.root speaks.
    if (!tenant.access.known || uid === undefined || uid === 0) continue;
    const access = tenant.access.value;
    yield { tenant, uid, access, strangers: strangersTo(access, uid, hosts.get(tenant.host)) };
  }
}

interface Index {
  readonly byUid: ReadonlyMap<number, Stranger>;
  readonly byGid: ReadonlyMap<number, readonly Stranger[]>;
}

function indexStrangers({ tenants }: Facts): ReadonlyMap<HostId, Index> {
  const users = new Map<HostId, Map<number, { gids: Set<number>; tenants: TenantId[]; name: string }>>();
  for (const { tenant, host, user, account, process } of tenants) {
    if (!user.known || user.value.uid === undefined) continue;
    const here = users.get(host) ?? new Map<number, { gids: Set<number>; tenants: TenantId[]; name: string }>();
    users.set(host, here);
    const { uid, gid, name } = user.value;
    const running = process.known ? process.value : null;
    const one = here.get(uid) ?? { gids: new Set<number>(), tenants: [], name: `${tenant} (${name})` };
    here.set(uid, one);
    one.tenants.push(tenant);
    const groups = account.known ? account.value.groups.map((one) => one.gid) : [];
    for (const group of [gid, running?.gid, ...(running?.groups ?? []), ...groups]) if (group !== undefined) one.gids.add(group);
  }
  return new Map([...users].map(([host, here]) => [host, indexOf(here)]));
}

function indexOf(users: ReadonlyMap<number, Omit<Stranger, 'uid'>>): Index {
  const byUid = new Map<number, Stranger>();
  const byGid = new Map<number, Stranger[]>();
  for (const [uid, rest] of users) {
    if (uid === 0) continue;
    const stranger = { uid, ...rest };
    byUid.set(uid, stranger);
    for (const gid of stranger.gids) {
      const members = byGid.get(gid);
      if (members === undefined) byGid.set(gid, [stranger]);
      else members.push(stranger);
    }
  }
  return { byUid, byGid };
}

const EVERYBODY: Stranger = { uid: -1, gids: new Set(), tenants: [], name: 'every user of the host' };

function strangersTo({ objects }: AccessFact, own: number, index: Index | undefined): readonly Stranger[] {
  const found = new Map<number, Stranger>();
  const add = (stranger: Stranger | undefined): void => {
    if (stranger !== undefined && stranger.uid !== own) found.set(stranger.uid, stranger);
  };
  for (const { uid, gid, named, inherited } of Object.values(objects)) {
    if (uid !== 0 && uid !== own) add(index?.byUid.get(uid) ?? { uid, gids: new Set(), tenants: [], name: `uid ${uid}` });
    for (const member of index?.byGid.get(gid) ?? []) add(member);
    for (const { to, id } of [...named, ...(inherited?.named ?? [])])
      if (to === 'user') add(index?.byUid.get(id));
      else for (const member of index?.byGid.get(id) ?? []) add(member);
  }
  return [EVERYBODY, ...found.values()];
}

/** What a stranger may do with one object, once it has come so far. Its owner may give itself anything. */
export function bitsFor({ uid, gid, mode, groupBits, named }: AccessObject, stranger: Stranger): number {
  if (stranger.uid === uid) return READ | WRITE | ENTER;
  const user = named.find(({ to, id }) => to === 'user' && id === stranger.uid);
  if (user !== undefined) return user.bits;
  const groups = named.filter(({ to, id }) => to === 'group' && stranger.gids.has(id)).map(({ bits }) => bits);
  if (stranger.gids.has(gid)) groups.push(groupBits);
  return groups.length === 0 ? mode & 7 : groups.reduce((all, bits) => all | bits, 0);
}

/** What a stranger may do with a path: nothing when a directory above it does not let it pass. */
export function bitsAlong({ objects }: AccessFact, path: string, stranger: Stranger): number {
  const object = objects[path];
  if (object === undefined) return 0;
  for (const above of [...upwards(path.slice(0, path.lastIndexOf('/'))), '/']) {
    const directory = objects[above];
    if (directory === undefined || (bitsFor(directory, stranger) & ENTER) === 0) return 0;
  }
  return bitsFor(object, stranger);
}

/** Whether a path holds what is the tenant's: its tree and its closed paths, not what lies above them. */
export function ownPlaces({ tenant, access }: Pick<Exposed, 'tenant' | 'access'>): (path: string) => boolean {
  const all = [...pathsOf(tenant, 'root').map(({ real }) => real), ...access.closed.map(({ path }) => path)];
  const roots = all.filter((path, at) => !all.some((other, index) => index !== at && isWithin(path, other) && (other !== path || index < at)));
  return (path) => roots.some((root) => isWithin(path, root));
}

export function shownBits(bits: number): string {
  return `${bits & READ ? 'r' : '-'}${bits & WRITE ? 'w' : '-'}${bits & ENTER ? 'x' : '-'}`;
}

/** The tenant and those that run as the stranger. */
export function concerned({ tenant }: TenantFacts, stranger: Stranger): readonly [TenantId, ...TenantId[]] {
  return [tenant, ...stranger.tenants];
}
