/** A tenant that is to be alone is on the machine from which the others are administered. */
import { defineCheck } from '../../core/check.ts';
import { names } from '../join.ts';

export const check = defineCheck({
  id: 'host.control-machine',
  title: 'A tenant that is to be alone is on the machine from which the fleet is administered',
  why: 'Keys to the other machines, the manifest and the sources of all secrets lie where Bulkhead runs: an escape there is one into every tenant.',
  fix: 'Run Bulkhead from a machine without tenants, or place the tenant on another host.',
  how: 'Tenants on the rung host that are placed on `local`, while others are placed on other hosts.',
  source: 'the manifest: host of each tenant',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: [],
  phases: ['desired', 'observed'],
  ofDeclaration: true,
  item: 'machine',
  *judge({ tenants }) {
    const [one, ...rest] = tenants.filter(({ host, rung }) => host === 'local' && rung === 'host').map(({ tenant }) => tenant);
    const away = [...new Set(tenants.map(({ host }) => host))].filter((host) => host !== 'local');
    if (one !== undefined && away.length > 0)
      yield {
        tenants: [one, ...rest],
        message: `${names([one, ...rest])} stand on this machine, from which ${names(away)} are administered`,
        evidence: ['host: local'],
      };
  },
});
