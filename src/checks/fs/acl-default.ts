/** What a tenant makes is born open to others. */
import { defineCheck } from '../../core/check.ts';
import type { AccessObject } from '../../core/place-facts.ts';
import { bitsFor, concerned, exposed, ownPlaces, shownBits, type Stranger } from '../exposure.ts';

const SET_GROUP = 0o2000;

export const check = defineCheck({
  id: 'fs.acl-default',
  title: 'New files of a tenant are given to others',
  why: 'A default access control list overrules the umask, and a directory with the set-group bit hands its group on: every file written later is open.',
  fix: 'Run: setfacl -b -k on the directory, and chmod g-s it.',
  how: "Directories of the tenant: default access control lists that name another tenant's user or group or everybody, and set-group bits with a group of another tenant.",
  source: 'acl(5) object creation and default ACLs, inode(7) set-group-ID bit',
  severity: { team: 'info', clients: 'critical', adversarial: 'critical' },
  needs: ['access', 'user'],
  phases: ['observed'],
  item: 'permissions',
  *judge(facts) {
    for (const one of exposed(facts)) {
      const isOwn = ownPlaces(one);
      const own = Object.entries(one.access.objects).filter(
        ([path, { kind, mode, inherited }]) => kind === 'directory' && (inherited !== undefined || (mode & SET_GROUP) !== 0) && isOwn(path),
      );
      for (const stranger of one.strangers) {
        const evidence = own.flatMap(([path, object]) => givenBy(object, stranger).map((how) => `${path} ${how}`));
        if (evidence.length > 0)
          yield { tenants: concerned(one.tenant, stranger), message: `what ${one.tenant.tenant} makes is given to ${stranger.name}`, evidence };
      }
    }
  },
});

function givenBy(object: AccessObject, stranger: Stranger): readonly string[] {
  const { mode, gid, inherited } = object;
  const group = (mode & SET_GROUP) !== 0 && stranger.gids.has(gid) ? [`hands on the group ${gid}`] : [];
  if (inherited === undefined) return group;
  // New files have the tenant as their owner, so that no stranger is.
  const bits = bitsFor({ ...object, ...inherited, uid: -2, mode: inherited.otherBits }, stranger);
  return bits === 0 ? group : [...group, `has a default access control list with ${shownBits(bits)}`];
}
