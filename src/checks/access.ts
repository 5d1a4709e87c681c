/** Who may do what to a place, by owner, group and mode. Root is left out: `os.root` speaks of it. */
import type { TenantFacts } from '../core/facts.ts';
import type { OwnedPlace, Way } from '../core/os-facts.ts';
import type { HostId, TenantId } from '../core/words.ts';

export interface Who {
  readonly tenant: TenantId;
  readonly uid: number;
  readonly gids: ReadonlySet<number>;
}

/** Tenants of each host by their numbers, to find the few who may be let in without asking all. */
export type Accounts = ReadonlyMap<string, readonly Who[]>;

const READ = 4;
const WRITE = 2;
const ENTER = 1;

/** By the account and by the running process: either may have more. */
export function accountsOf(tenants: readonly TenantFacts[]): Accounts {
  const index = new Map<string, Who[]>();
  for (const { tenant, host, account, process } of tenants) {
    const running = process.known ? process.value : null;
    const uid = running?.uid ?? (account.known ? account.value.uid : undefined);
    if (uid === undefined || uid === 0) continue;
    const named = account.known ? account.value.groups.map(({ gid }) => gid) : [];
    const gids = new Set([...named, ...(running === null ? [] : [running.gid, ...running.groups])]);
    const who = { tenant, uid, gids };
    for (const key of [`${host} u${uid}`, ...[...gids].map((gid) => `${host} g${gid}`)]) {
      const same = index.get(key);
      if (same === undefined) index.set(key, [who]);
      else same.push(who);
    }
  }
  return index;
}

function may({ uid, gids }: Pick<Who, 'uid' | 'gids'>, place: OwnedPlace, wanted: number): boolean {
  const shift = place.uid === uid ? 6 : gids.has(place.gid) ? 3 : 0;
  return ((place.mode >> shift) & wanted) !== 0;
}

/** Somebody whom no owner and no group knows. */
const STRANGER = { uid: -1, gids: new Set<number>() };

function readsWay(who: Pick<Who, 'uid' | 'gids'>, way: Way): boolean {
  const last = way.at(-1);
  return last !== undefined && may(who, last, READ) && way.slice(0, -1).every((place) => may(who, place, ENTER));
}

/** A directory that keeps names of others (sticky) is changed by its owner only. */
function changes(who: Pick<Who, 'uid' | 'gids'>, place: OwnedPlace): boolean {
  const kept = (place.mode & 0o1000) !== 0 && place.uid !== who.uid;
  return !kept && may(who, place, WRITE);
}

/** Tenants of the host that are let in, or `everyone`. */
export function readersOf(accounts: Accounts, host: HostId, way: Way): readonly TenantId[] | 'everyone' {
  return letIn(accounts, host, way, (who) => readsWay(who, way));
}

export function writersOf(accounts: Accounts, host: HostId, place: OwnedPlace): readonly TenantId[] | 'everyone' {
  return letIn(accounts, host, [place], (who) => changes(who, place));
}

function letIn(accounts: Accounts, host: HostId, way: Way, isLetIn: (who: Pick<Who, 'uid' | 'gids'>) => boolean): readonly TenantId[] | 'everyone' {
  if (isLetIn(STRANGER)) return 'everyone';
  const keys = new Set(way.flatMap(({ uid, gid }) => [`${host} u${uid}`, `${host} g${gid}`]));
  const known = new Set([...keys].flatMap((key) => accounts.get(key) ?? []));
  return [...known].filter(isLetIn).map(({ tenant }) => tenant);
}

/** `/var/log/x (0644, uid 0)`. */
export function shownPlace({ path, mode, uid }: OwnedPlace): string {
  return `${path} (mode ${mode.toString(8)}, uid ${uid})`;
}
