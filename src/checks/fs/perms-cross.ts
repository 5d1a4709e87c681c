/** Other users may enter paths of a tenant. */
import { defineCheck } from '../../core/check.ts';
import type { PathRole } from '../../core/facts.ts';
import { pathsOf } from '../join.ts';

export const check = defineCheck({
  id: 'fs.perms-cross',
  title: 'Other users may enter paths of a tenant',
  why: 'Permission bits for group or others open the tree to the neighbour, whatever stands above it today.',
  fix: 'Take the bits away: chmod go-rwx the path; check who owns it.',
  severity: { team: 'info', clients: 'critical', adversarial: 'critical' },
  needs: ['paths', 'user'],
  phases: ['observed'],
  item: 'permissions',
  *judge(facts) {
    const closed = new Set<PathRole>(['config', 'state', 'workspace', 'credentials', 'agent', 'browser']);
    for (const tenant of facts.tenants) {
      const uid = tenant.user.known ? tenant.user.value.uid : undefined;
      const evidence = pathsOf(tenant).flatMap(({ role, real, mode, uid: owner }) => {
        if (!closed.has(role)) return [];
        const open = mode !== undefined && (mode & 0o077) !== 0 ? [`${real} has mode ${mode.toString(8)}`] : [];
        return owner === undefined || owner === 0 || owner === uid ? open : [...open, `${real} belongs to uid ${owner}`];
      });
      if (evidence.length > 0) yield { tenants: [tenant.tenant], message: `paths of ${tenant.tenant} are open to other users`, evidence };
    }
  },
});
