/** A gateway may use all of the machine. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'os.cgroup-limits-missing',
  title: 'A gateway may use all of the machine',
  why: 'One loop in one tenant takes memory, processors or process numbers from all others.',
  fix: 'Use isolation os-user or higher and set limits in the manifest; then run: bulkhead apply.',
  how: 'The least limit on memory, processes and processors on the way up the control groups of the running gateway (cgroup v1 and v2). Disk space is os.disk-limit-missing.',
  source: 'cgroups(7); systemd.resource-control(5)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['surroundings'],
  phases: ['observed'],
  item: 'limits',
  *judge({ tenants }) {
    for (const { tenant, surroundings } of tenants) {
      if (!surroundings.known || surroundings.value === null) continue;
      const { memoryBytes, pids, cpus } = surroundings.value;
      const missing = [
        ['memory', memoryBytes],
        ['processes', pids],
        ['processors', cpus],
      ].flatMap(([name, limit]) => (limit === null ? [`no limit on ${name}`] : []));
      if (missing.length > 0) yield { tenants: [tenant], message: `the gateway of ${tenant} has ${missing.join(', ')}`, evidence: missing };
    }
  },
});
