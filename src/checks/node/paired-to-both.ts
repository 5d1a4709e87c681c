/** One device is a node of two gateways, or may become one without being asked. */
import { defineCheck } from '../../core/check.ts';
import { covers, isLoopbackNetwork, TENANT_LINKS } from '../networks.ts';
import { sharedBy, sharing } from '../join.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'node.paired-to-both',
  title: 'One device is a node of two gateways',
  why: 'What the agent of one tenant leaves on the device, or reads there, belongs to the other as well.',
  fix: 'Unpair it from one of the two, and keep gateway.nodes.pairing.autoApproveCidrs empty.',
  how: 'Device ids in the pairing stores are compared; networks that are paired without being asked must not hold the loopback or links of tenants.',
  source: 'openclaw 2026.9.6 dist (device_pairing_paired), `openclaw config schema` (gateway.nodes.pairing.autoApproveCidrs)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'pairedNodes'],
  phases: ['observed'],
  item: 'credentials-store',
  *judge(facts) {
    const shared = sharedBy(facts.tenants, ({ pairedNodes }) =>
      (pairedNodes.known ? pairedNodes.value : []).map(({ device, name }) => ({ key: device, where: `node ${name ?? device}` })),
    );
    for (const group of shared) yield sharing(group, 'one paired node');
    for (const { tenant, settings } of settingsOf(facts)) {
      const { value, from } = settings.network.autoApproved;
      const open = value.filter((network) => isLoopbackNetwork(network) || covers(network, TENANT_LINKS));
      if (open.length > 0)
        yield {
          tenants: [tenant.tenant],
          message: `other tenants may pair a node with ${tenant.tenant} unasked`,
          evidence: open.map((network) => `${from}: ${network}`),
        };
    }
  },
});
