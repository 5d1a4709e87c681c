/** The gateway runs with less isolation than its rung. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'boundary.rung-not-reached',
  title: 'The gateway runs with less isolation than its rung',
  why: 'Declared is not effective: what counts is the uid, the namespaces and the privileges that the process really has.',
  fix: 'Run: bulkhead apply; if it stays, see what the host lacks: bulkhead hosts check.',
  how: 'Namespaces, capabilities, no_new_privs and groups of the gateway process, read from /proc, are compared with what its rung promises.',
  source: 'proc(5), capabilities(7), namespaces(7)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['process'],
  phases: ['observed'],
  ofDeclaration: true,
  item: 'isolation-rung',
  *judge(facts) {
    for (const { tenant, host, rung, process } of facts.tenants) {
      if (rung === 'profile' || !process.known || process.value === null) continue;
      const kernel = facts.hosts.find((one) => one.host === host)?.kernel;
      const seen = process.value;
      const evidence = ['mnt', 'net', 'pid', 'ipc']
        .filter((name) => kernel?.known === true && seen.namespaces[name] === kernel.value.namespaces[name])
        .map((name) => `${name} namespace is the one of the host`);
      if (!/^0*$/.test(seen.capabilities)) evidence.push(`effective capabilities ${seen.capabilities}`);
      if (!seen.noNewPrivs) evidence.push('may gain privileges (no_new_privs is 0)');
      if (seen.groups.some((group) => group !== seen.gid)) evidence.push(`supplementary groups ${seen.groups.join(', ')}`);
      if (evidence.length > 0) yield { tenants: [tenant], message: `${tenant} is declared ${rung} and does not reach it`, evidence };
    }
  },
});
