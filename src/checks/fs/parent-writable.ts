/** Others may rename a directory above a tenant's. */
import { defineCheck } from '../../core/check.ts';
import type { AccessObject } from '../../core/place-facts.ts';
import { bitsAlong, concerned, ENTER, exposed, ownPlaces, WRITE, type Stranger } from '../exposure.ts';

const STICKY = 0o1000;

export const check = defineCheck({
  id: 'fs.parent-writable',
  title: 'Another user may replace a directory above those of a tenant',
  why: 'Whoever may write a directory may rename what is in it and put something of its own in the place, however closed that was.',
  fix: 'Make every directory above the tenant root-owned and not writable by others: chown root, chmod go-w.',
  how: 'Every directory above a closed path: is it owned or writable by another tenant or by everybody, without the sticky bit, and can they come so far?',
  source: 'path_resolution(7), unlink(2) and rename(2) on sticky directories',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['access', 'user'],
  phases: ['observed'],
  item: 'permissions',
  *judge(facts) {
    for (const one of exposed(facts)) {
      const isOwn = ownPlaces(one);
      const above = Object.entries(one.access.objects).filter(([path, { kind }]) => kind === 'directory' && !isOwn(path));
      for (const stranger of one.strangers) {
        const evidence = above.flatMap(([path, object]) => {
          const bits = bitsAlong(one.access, path, stranger);
          return (bits & WRITE) !== 0 && (bits & ENTER) !== 0 && mayReplace(object, stranger)
            ? [`${path} has mode ${object.mode.toString(8)}, owner ${object.uid}`]
            : [];
        });
        if (evidence.length > 0)
          yield {
            tenants: concerned(one.tenant, stranger),
            message: `a directory above those of ${one.tenant.tenant} can be changed by ${stranger.name}`,
            evidence,
          };
      }
    }
  },
});

/** In a sticky directory only an entry's owner and the directory's owner may rename it. */
function mayReplace({ mode, uid }: AccessObject, stranger: Stranger): boolean {
  return (mode & STICKY) === 0 || stranger.uid === uid;
}
