/** The names, paths and addresses of one tenant's boundary, all derived from its blueprint. */
import type { Blueprint, Layout, OsUser } from '../../core/blueprint.ts';
import { BulkheadError } from '../../core/error.ts';
import type { OsUserObserved, OsUserRequest } from './observer.ts';

/** First two octets of every link. One /30 per tenant. */
const POOL = '10.213';
export const POOL_NETWORK = `${POOL}.0.0/16`;
/** User ids of tenants: 12000 to 16383, so that four times the id still fits the pool. */
const FIRST_UID = 12_000;
const LAST_UID = 16_383;

export function userOf(blueprint: Blueprint): OsUser {
  if (blueprint.user === undefined) throw new Error(`blueprint of ${blueprint.tenant} has no OS user`);
  return blueprint.user;
}

/** Whether a Docker of its own runs in its boundary: for sandboxes, or for the container that it is. */
export function hasOwnDocker({ sandbox, engine, rootless }: Blueprint): boolean {
  return sandbox !== undefined || (rootless === true && engine === 'docker');
}

/** What tells our users from others': it stands in the comment field of /etc/passwd. */
export function markOf(blueprint: Blueprint, layout: Layout): string {
  return `bulkhead ${layout.stateDir} ${blueprint.tenant}`;
}

/**
 * Where to look for the id of a new user. Tenants planned at once must not pick the same one: port blocks do not overlap, so the start
 * differs within an instance; what its name adds keeps instances apart, which may lease the same ports before either listens.
 */
export function uidsFor(blueprint: Blueprint, layout: Layout): OsUserRequest['uids'] {
  const digits = Number.parseInt(layout.instance.slice('bh'.length) || '0', 16);
  // An odd stride: instances with consecutive names are not neighbours.
  const start = digits * 379 + Math.floor(blueprint.ports.first / 120);
  return { first: FIRST_UID + (start % (LAST_UID - FIRST_UID + 1)), lowest: FIRST_UID, highest: LAST_UID };
}

export function uidOf(observed: OsUserObserved): number {
  return observed.uid;
}

/** useradd gives the user's group the same number when it is free, and a free id is free in both. */
export function gidOf(observed: OsUserObserved): number {
  return observed.user?.gid ?? observed.uid;
}

/** The plan names the id that the user will get, and useradd takes that one or fails. */
export function foreseeUser(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): OsUserObserved {
  if (observed.user !== null) return observed;
  return { ...observed, user: { uid: uidOf(observed), gid: gidOf(observed), mark: markOf(blueprint, layout) } };
}

/** A /30 from the user id: unique while the user exists, the same after every restart, nothing to allocate. */
export function addressesOf(observed: OsUserObserved): { readonly host: string; readonly inside: string } {
  const uid = uidOf(observed);
  if (uid > LAST_UID) throw new BulkheadError('apply', `user id ${uid} is above ${LAST_UID}: no address for it`, 'remove the user and apply again');
  const offset = uid * 4;
  const network = `${POOL}.${offset >> 8}`;
  return { host: `${network}.${(offset & 255) + 1}`, inside: `${network}.${(offset & 255) + 2}` };
}

/** Where root keeps a boundary's own files, outside everything that the tenant can write, and where a reboot leaves them. */
export function boundaryDir(blueprint: Blueprint, layout: Layout): string {
  return `${layout.stateDir}/boundary/${userOf(blueprint).name}`;
}

export function foreign(blueprint: Blueprint, what: string, look: string): BulkheadError {
  return new BulkheadError('apply', `${blueprint.tenant} on ${blueprint.host}: ${what}; nothing was changed`, look);
}
