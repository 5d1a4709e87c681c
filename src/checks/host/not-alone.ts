/** A tenant that is to be alone on its machine has company there. */
import { defineCheck } from '../../core/check.ts';
import { names } from '../join.ts';

export const check = defineCheck({
  id: 'host.not-alone',
  title: 'A tenant that is to be alone on its machine has company there',
  why: 'The rung host is a machine for one tenant: with a second one on it both share a kernel, its administrators and its disk, whatever the rung is called.',
  fix: 'Place the others on machines of their own (bulkhead place proposes where); or declare isolation: os-user for all of them and name the risk boundary.rung-too-low with an owner and an expiry.',
  how: 'Tenants on the rung host, by the name of their host, against all others that are placed there. That two names are one machine is told by host.same-machine.',
  source: 'the manifest: host and isolation of each tenant',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: [],
  phases: ['desired', 'observed'],
  ofDeclaration: true,
  item: 'machine',
  *judge({ tenants }) {
    if (!tenants.some(({ rung }) => rung === 'host')) return;
    for (const [host, here] of Map.groupBy(tenants, (tenant) => tenant.host)) {
      const alone = here.filter(({ rung }) => rung === 'host');
      const [first] = alone;
      if (first === undefined || here.length < 2) continue;
      const others = here.filter((tenant) => tenant !== first).map(({ tenant }) => tenant);
      yield {
        tenants: [first.tenant, ...others],
        message: `${first.tenant} is to be alone on host ${host}, where ${names(others)} ${others.length === 1 ? 'is' : 'are'} placed too`,
        evidence: here.map(
          ({ tenant, rung, rungDeclared }) => `${tenant}: host: ${host}, isolation: ${rung}${rungDeclared ? '' : ' (asked for by its trust)'}`,
        ),
      };
    }
  },
});
