/** Tenants see the processes of each other. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'os.proc-visible',
  title: 'Tenants see the processes of each other',
  why: 'Command lines, users and times of all processes can be listed; with one user the environment too, and what is in it.',
  fix: 'Use isolation os-user or higher: a process namespace for each tenant. Without it: mount /proc with hidepid=invisible, or ProtectProc=invisible.',
  how: 'Gateways in one process namespace of which one has a /proc without hidepid=2 or 4, is in the group exempt from it, or has the user of the other.',
  source: 'proc(5) (hidepid, gid); openclaw 2026.9.6 docs/help/environment.md (variables hold credentials)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['process', 'surroundings'],
  phases: ['observed'],
  item: 'processes',
  *judge({ tenants }) {
    const open = new Set(tenants.filter(seesAll).map(placeOf));
    const groups = sharedBy(tenants, (tenant) => {
      const place = placeOf(tenant);
      const uid = tenant.process.known ? tenant.process.value?.uid : undefined;
      const where = `process namespace ${place.slice(place.lastIndexOf(' ') + 1)}`;
      return [...(open.has(place) ? [{ key: place, where }] : []), { key: `${place} uid ${uid}`, where: `${where}, uid ${uid}` }];
    });
    for (const group of groups) yield sharing(group, 'a list of processes');
  },
});

function placeOf({ host, process }: TenantFacts): string {
  return `${host} ${process.known ? process.value?.namespaces['pid'] : ''}`;
}

function seesAll({ surroundings, process }: TenantFacts): boolean {
  if (!surroundings.known || surroundings.value === null) return false;
  const { hidepid, procGid } = surroundings.value;
  const groups = process.known && process.value !== null ? [process.value.gid, ...process.value.groups] : [];
  return !['2', '4'].includes(hidepid) || (procGid !== undefined && groups.includes(procGid));
}
