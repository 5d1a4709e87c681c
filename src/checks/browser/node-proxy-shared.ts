/** Two tenants use the browser of one node. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'browser.node-proxy-shared',
  title: 'Two tenants use the browser of one node',
  why: 'The agent of one acts with sessions that the other has logged in on that device.',
  fix: 'One node per tenant, or gateway.nodes.browser.mode off.',
  how: 'Devices in the pairing stores are compared among gateways whose routing to browsers of nodes is not off.',
  source: 'openclaw 2026.9.6 docs/tools/browser/remote.md (node browser proxy), `openclaw config schema` (gateway.nodes.browser)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'pairedNodes'],
  phases: ['observed'],
  item: 'browser-profile',
  *judge(facts) {
    const shared = sharedBy(facts.tenants, ({ settings, pairedNodes }) => {
      if (!settings.known || !pairedNodes.known || settings.value.network.nodeBrowser.value === 'off') return [];
      const { value, from } = settings.value.network.nodeBrowser;
      return pairedNodes.value.map(({ device, name }) => ({ key: device, where: `node ${name ?? device}, browsers ${value} (${from})` }));
    });
    for (const group of shared) yield sharing(group, 'the browser of one node');
  },
});
