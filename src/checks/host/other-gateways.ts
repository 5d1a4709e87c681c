/** A gateway that is no tenant's runs on a machine that is to be one tenant's alone. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';

export const check = defineCheck({
  id: 'host.other-gateways',
  title: 'A gateway that the manifest does not know runs on a machine of one tenant',
  why: 'It shares the machine with a tenant that is to be alone there: somebody else’s agent works beside it, and no attack of this fleet looks at it.',
  fix: 'See whose it is with: bulkhead scan on that machine; move it elsewhere, or take it into the manifest.',
  how: 'Processes that call themselves as OpenClaw’s gateway does, in every container of the machine, without those of the tenants that are placed there and of their process namespaces.',
  source: 'openclaw 2026.9.6 (name of the process); proc(5)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['host.machine', 'process'],
  phases: ['observed'],
  ofDeclaration: true,
  item: 'machine',
  *judge({ tenants, hosts }) {
    const here = Map.groupBy(tenants, ({ host }) => host);
    for (const { host, machine } of hosts) {
      const placed = here.get(host) ?? [];
      const alone = placed.filter(({ rung }) => rung === 'host').map(({ tenant }) => tenant);
      const [one, ...rest] = alone;
      if (one === undefined || !machine.known) continue;
      const own = placed.map(isOwn);
      const others = machine.value.gateways.filter((gateway) => !own.some((owns) => owns(gateway)));
      if (others.length > 0)
        yield {
          tenants: [one, ...rest],
          message: `${others.length === 1 ? 'another gateway runs' : `${others.length} other gateways run`} on ${host}, which is to be the machine of ${one} alone`,
          evidence: others.slice(0, 20).map(({ pid, uid }) => `process ${pid} of user ${uid}`),
        };
    }
  },
});

type Gateway = { readonly pid: number; readonly pidNamespace?: string };

/** A tenant may start a second one within its boundary. */
function isOwn({ process }: TenantFacts): (gateway: Gateway) => boolean {
  const running = process.known ? process.value : null;
  return ({ pid, pidNamespace }) => pid === running?.pid || (pidNamespace !== undefined && pidNamespace === running?.namespaces['pid']);
}
