/** One directory is mounted into two tenants. */
import { defineCheck } from '../../core/check.ts';
import { isWithin } from '../../core/path-text.ts';
import { crossing, crossings, foreign, reaches, spans, type Reference } from '../join.ts';
import type { TenantFacts } from '../../core/facts.ts';

export const check = defineCheck({
  id: 'path.bind-mount',
  title: 'One directory is mounted into two tenants',
  why: 'Different paths with the same directory behind them are shared all the same.',
  fix: 'Mount a directory of its own for each tenant.',
  how: 'What /proc/<pid>/mountinfo of the gateway says lies behind each of its paths and of the mounts below them: device and path within its file system. Mounts that the host made below them since it started count too. What an engine mounts into a container, against the paths of other tenants.',
  source: 'proc_pid_mountinfo(5); docker inspect, podman inspect (Mounts)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['observed'],
  item: 'paths',
  *judge(facts) {
    for (const found of crossings(facts, (path) => path.backing)) {
      const { inner, outer } = found;
      if (!isWithin(inner.path.real, outer.path.real)) yield crossing(found, 'is backed by a mount of');
    }
    const mounted = foreign(facts, mountsOf);
    for (const { tenant, reference, outer } of [...reaches(facts, mounted), ...spans(facts, mounted)]) {
      yield {
        tenants: [tenant.tenant, outer.tenant.tenant],
        message: `the ${outer.path.role} of ${outer.tenant.tenant} is mounted into the container of ${tenant.tenant}`,
        evidence: [reference.where, `${outer.tenant.tenant}: ${outer.path.real}`],
      };
    }
  },
});

function mountsOf({ container }: TenantFacts): readonly Reference[] {
  const { name = '', mounts = [] } = container.known ? (container.value ?? {}) : {};
  return mounts.flatMap(({ source, target, writable }) =>
    source.startsWith('/') ? [{ path: source, where: `container ${name}: ${source} at ${target}, ${writable ? 'writable' : 'read-only'}` }] : [],
  );
}
